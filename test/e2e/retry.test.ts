import { describe, expect } from 'vitest';
import { eventsOf } from './events.js';
import { test } from './pqrun.js';
import { sessionOn, untilBlocked, untilSleeping } from './waiting.js';

/** What passes by itself is tried again: each failure provoked on a real server. */

const FAILS_TWICE = `
  CREATE SEQUENCE attempts;
  CREATE FUNCTION fail_twice(code text, message text) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN
    IF nextval('attempts') < 3 THEN RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message; END IF;
    RETURN 1;
  END $$;
  CREATE TABLE done (step text);
`;

describe('a statement that fails', () => {
  test.for([
    '40001',
    '40P01',
    '55P03',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    '08000',
    '08006',
    '08P01',
    'XX000',
  ])('with %s is sent again, and once done it is there once', async (code, { work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({
      '1.sql': `INSERT INTO done SELECT 'a' WHERE fail_twice('${code}', 'tuple concurrently updated') = 1;`,
    });
    const { status, stderr } = await work.pqrun(['1.sql', '--events', 'e.ndjson']);
    expect(stderr).toContain(`tuple concurrently updated (SQLSTATE ${code}); again in`);
    expect(stderr).toContain('2 retries');
    expect(status).toBe(0);
    expect(await database.query('SELECT count(*)::int AS n FROM done')).toEqual([{ n: 1 }]);
    const again = eventsOf(work, 'e.ndjson').filter(({ type }) => type === 'job-retrying');
    expect(again).toMatchObject([{ attempt: 2 }, { attempt: 3 }]);
  });

  test('for good is not sent again', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({ '1.sql': `SELECT fail_twice('23505', 'no');` });
    const { status, stderr } = await work.pqrun(['1.sql']);
    expect(status).toBe(3);
    expect(stderr).not.toContain('again in');
  });

  test('once too often fails, and says how often it was tried', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({
      '1.sql': `SELECT fail_twice('40001', 'no');`,
      '2.sql': `-- pqrun: retries=1\nSELECT fail_twice('40001', 'no');`,
    });
    const none = await work.pqrun(['1.sql', '--retries', '0']);
    expect(none.status).toBe(3);
    expect(none.stderr).not.toContain('again in');
    await database.query('ALTER SEQUENCE attempts RESTART');
    const one = await work.pqrun(['2.sql']);
    expect(one.status).toBe(3);
    expect(one.stderr).toContain('(attempt 2)');
    expect(one.stderr).not.toContain('(attempt 3)');
  });

  test('in a block takes the block along, and what it printed', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({
      '1.sql': `INSERT INTO done VALUES ('before');
        BEGIN;
        INSERT INTO done VALUES ('inside') RETURNING step;
        SELECT fail_twice('40001', 'no');
        COMMIT;
        INSERT INTO done VALUES ('behind');`,
    });
    const { status, stdout } = await work.pqrun(['1.sql', '--csv', '-t']);
    expect(status).toBe(0);
    expect(stdout).toBe('inside\n1\n');
    expect(await database.query('SELECT step FROM done ORDER BY step')).toEqual(
      ['before', 'behind', 'inside'].map((step) => ({ step })),
    );
  });

  test('among many of a chain is where the chain goes on', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    const inserts = (from: number): string =>
      Array.from({ length: 20 }, (_, index) => `INSERT INTO done VALUES ('${from + index}');`).join('\n');
    work.write({
      '1.sql': `-- pqrun: file session\n${inserts(0)}\nSELECT fail_twice('40P01', 'no');\n${inserts(100)}`,
    });
    const { status, stderr } = await work.pqrun(['1.sql']);
    expect(stderr).toContain('1.sql:22');
    expect(status).toBe(0);
    expect(
      await database.query('SELECT count(*)::int AS n, count(DISTINCT step)::int AS steps FROM done'),
    ).toEqual([{ n: 40, steps: 40 }]);
  });

  test('among small ones that go together does not harm the others', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({
      '1.sql': `-- pqrun: split rows=200 size=1\nINSERT INTO done SELECT :lo WHERE :lo <> 77 OR fail_twice('40001', 'no') = 1;`,
    });
    const { status, stderr } = await work.pqrun(['1.sql', '-j', '2']);
    expect(stderr).toContain('2 retries');
    expect(status).toBe(0);
    expect(
      await database.query('SELECT count(*)::int AS n, count(DISTINCT step)::int AS steps FROM done'),
    ).toEqual([{ n: 200, steps: 200 }]);
  });

  test('of a script in one transaction begins the script anew', async ({ work, database }) => {
    await database.query(FAILS_TWICE);
    work.write({ '1.sql': `INSERT INTO done VALUES ('a');\nSELECT fail_twice('40001', 'no');` });
    expect((await work.pqrun(['-1', '1.sql'])).status).toBe(0);
    expect(await database.query('SELECT step FROM done')).toEqual([{ step: 'a' }]);
  });
});

describe('a real', () => {
  test('deadlock is survived', async ({ work, database }) => {
    await database.query('CREATE TABLE a (n int); CREATE TABLE b (n int)');
    const other = await sessionOn(database);
    await other.query("SET deadlock_timeout = '1min'");
    await other.query('BEGIN; LOCK TABLE b');
    work.write({ '1.sql': 'BEGIN; LOCK TABLE a; LOCK TABLE b; INSERT INTO a VALUES (1); COMMIT;' });
    // It looks for a deadlock once: not before the other one is there.
    const running = work.start(['1.sql', '--set', 'deadlock_timeout=2s']);
    await untilBlocked(database);
    await other.query('LOCK TABLE a');
    await other.query('COMMIT');
    const { status, stderr } = await running.finished;
    expect(stderr).toContain('deadlock detected (SQLSTATE 40P01); again in');
    expect(status).toBe(0);
    expect(await database.query('SELECT n FROM a')).toEqual([{ n: 1 }]);
  });

  test('serialization failure is survived', async ({ work, database }) => {
    await database.query('CREATE TABLE a (n int); INSERT INTO a VALUES (1)');
    const other = await sessionOn(database);
    await other.query('BEGIN; UPDATE a SET n = n + 10');
    work.write({
      '1.sql': 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT n FROM a; UPDATE a SET n = n + 100; COMMIT;',
    });
    const running = work.start(['1.sql']);
    await untilBlocked(database);
    await other.query('COMMIT');
    const { status, stderr } = await running.finished;
    expect(stderr).toContain(
      'could not serialize access due to concurrent update (SQLSTATE 40001); again in',
    );
    expect(status).toBe(0);
    expect(await database.query('SELECT n FROM a')).toEqual([{ n: 111 }]);
  });

  test('lock that is held for a while is waited for', async ({ work, database }) => {
    await database.query('CREATE TABLE a (n int)');
    const other = await sessionOn(database);
    await other.query('BEGIN; LOCK TABLE a');
    work.write({ '1.sql': 'INSERT INTO a VALUES (1);' });
    const running = work.start(['1.sql', '--set', 'lock_timeout=50ms']);
    await running.stderrShows('again in');
    await other.query('COMMIT');
    const { status, stderr } = await running.finished;
    expect(stderr).toContain('canceling statement due to lock timeout (SQLSTATE 55P03); again in');
    expect(status).toBe(0);
  });

  test('race of two who change one row of the catalog is survived', async ({ work, database }) => {
    await database.query('CREATE SCHEMA s');
    const other = await sessionOn(database);
    await other.query('BEGIN; GRANT USAGE ON SCHEMA s TO PUBLIC');
    work.write({ '1.sql': 'GRANT CREATE ON SCHEMA s TO PUBLIC;' });
    const running = work.start(['1.sql']);
    await untilBlocked(database);
    await other.query('COMMIT');
    const { status, stderr } = await running.finished;
    expect(stderr).toContain('tuple concurrently updated (SQLSTATE XX000); again in');
    expect(status).toBe(0);
  });

  test('end of the session by an administrator is survived', async ({ work, database }) => {
    await database.query('CREATE TABLE a (n int)');
    work.write({
      '1.sql': `SET work_mem = '5MB';
        INSERT INTO a VALUES (1);
        INSERT INTO a SELECT 2 FROM pg_sleep(0.5);
        SELECT current_setting('work_mem') AS work_mem;`,
    });
    const running = work.start(['1.sql', '--order', 'sequential', '--csv', '-t']);
    await untilSleeping(database);
    await database.query(TERMINATE);
    const { status, stderr, stdout } = await running.finished;
    expect(stderr).toContain('terminating connection due to administrator command (57P01); again in');
    expect(status).toBe(0);
    expect(stdout).toBe('5MB\n');
    expect(await database.query('SELECT n FROM a')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('end of the session is not survived by what only that session had', async ({ work, database }) => {
    work.write({
      '1.sql':
        'CREATE TEMP TABLE a (n int);\nSELECT pg_sleep(0.5) FROM a RIGHT JOIN (SELECT 1) AS b ON true;',
    });
    const running = work.start(['1.sql']);
    await untilSleeping(database);
    await database.query(TERMINATE);
    const { status, stderr } = await running.finished;
    expect(stderr).not.toContain('again in');
    expect(status).toBe(3);
  });

  test('want of connection slots is waited out', async ({ work, database }) => {
    const role = `few_${database.name}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw' CONNECTION LIMIT 2`);
    work.write({ '1.sql': 'SELECT pg_sleep(0.5);' });
    const running = work.start(['1.sql'], { env: { PGUSER: role, PGPASSWORD: 'pw' } });
    await untilSleeping(database);
    await database.query(`ALTER ROLE ${role} CONNECTION LIMIT 1`);
    await database.query(TERMINATE);
    await running.stderrShows('too many connections');
    await database.query(`ALTER ROLE ${role} CONNECTION LIMIT 2`);
    const { status, stderr } = await running.finished;
    expect(stderr).toContain('(53300); again in');
    expect(status).toBe(0);
    await database.query(`DROP ROLE ${role}`);
  });
});

/** Whoever sleeps. */
const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event = 'PgSleep'`;
