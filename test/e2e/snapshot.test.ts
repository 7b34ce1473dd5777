import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { backends, type TestDatabase } from '../database.js';
import { startDebianServer } from '../debian-server.js';
import { test } from './pqrun.js';

/** `--snapshot`: all jobs of a run read the same moment, whatever others commit meanwhile. */

const PLAIN = ['-q', '-A', '-t'];

/** Commits a pair of rows, one in each table, again and again until it is stopped. */
async function startWriter(database: TestDatabase): Promise<{ stop(): Promise<number> }> {
  await database.query('CREATE TABLE a (n int); CREATE TABLE b (n int)');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const stopping = new AbortController();
  const writing = (async () => {
    let pairs = 0;
    for (; !stopping.signal.aborted; pairs++)
      await client.query(`BEGIN; INSERT INTO a VALUES (${pairs}); INSERT INTO b VALUES (${pairs}); COMMIT`);
    return pairs;
  })();
  return {
    stop: async () => {
      stopping.abort();
      const pairs = await writing;
      await client.end();
      return pairs;
    },
  };
}

const COUNTS = Array.from(
  { length: 50 },
  (_, n) => `SELECT count(*) FROM ${n % 2 === 0 ? 'a' : 'b'}, pg_sleep(0.02);\n`,
).join('');

/** Holds a lock that a job waits for. */
async function lockHolder(database: TestDatabase): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock(1)');
  return holder;
}

async function until(database: TestDatabase, condition: string): Promise<void> {
  for (;;) {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run', () => {
  test('sees the same counts in every job, while another session writes', async ({ work, database }) => {
    const writer = await startWriter(database);
    work.write({ 'q.sql': COUNTS });
    const args = ['q.sql', ...PLAIN, '--order', 'none', '-j', '4'];
    const without = await work.pqrun(args);
    const with_ = await work.pqrun([...args, '--snapshot']);
    const pairs = await writer.stop();
    const countsOf = (stdout: string): ReadonlySet<string> => new Set(stdout.trim().split('\n'));
    expect([without.status, with_.status]).toEqual([0, 0]);
    expect(countsOf(without.stdout).size).toBeGreaterThan(1);
    const [seen, ...others] = countsOf(with_.stdout);
    expect(others).toEqual([]);
    expect(with_.stdout.trim().split('\n')).toHaveLength(50);
    expect(pairs).toBeGreaterThan(Number(seen));
    expect(await backends(database.name)).toEqual([]);
  });

  test('sees it in chains, splits and scripts that are read while they run', async ({ work, database }) => {
    const writer = await startWriter(database);
    work.write({
      '1.sql': 'SELECT count(*) FROM a;\nSELECT count(*) FROM b, pg_sleep(0.05);\n',
      '2.sql': '-- pqrun: split rows=3\nSELECT count(*) FROM b WHERE :rows > 0;\n',
      '3.sql':
        'SELECT pg_sleep(0.05) AS x, count(*) AS n FROM a \\gset\n\\echo :n\nSELECT count(*) FROM b;\n',
    });
    const { status, stdout } = await work.pqrun(['.', ...PLAIN, '-j', '3', '--snapshot']);
    await writer.stop();
    expect(status).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.replace('|', ''));
    expect(lines).toHaveLength(7);
    expect(new Set(lines).size).toBe(1);
  });

  test('keeps its isolation level, whatever settings say', async ({ work, database }) => {
    await database.query(
      `ALTER DATABASE ${database.name} SET default_transaction_isolation = 'read committed';
       ALTER DATABASE ${database.name} SET idle_in_transaction_session_timeout = '100ms'`,
    );
    const level = "SELECT current_setting('transaction_isolation');\n";
    work.write({
      '1.sql': `${level}SELECT 1 FROM pg_sleep(0.4);\nSET default_transaction_isolation = 'read committed';\n-- pqrun: split rows=2\n${level.replace(';', ' WHERE :rows > 0;')}`,
      '2.sql': level,
    });
    const args = ['1.sql', '2.sql', ...PLAIN, '--set', 'default_transaction_isolation=serializable'];
    const { status, stdout } = await work.pqrun([...args, '--snapshot', '-j', '2']);
    expect(status).toBe(0);
    const other = 'repeatable read';
    expect(stdout.trim().split('\n')).toEqual([other, '1', other, other, other]);
  });

  test('writes, job by job, and sees only what its own job wrote', async ({ work, database }) => {
    work.write({
      '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\nSELECT count(*) FROM t;',
      '2.sql': 'SELECT count(*) FROM t;',
    });
    const { status, stdout } = await work.pqrun(['.', ...PLAIN, '--snapshot', '--order', 'sequential']);
    expect([status, stdout]).toEqual([0, '1\n0\n']);
    expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 1 }]);
  });
});

test('a standby can be read, with a snapshot and without', async ({ work }) => {
  const standby = await startDebianServer('standby');
  try {
    work.write({ 'q.sql': "SELECT pg_is_in_recovery(), current_setting('transaction_isolation');\n" });
    for (const [args, level] of [
      [[], 'read committed'],
      [['--snapshot'], 'repeatable read'],
    ] as const) {
      const { status, stdout } = await work.pqrun(['q.sql', ...PLAIN, ...args], { env: standby.env });
      expect([status, stdout]).toEqual([0, `t|${level}\n`]);
    }
  } finally {
    await standby.stop();
  }
});

describe('small queries', () => {
  test('go in batches, each a transaction that fails alone', async ({ work, database }) => {
    await database.query('CREATE TABLE t (n int PRIMARY KEY, x xid8 DEFAULT pg_current_xact_id())');
    const statements = Array.from({ length: 600 }, (_, n) =>
      n % 2 === 0
        ? "SELECT current_setting('transaction_isolation'), count(*) FROM t;\n"
        : `INSERT INTO t (n) VALUES (${n === 351 ? 1 : n});\n`,
    );
    work.write({ 'q.sql': statements.join('') });
    for (const encoding of ['UTF8', 'LATIN1']) {
      await database.query('TRUNCATE t');
      const args = ['q.sql', ...PLAIN, '--order', 'none', '-j', '1', '-k', '--snapshot'];
      const { status, stdout, stderr } = await work.pqrun(args, { env: { PGCLIENTENCODING: encoding } });
      expect(status).toBe(3);
      expect(stdout).toBe('repeatable read|0\n'.repeat(300));
      expect(stderr).toContain('q.sql:352:1: ERROR:  duplicate key');
      expect(
        await database.query('SELECT count(*)::int AS rows, count(DISTINCT x)::int AS transactions FROM t'),
      ).toEqual([{ rows: 299, transactions: 299 }]);
    }
  });

  test('say what has become of the snapshot', async ({ work, database }) => {
    const holder = await lockHolder(database);
    // Not pg_advisory_lock(), which ties the script to one session.
    const wait = 'SELECT pg_advisory_xact_lock(1);\n';
    work.write({ 'q.sql': `${'SELECT 1;\n'.repeat(200)}${wait}${'SELECT 2;\n'.repeat(200)}` });
    const running = work.start(['q.sql', ...PLAIN, '--order', 'none', '-j', '1', '-k', '--snapshot']);
    await until(database, "wait_event = 'advisory'");
    await endSnapshot(database);
    await holder.end();
    const { status, stderr } = await running.finished;
    expect(status).toBe(3);
    expect(stderr).toMatch(/q\.sql:\d+:1: error: the snapshot of the run is gone/);
    expect(stderr).not.toContain('ERROR:');
  });
});

async function endSnapshot(database: TestDatabase): Promise<void> {
  await database.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'pqrun: snapshot' AND state = 'idle in transaction'`,
  );
}

describe('what goes wrong', () => {
  test('a lost snapshot fails the jobs that begin after it, and is named as their cause', async ({
    work,
    database,
  }) => {
    const holder = await lockHolder(database);
    const args = ['-c', 'SELECT pg_advisory_lock(1)', '-c', 'SELECT 2', '-c', 'SELECT 3 AS x \\gset', '-k'];
    // Over a second connection SELECT 2 could be done before the snapshot is lost.
    const running = work.start([...args, ...PLAIN, '-j', '1', '--snapshot']);
    await until(database, "wait_event = 'advisory'");
    await endSnapshot(database);
    await holder.end();
    const { status, stderr } = await running.finished;
    expect(status).toBe(3);
    for (const script of ['-c #2', '-c #3'])
      expect(stderr).toContain(`${script}:1:1: error: the snapshot of the run is gone`);
    expect(stderr).toContain('was lost: terminating connection due to administrator command');
    expect(stderr).not.toContain('-c #1:');
  });

  test('a script that ends its transaction in a way that only its run shows', async ({ work, database }) => {
    for (const text of ['COMMIT', 'SELECT 7; COMMIT', 'COMMIT AND CHAIN']) {
      work.write({
        'q.sql': `\\set ON_ERROR_STOP off\nSELECT '${text}' \\gexec\nCREATE TABLE behind (n int);\n`,
      });
      const { status, stderr } = await work.pqrun(['q.sql', ...PLAIN, '-k', '--snapshot']);
      expect([text, status]).toEqual([text, 3]);
      expect(stderr).toContain(
        'q.sql:2:1: error: a script cannot begin or end transactions under --snapshot',
      );
      expect(await database.query("SELECT to_regclass('behind') AS behind")).toEqual([{ behind: null }]);
    }
  });

  test('what cannot be in a transaction is refused before anything runs', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE t (n int);', '2.sql': 'SELECT 1;\nVACUUM;\nBEGIN;' });
    const { status, stderr } = await work.pqrun(['.', '--snapshot']);
    expect(status).toBe(1);
    expect(stderr).toContain('2.sql:2:1: error: this statement cannot run inside a transaction');
    expect(stderr).toContain('2.sql:3:1: error: a script cannot begin or end transactions');
    expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test('a server that gives no snapshot: nothing is run', async ({ work, database }) => {
    const role = `test_${randomBytes(6).toString('hex')}`;
    await database.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC`,
    );
    try {
      const env = { PGUSER: role, PGPASSWORD: 'x' };
      const { status, stdout, stderr } = await work.pqrun(['-c', 'SELECT 1', '--snapshot'], { env });
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('error: --snapshot: the server gives no snapshot: permission denied');
      expect(await backends(database.name)).toEqual([]);
    } finally {
      await database.query(`DROP ROLE ${role}`);
    }
  });

  for (const [args, wanted] of [
    [['SELECT pg_advisory_lock(1)'], 130],
    [['SELECT 1/0'], 3],
  ] as const) {
    test(`${args[0]}: no backend is left`, async ({ work, database }) => {
      const holder = await lockHolder(database);
      const running = work.start(['-c', args[0], '-c', 'SELECT 2', '--snapshot', '-q']);
      if (wanted === 130) {
        await until(database, "wait_event = 'advisory'");
        running.process.kill('SIGINT');
      }
      expect((await running.finished).status).toBe(wanted);
      await holder.end();
      const left = (await backends(database.name)).filter(({ application }) =>
        application.startsWith('pqrun'),
      );
      expect(left).toEqual([]);
    });
  }
});
