import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { TestDatabase } from '../database.js';
import { test } from './pqrun.js';
import { untilSleeping } from './waiting.js';

/** `--journal`: what is done is recorded with it, and the next run goes on behind it. */

async function keys(database: TestDatabase): Promise<readonly unknown[]> {
  return (await database.query('SELECT n FROM t ORDER BY n')).map(({ n }) => n);
}

/** Names and rows of what is recorded. */
async function recorded(database: TestDatabase, schema = 'pqrun'): Promise<readonly string[]> {
  const rows = await database.query(`SELECT name, rows FROM ${schema}.job ORDER BY name`);
  return rows.map(({ name, rows: count }) => `${String(name)} ${String(count)}`);
}

const BROKEN = `CREATE TABLE t (n int);
INSERT INTO t VALUES (1), (2);
BEGIN; INSERT INTO t VALUES (3); COMMIT;
SELECT 1 / (count(*) - 3) FROM t;
INSERT INTO t VALUES (4);
`;

describe('a run that failed', () => {
  test('goes on behind what is done, once it is mended', async ({ work, database }) => {
    work.write({ '1.sql': BROKEN });
    const broken = await work.pqrun(['--journal', '1.sql', '--order', 'sequential']);
    expect(broken.status).toBe(3);
    expect(broken.stderr).toContain('what is done is in the journal, and is not done again');
    expect(await recorded(database)).toEqual(['1.sql:1 0', '1.sql:2 2', '1.sql:3 1']);
    work.write({ '1.sql': `-- mended\n${BROKEN.replace('- 3', '- 2')}` });
    const mended = await work.pqrun(['--journal', '1.sql', '--order', 'sequential']);
    expect(mended.stderr).toContain('run "1.sql" goes on: 3 of 5 statements done before, 2 left');
    expect(mended.status).toBe(0);
    expect(await keys(database)).toEqual([1, 2, 3, 4]);
    const again = await work.pqrun(['--journal', '1.sql']);
    expect(again.stderr).toContain('nothing is left to do');
    expect(again.status).toBe(0);
    expect(await keys(database)).toEqual([1, 2, 3, 4]);
    const [run] = await database.query('SELECT run, status, ended IS NOT NULL AS has_ended FROM pqrun.run');
    expect(run).toEqual({ run: '1.sql', status: 'done', has_ended: true });
  });

  test('with another number of connections has the pieces that it was begun with', async ({
    work,
    database,
  }) => {
    const split = (text: string): string =>
      `CREATE TABLE t (n int);\n-- pqrun: split rows=100\nINSERT INTO t SELECT generate_series(:lo, :hi) ${text};\n`;
    work.write({ '1.sql': split('WHERE 1 / (:lo - 51) IS NOT NULL') });
    expect((await work.pqrun(['--journal', '1.sql', '-j', '2', '-k'])).status).toBe(3);
    expect(await recorded(database)).toEqual(['1.sql:1 0', '1.sql:3 [1/2] 50']);
    await database.query('CREATE FUNCTION zero(int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$');
    const { status } = await work.pqrun(['--journal', '1.sql', '-j', '4', '-k']);
    // The same piece fails again, and no other has come to be.
    expect(status).toBe(3);
    expect((await keys(database)).length).toBe(50);
  });

  test('that has changed under what is done is refused, with the ways on', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\nUPDATE t SET n = n + 1;\n' });
    expect((await work.pqrun(['--journal', '1.sql'])).status).toBe(0);
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (10);\nUPDATE t SET n = n + 1;\n' });
    const refused = await work.pqrun(['--journal', '1.sql']);
    expect(refused.stderr).toContain(
      '1.sql:3 is done, and rests on 1.sql:2, which is new or has changed since',
    );
    expect(refused.stderr).toContain(
      '--restart forgets it and begins anew, --accept-changes does what is new',
    );
    expect(refused.status).toBe(1);
    expect(await keys(database)).toEqual([2]);
    expect((await work.pqrun(['--journal', '1.sql', '--accept-changes'])).status).toBe(0);
    expect(await keys(database)).toEqual([2, 10]);
    await database.query('DROP TABLE t');
    expect((await work.pqrun(['--journal', '1.sql', '--restart'])).status).toBe(0);
    expect(await keys(database)).toEqual([11]);
  });

  test('may get new statements where nothing that is done rests on them', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\n' });
    await work.pqrun(['--journal', '1.sql']);
    work.write({
      '1.sql':
        'CREATE TABLE t (n int);\nCREATE TABLE u (n int);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n',
    });
    const { status } = await work.pqrun(['--journal', '1.sql']);
    expect(status).toBe(0);
    expect(await keys(database)).toEqual([1, 2]);
  });

  test('cannot go on with other transactions', async ({ work }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\n' });
    await work.pqrun(['--journal', '1.sql']);
    const { status, stderr } = await work.pqrun(['--journal', '1.sql', '-1']);
    expect(stderr).toContain('run "1.sql" was begun without --single-transaction');
    expect(status).toBe(1);
  });
});

describe('is recorded', () => {
  test('what cannot be in a transaction, behind it', async ({ work, database }) => {
    work.write({
      '1.sql': 'CREATE TABLE t (n int);\nVACUUM t;\nCREATE INDEX CONCURRENTLY i ON t (n);\nCALL p();',
    });
    await database.query('CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$');
    expect((await work.pqrun(['--journal', '1.sql'])).status).toBe(0);
    expect(await recorded(database)).toEqual(['1.sql:1 0', '1.sql:2 0', '1.sql:3 0', '1.sql:4 0']);
    expect((await work.pqrun(['--journal', '1.sql'])).stderr).toContain('nothing is left to do');
  });

  test('a script that needs its session, as one transaction', async ({ work, database }) => {
    work.write({
      '1.sql': 'CREATE TABLE t (n int);\n',
      '2.sql': `CREATE TEMP TABLE own AS SELECT 1 AS n;
        INSERT INTO t SELECT n FROM own;
        SELECT 1 / (SELECT count(*) FROM pg_class WHERE relname = 'gate');
        INSERT INTO t SELECT n + 1 FROM own;`,
    });
    expect((await work.pqrun(['--journal', '.'])).status).toBe(3);
    expect(await keys(database)).toEqual([]);
    await database.query('CREATE TABLE gate ()');
    expect((await work.pqrun(['--journal', '.'])).status).toBe(0);
    expect(await keys(database)).toEqual([1, 2]);
    expect(await recorded(database)).toEqual(['1.sql:1 0', '2.sql:1 4']);
  });

  test('a script that is read while it runs, as a whole', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nSELECT 7 AS n \\gset\nINSERT INTO t VALUES (:n);\n' });
    expect((await work.pqrun(['--journal', '1.sql'])).status).toBe(0);
    expect((await work.pqrun(['--journal', '1.sql'])).stderr).toContain('nothing is left to do');
    expect(await keys(database)).toEqual([7]);
  });

  test('what runs under another role, what only reads, and COPY', async ({ work, database }) => {
    const role = `guest_${database.name}`;
    await database.query(`CREATE ROLE ${role}; CREATE TABLE t (n int); GRANT ALL ON t TO ${role}`);
    work.write({
      '1.sql': `SET ROLE ${role};\nINSERT INTO t VALUES (1);\nRESET ROLE;\nCOPY t FROM stdin;\n2\n3\n\\.\nBEGIN READ ONLY; SELECT count(*) FROM t; COMMIT;\n`,
    });
    expect((await work.pqrun(['--journal', '1.sql', '-q'])).stderr).toBe('');
    expect(await recorded(database)).toEqual(['1.sql:2 1', '1.sql:4 2', '1.sql:8 1']);
    expect((await work.pqrun(['--journal', '1.sql'])).stderr).toContain('nothing is left to do');
    expect(await keys(database)).toEqual([1, 2, 3]);
    await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('many small ones, each once, however many fail', async ({ work, database }) => {
    work.write({
      '1.sql': 'CREATE TABLE t (n int PRIMARY KEY);',
      '2.sql': `-- pqrun: split rows=500 size=1\nINSERT INTO t SELECT :lo WHERE :lo % 100 <> 0 OR 1 / (SELECT count(*) FROM pg_class WHERE relname = 'gate') = 1;`,
    });
    const first = await work.pqrun(['--journal', '.', '-k', '-j', '2']);
    expect(first.status).toBe(3);
    expect((await keys(database)).length).toBe(495);
    await database.query('CREATE TABLE gate ()');
    const second = await work.pqrun(['--journal', '.', '-k', '-j', '2']);
    expect(second.stderr).toContain('496 of 501 statements done before, 5 left');
    expect(second.status).toBe(0);
    expect((await keys(database)).length).toBe(500);
  });

  test('in a schema of another name, of a run of another name', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE IF NOT EXISTS t (n int);\nINSERT INTO t VALUES (1);\n' });
    const args = ['--journal=What is "done"', '1.sql'];
    for (const run of ['monday', 'tuesday']) {
      const { status, stderr } = await work.pqrun([...args, '--run', run]);
      expect([status, stderr]).toEqual([0, expect.stringContaining('done: 2 jobs') as string]);
    }
    expect(await keys(database)).toEqual([1, 1]);
    const runs = await database.query('SELECT run FROM "What is ""done""".run ORDER BY run');
    expect(runs).toEqual([{ run: 'monday' }, { run: 'tuesday' }]);
  });
});

describe('an index that is built concurrently', () => {
  const INDEX = `CREATE TABLE t (n int);
INSERT INTO t VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "T by n" ON t (n);
`;

  test('and was left half built is dropped and built again', async ({ work, database }) => {
    work.write({ '1.sql': INDEX });
    const first = await work.pqrun(['--journal', '1.sql']);
    expect([first.status, first.stderr]).toEqual([
      3,
      expect.stringContaining('HINT:  it may have left an invalid index') as string,
    ]);
    await database.query('DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)');
    const second = await work.pqrun(['--journal', '1.sql']);
    expect(second.stderr).toContain(
      'index public."T by n" was left half built, and has been dropped: it is built again',
    );
    expect(second.status).toBe(0);
    const valid = await database.query('SELECT indisvalid FROM pg_index WHERE indrelid = $1::regclass', [
      't',
    ]);
    expect(valid).toEqual([{ indisvalid: true }]);
  });

  test('without a name is told of', async ({ work, database }) => {
    work.write({ '1.sql': INDEX.replace('IF NOT EXISTS "T by n"', '') });
    const first = await work.pqrun(['--journal', '1.sql']);
    expect([first.status, first.stderr]).toEqual([3, expect.stringContaining('t_n_idx') as string]);
    await database.query('DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)');
    const { status, stderr } = await work.pqrun(['--journal', '1.sql']);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(
        /index public\.t_n_idx was left half built\n.*DROP INDEX CONCURRENTLY public\.t_n_idx/,
      ) as string,
    ]);
  });
});

describe('another pqrun', () => {
  test('with the same run is told who has it', async ({ work, database }) => {
    work.write({ '1.sql': 'SELECT pg_sleep(5);' });
    const first = work.start(['--journal', '1.sql']);
    await untilSleeping(database);
    const second = await work.pqrun(['--journal', '1.sql']);
    expect(second.stderr).toMatch(
      new RegExp(
        `run "1.sql" is being run by another pqrun on .*, process ${first.process.pid ?? 0}, since `,
      ),
    );
    expect(second.status).toBe(1);
    first.process.kill('SIGINT');
    expect((await first.finished).status).toBe(130);
  });

  test('after one that was killed ends what that has left on the server', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t SELECT 1 FROM pg_sleep(3);\n' });
    const first = work.start(['--journal', '1.sql']);
    await untilSleeping(database);
    first.process.kill('SIGKILL');
    await first.finished;
    const second = work.start(['--journal', '1.sql']);
    await sleep(500);
    const { status, stderr } = await second.finished;
    expect(stderr).toContain(
      'a session of the run before was still at work on the server, and had to be ended',
    );
    expect(stderr).toContain('1 of 2 statements done before, 1 left');
    expect(status).toBe(0);
    expect(await keys(database)).toEqual([1]);
  });
});

test('a commit in doubt is looked up in the journal', async ({ work, database }) => {
  // The deferred trigger sleeps while the statement is being committed.
  await database.query(`CREATE TABLE t (n int);
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`);
  work.write({ '1.sql': 'INSERT INTO t VALUES (1);' });
  const running = work.start(['--journal', '1.sql']);
  await untilSleeping(database);
  await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep'`);
  const { status } = await running.finished;
  expect(status).toBe(0);
  expect(await keys(database)).toEqual([1]);
});

test('who may not make a journal is told what it needs', async ({ work, database }) => {
  const role = `poor_${database.name}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
  work.write({ '1.sql': 'SELECT 1;' });
  const { status, stderr } = await work.pqrun(['--journal', '1.sql'], {
    env: { PGUSER: role, PGPASSWORD: 'pw' },
  });
  expect(stderr).toContain('the journal cannot be made in schema pqrun: permission denied for database');
  expect(stderr).toContain('it needs the right to create a schema in the database, once');
  expect(status).toBe(1);
  await database.query(`DROP ROLE ${role}`);
});

test.for([['--restart'], ['--accept-changes'], ['--run', 'monday']])(
  '%s without a journal is an oversight, and told',
  async (args, { work }) => {
    work.write({ '1.sql': 'SELECT 1;' });
    const { status, stderr } = await work.pqrun(['1.sql', ...args]);
    expect(stderr).toContain(`${args[0] ?? ''} says something about a journal, and there is none`);
    expect(status).toBe(1);
  },
);

test('what does not go with a journal is said', async ({ work }) => {
  work.write({ '1.sql': 'SELECT 1;' });
  for (const option of ['--snapshot', '--auto-split']) {
    const { status, stderr } = await work.pqrun(['--journal', option, '1.sql']);
    expect(stderr).toContain(`--journal does not go with ${option}`);
    expect(status).toBe(1);
  }
});

describe('pqrun journal', () => {
  test('lists runs, shows, exports and forgets them', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1), (2);\n' });
    await work.pqrun(['--journal', '1.sql', '--run', 'monday']);
    const list = await work.pqrun(['journal', 'list']);
    expect(list.stdout).toMatch(/^run +done +of +status +last +host\nmonday +2 +2 +done +\d{4}-/);
    const show = await work.pqrun(['journal', 'show', 'monday']);
    expect(show.stdout).toMatch(
      /^statement +rows +took +ended +attempt +connection\n1\.sql:1 +0 .*\n1\.sql:2 +2 .* 1 +\d+\n$/,
    );
    const json = await work.pqrun(['journal', 'export', 'monday']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { name: '1.sql:1', rows: 0, attempt: 1 },
      { name: '1.sql:2', rows: 2, attempt: 1 },
    ]);
    const csv = await work.pqrun(['journal', 'export', 'monday', '--format', 'csv']);
    expect(csv.stdout.split('\n')[0]).toBe('name,rows,began,ended,ms,attempt,connection,backend,version,key');
    expect((await work.pqrun(['journal', 'forget', 'monday'])).stdout).toBe('run "monday" is forgotten\n');
    expect(await database.query('SELECT FROM pqrun.job')).toEqual([]);
    const again = await work.pqrun(['journal', 'show', 'monday']);
    expect(again.stderr).toContain('there is no run "monday" in the journal');
    expect(again.status).toBe(1);
  });

  test('says what is wrong', async ({ work }) => {
    const none = await work.pqrun(['journal', 'list']);
    expect(none.stderr).toContain('there is no journal in schema pqrun');
    expect(none.status).toBe(1);
    const unknown = await work.pqrun(['journal', 'burn', 'x']);
    expect(unknown.stderr).toContain('pqrun journal knows no “burn”');
    expect(unknown.status).toBe(1);
    const nameless = await work.pqrun(['journal', 'show']);
    expect(nameless.stderr).toContain('needs the name of a run');
    expect(nameless.status).toBe(1);
    const lost = await work.pqrun(['journal', 'list', '-p', '1']);
    expect(lost.status).toBe(2);
  });

  test('does not forget a run that a pqrun works on', async ({ work, database }) => {
    work.write({ '1.sql': 'SELECT pg_sleep(5);' });
    const running = work.start(['--journal', '1.sql']);
    await untilSleeping(database);
    const { status, stderr } = await work.pqrun(['journal', 'forget', '1.sql']);
    expect(stderr).toContain('a pqrun works on run "1.sql"');
    expect(status).toBe(1);
    running.process.kill('SIGINT');
    await running.finished;
  });
});
