import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { backends, type TestDatabase } from '../database.js';
import { eventsOf } from './events.js';
import { test } from './pqrun.js';

/** What a run does to the database, to its connections, and what it leaves behind: nothing. */

const SPLIT =
  'CREATE TABLE t (n bigint);\n-- pqrun: split rows=ROWS\nINSERT INTO t SELECT generate_series(:lo, :hi);\n';

async function count(database: TestDatabase, table = 't'): Promise<number> {
  const [row] = await database.query(`SELECT count(*)::int AS n FROM ${table}`);
  return Number(row?.n);
}

describe('splits', () => {
  for (const [rows, jobs] of [
    [0, 4],
    [1, 8],
    [7, 3],
    [20_003, 7],
  ] as const) {
    test(`of ${rows} rows over ${jobs} connections give every number once`, async ({ work, database }) => {
      work.write({ '1.sql': SPLIT.replace('ROWS', String(rows)) });
      const { status, stderr } = await work.pqrun(['1.sql', '--jobs', String(jobs)]);
      expect(stderr).toContain('done');
      expect(status).toBe(0);
      const [row] = await database.query(
        'SELECT count(*)::int AS n, count(DISTINCT n)::int AS d, min(n)::int AS lo, max(n)::int AS hi FROM t',
      );
      expect(row).toEqual({ n: rows, d: rows, lo: rows === 0 ? null : 1, hi: rows === 0 ? null : rows });
    });
  }

  test('run their pieces at the same time, each on a connection of its own', async ({ work, database }) => {
    // Each piece waits until all four have arrived: one after another they would never end.
    await database.query('CREATE TABLE arrived (pid int, job int)');
    work.write({
      '1.sql': `-- pqrun: split rows=4
        SELECT meet(:job, :jobs);`,
    });
    await database.query(`CREATE EXTENSION dblink; CREATE FUNCTION meet(job int, jobs int) RETURNS int LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM dblink_exec('host=' || host(inet_server_addr()) || ' port=' || inet_server_port() || ' user=${database.env.PGUSER} password=${database.env.PGPASSWORD} dbname=${database.env.PGDATABASE}',
          format('INSERT INTO arrived VALUES (%s, %s)', pg_backend_pid(), job));
        WHILE (SELECT count(*) FROM arrived) < jobs LOOP PERFORM pg_sleep(0.01); END LOOP;
        RETURN job;
      END $$`);
    const { status } = await work.pqrun(['1.sql', '-j', '4']);
    expect(status).toBe(0);
    const [row] = await database.query('SELECT count(DISTINCT pid)::int AS pids FROM arrived');
    expect(row).toEqual({ pids: 4 });
  });
});

describe('sessions', () => {
  test('carry nothing from one script into the next', async ({ work, database }) => {
    work.write({
      '1.sql': `SET search_path = pg_catalog; SET my.flag = 'on'; CREATE TEMP TABLE leak (id int); PREPARE p AS SELECT 1;
        SELECT pg_advisory_lock(42); SET ROLE pg_monitor;`,
      '2.sql': `CREATE TABLE public.seen AS SELECT current_setting('search_path') AS path, current_setting('my.flag', true) AS flag,
        to_regclass('pg_temp.leak')::text AS temp, (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
        (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS locks, current_user = session_user AS self;`,
    });
    const { status, stderr } = await work.pqrun(['1.sql', '2.sql', '-j', '1']);
    expect(stderr).not.toContain('ERROR');
    expect(status).toBe(0);
    expect(await database.query('SELECT * FROM seen')).toEqual([
      { path: '"$user", public', flag: null, temp: null, prepared: 0, locks: 0, self: true },
    ]);
  });

  test('begin with what ALTER DATABASE … SET of an earlier script put in force', async ({
    work,
    database,
  }) => {
    work.write({
      '1.sql': `CREATE SCHEMA app; ALTER DATABASE ${database.name} SET search_path = app;\nCREATE TABLE still_public (id int);`,
      '2.sql': 'CREATE TABLE in_app (id int);',
    });
    const { status } = await work.pqrun(['.', '-j', '2']);
    expect(status).toBe(0);
    const tables = await database.query(
      `SELECT relname, relnamespace::regnamespace::text AS schema FROM pg_class WHERE relkind = 'r' AND relname IN ('still_public', 'in_app') ORDER BY 1`,
    );
    expect(tables).toEqual([
      { relname: 'in_app', schema: 'app' },
      { relname: 'still_public', schema: 'public' },
    ]);
  });

  test('give the pieces of a split the settings of their script', async ({ work, database }) => {
    work.write({
      '1.sql': `CREATE SCHEMA app; SET search_path = app; SET my.factor = '10'; CREATE TABLE t (n int);
        -- pqrun: split rows=6 into=3
        INSERT INTO t SELECT n * current_setting('my.factor')::int FROM generate_series(:lo, :hi) AS n;
        SELECT sum(n) FROM t;`,
    });
    const { status, stdout } = await work.pqrun(['1.sql', '-j', '3']);
    expect(status).toBe(0);
    expect(stdout).toBe(' sum \n-----\n 210\n(1 row)\n\n');
    expect(await count(database, 'app.t')).toBe(6);
  });

  test('keep temporary tables and open a block where psql would', async ({ work, database }) => {
    work.write({
      '1.sql': `CREATE TEMP TABLE stage AS SELECT 1 AS id;\nBEGIN;\nCREATE TABLE kept AS SELECT * FROM stage;\nCOMMIT;\nBEGIN;\nCREATE TABLE lost (id int);`,
    });
    const { status, stderr } = await work.pqrun(['1.sql']);
    expect(status).toBe(0);
    expect(stderr).toContain('inside a transaction block');
    expect(await count(database, 'kept')).toBe(1);
    expect(await database.query(`SELECT to_regclass('lost') AS lost`)).toEqual([{ lost: null }]);
  });

  test('run statements that cannot be in a transaction', async ({ work }) => {
    work.write({
      '1.sql':
        'CREATE TABLE t (n int);\nCREATE INDEX CONCURRENTLY i ON t (n);\nVACUUM t;\nREINDEX TABLE CONCURRENTLY t;',
    });
    expect((await work.pqrun(['1.sql'])).status).toBe(0);
  });

  test('run --init-sql and --exit-sql once on each connection', async ({ work, database }) => {
    await database.query('CREATE TABLE log (what text, pid int)');
    work.write({
      '1.sql': `-- pqrun: split rows=40 into=20\nSELECT pg_sleep(0.02), current_setting('work_mem'), :rows;`,
      '2.sql': `CREATE TABLE mem AS SELECT current_setting('work_mem') AS value;`,
    });
    const { status } = await work.pqrun([
      '1.sql',
      '2.sql',
      '-j',
      '3',
      '-q',
      '--init-sql',
      `SET work_mem = '77MB'; INSERT INTO log SELECT 'init', pg_backend_pid()`,
      '--exit-sql',
      `INSERT INTO log SELECT 'exit', pg_backend_pid()`,
    ]);
    expect(status).toBe(0);
    const log = await database.query(
      'SELECT what, count(*)::int AS n, count(DISTINCT pid)::int AS pids FROM log GROUP BY 1 ORDER BY 1',
    );
    expect(log).toEqual([
      { what: 'exit', n: 3, pids: 3 },
      { what: 'init', n: 3, pids: 3 },
    ]);
    expect(await database.query('SELECT value FROM mem')).toEqual([{ value: '77MB' }]);
  });

  test('have the settings of --set, and make commits durable together', async ({ work, database }) => {
    await database.query(`ALTER DATABASE ${database.name} SET synchronous_commit = on`);
    work.write({
      '1.sql': `SELECT current_setting('work_mem') AS mem, current_setting('synchronous_commit') AS sync`,
    });
    const async_ = await work.pqrun(['1.sql', '--set', 'work_mem=5MB']);
    expect(async_.stdout).toContain(' 5MB | off');
    const sync = await work.pqrun(['1.sql', '--synchronous-commit']);
    expect(sync.stdout).toContain('| on');
  });
});

describe('failures', () => {
  const script =
    'CREATE TABLE before (id int);\nINSERT INTO before\n  VALUES (1 / 0);\nCREATE TABLE behind (id int);\n';

  test('stop the run, and are told as psql would', async ({ work, database }) => {
    work.write({ '1.sql': script, '2.sql': 'SELECT nope FROM pg_class' });
    const { status, stderr } = await work.pqrun(['1.sql', '2.sql', '--order', 'sequential']);
    expect(status).toBe(3);
    expect(stderr).toContain('1.sql:2:1: ERROR:  division by zero (SQLSTATE 22012)');
    expect(stderr).not.toContain('nope');
    expect(
      await database.query(
        `SELECT to_regclass('before') IS NOT NULL AS before, to_regclass('behind') AS behind`,
      ),
    ).toEqual([{ before: true, behind: null }]);
  });

  test('point at the very place, also behind variables', async ({ work }) => {
    work.write({ '1.sql': `SELECT :'long', 1;\n\n  SELECT :'long' AS ü,\n    missing FROM pg_class;\n` });
    const { stderr, status } = await work.pqrun(['1.sql', '-v', `long=${'x'.repeat(50)}`]);
    expect(status).toBe(3);
    expect(stderr).toContain('1.sql:4:5: ERROR:  column "missing" does not exist (SQLSTATE 42703)');
    expect(stderr).toMatch(/LINE 2: {5}missing FROM pg_class\n {12}\^/);
  });

  test('with -k go on behind the failure, and inside a block as psql does', async ({ work, database }) => {
    work.write({
      '1.sql': `${script}BEGIN;\nCREATE TABLE undone (id int);\nSELECT 1 / 0;\nSELECT 2;\nCOMMIT;\nCREATE TABLE last (id int);\n`,
    });
    const { status, stderr } = await work.pqrun(['1.sql', '-k']);
    expect(status).toBe(3);
    expect(stderr.match(/division by zero/g)?.length).toBeGreaterThanOrEqual(2);
    expect(stderr).not.toContain('current transaction is aborted');
    const [row] = await database.query(
      `SELECT to_regclass('behind')::text AS behind, to_regclass('undone')::text AS undone, to_regclass('last')::text AS last`,
    );
    expect(row).toEqual({ behind: 'behind', undone: null, last: 'last' });
  });

  test('of one piece name the piece, and leave what the others did', async ({ work, database }) => {
    work.write({
      '1.sql':
        'CREATE TABLE t (n int CHECK (n <> 15));\n-- pqrun: split rows=30 into=3\nINSERT INTO t SELECT generate_series(:lo, :hi) FROM pg_sleep(0.5);\nCREATE TABLE behind (id int);',
    });
    const { status, stderr } = await work.pqrun(['1.sql', '-j', '3', '--order', 'sequential']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/piece 2 of 3/);
    expect(await count(database)).toBe(20);
    expect(await database.query(`SELECT to_regclass('behind') AS behind`)).toEqual([{ behind: null }]);
  });

  test('roll a --single-transaction script back as a whole', async ({ work, database }) => {
    work.write({ '1.sql': 'CREATE TABLE ok (id int);', '2.sql': script });
    const { status } = await work.pqrun(['1.sql', '2.sql', '-1', '--order', 'sequential']);
    expect(status).toBe(3);
    expect(
      await database.query(`SELECT to_regclass('ok')::text AS ok, to_regclass('before') AS before`),
    ).toEqual([{ ok: 'ok', before: null }]);
  });

  test('of timeout= are the server’s, and only for that statement', async ({ work }) => {
    work.write({
      '1.sql': `-- pqrun: timeout=100ms\nSELECT pg_sleep(30);`,
      '2.sql': `-- pqrun: timeout=20s\nSELECT 1;\nSELECT current_setting('statement_timeout') AS timeout`,
    });
    const cut = await work.pqrun(['1.sql']);
    expect(cut.status).toBe(3);
    expect(cut.stderr).toContain('canceling statement due to statement timeout');
    expect((await work.pqrun(['2.sql'])).stdout).toContain(' timeout \n---------\n 0\n');
  });

  test('of the server in mid-run are one clear sentence', async ({ work, database }) => {
    work.write({ '1.sql': 'SELECT pg_sleep(60);', '2.sql': 'SELECT 1;' });
    const running = work.start(['1.sql', '2.sql', '--events', 'e.ndjson', '-j', '1', '--retries', '0']);
    await sleeping(database);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const { status, stderr } = await running.finished;
    expect(status).toBe(3);
    expect(stderr).toContain(
      'the server ended the connection: terminating connection due to administrator command',
    );
    expect(stderr).not.toContain('at file:');
  });
});

/** Resolves when a statement with pg_sleep runs in the database. */
async function sleeping(database: TestDatabase): Promise<void> {
  for (;;) {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('stopping', () => {
  for (const [signal, wanted] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} cancels on the server, sums up, leaves no backend`, async ({ work, database }) => {
      work.write({
        '1.sql': '-- pqrun: split rows=3\nSELECT pg_sleep(60), :job;\n',
        '2.sql': 'CREATE TABLE behind (id int);',
      });
      const running = work.start(['.', '-j', '3']);
      await sleeping(database);
      running.process.kill(signal);
      const { status, stderr } = await running.finished;
      expect(status).toBe(wanted);
      expect(stderr).toContain('interrupted');
      expect(await backends(database.name)).toEqual([]);
      expect(await database.query(`SELECT to_regclass('behind') AS behind`)).toEqual([{ behind: null }]);
    });
  }

  test('a second signal ends at once', async ({ work, database }) => {
    // A held lock makes the cancelled statement's exit-sql wait; the second signal does not.
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(1)');
    work.write({ '1.sql': 'SELECT pg_sleep(60);' });
    const running = work.start(['1.sql', '--exit-sql', 'SELECT pg_advisory_lock(1)']);
    await sleeping(database);
    running.process.kill('SIGINT');
    await running.stderrShows('cancel');
    running.process.kill('SIGINT');
    expect((await running.finished).status).toBe(130);
    await holder.end();
  });
});

describe('results', () => {
  test('come in the written order on standard output, the rest on standard error', async ({ work }) => {
    work.write({ '1.sql': `SELECT 'tardy' AS a FROM pg_sleep(0.3);`, '2.sql': `SELECT 'fast' AS b;` });
    const { stdout, stderr, status } = await work.pqrun(['.', '-j', '2', '--order', 'none']);
    expect(status).toBe(0);
    expect(stdout).toBe('   a   \n-------\n tardy\n(1 row)\n\n  b   \n------\n fast\n(1 row)\n\n');
    expect(stderr).not.toContain('tardy');
  });

  test('of -c, standard input and a list of files', async ({ work }) => {
    work.write({ 'a b/x.sql': 'SELECT 3 AS three', 'list.txt': '# scripts\n\na b/x.sql\n' });
    const { stdout, status } = await work.pqrun(
      ['-q', '-c', 'SELECT 1 AS one', '--files-from', 'list.txt', '-'],
      { stdin: 'SELECT 2 AS two' },
    );
    expect(status).toBe(0);
    for (const name of ['one', 'two', 'three']) expect(stdout).toContain(name);
  });

  test('end quietly when nobody reads on', async ({ work }) => {
    work.write({ '1.sql': `SELECT repeat('x', 1000) FROM generate_series(1, 50000)`, '2.sql': 'SELECT 1' });
    const running = work.start(['.', '-q']);
    running.process.stdout?.destroy();
    const { status, stderr } = await running.finished;
    expect(stderr).toBe('');
    expect(status).toBe(141);
  });
});

describe('what is seen', () => {
  test('events are NDJSON in order: run-started first, run-finished last, every job once', async ({
    work,
  }) => {
    work.write({
      '1.sql': SPLIT.replace('ROWS', '30'),
      '2.sql': "DO $$ BEGIN RAISE NOTICE 'hello'; END $$; SELECT 1",
    });
    const { stderr } = await work.pqrun(['.', '-j', '3', '--events', 'e.ndjson']);
    const events = eventsOf(work, 'e.ndjson');
    expect(events[0]).toMatchObject({ type: 'run-started', at: 0, connections: 3 });
    expect(events[0]).not.toHaveProperty('password');
    expect(events.at(-1)).toMatchObject({
      type: 'run-finished',
      status: 'done',
      done: 6,
      failed: 0,
      skipped: 0,
    });
    const finished = events.flatMap((event) => (event.type === 'job-finished' ? [event.job] : []));
    expect(new Set(finished).size).toBe(finished.length);
    expect(events.filter((event) => event.type === 'statement-finished')).toHaveLength(6);
    expect(stderr).toContain('hello');
    expect(stderr).toContain('30 rows');
  });

  test('-q prints results and failures only', async ({ work }) => {
    work.write({ '1.sql': 'SELECT 1 AS one' });
    expect((await work.pqrun(['1.sql', '-q'])).stderr).toBe('');
    work.write({ '1.sql': 'SELECT 1 / 0' });
    expect((await work.pqrun(['1.sql', '-q'])).stderr).toContain('division by zero');
  });

  test('no colours and no bars in a pipe; colours when forced', async ({ work }) => {
    work.write({ '1.sql': 'SELECT 1 / 0' });
    const plain = await work.pqrun(['1.sql']);
    expect(plain.stderr).not.toContain('\u001b');
    const forced = await work.pqrun(['1.sql'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stderr).toContain('\u001b[');
  });

  test('the job in pg_stat_activity, by its name', async ({ work, database }) => {
    work.write({ 'load.sql': 'SELECT pg_sleep(60);' });
    const running = work.start(['load.sql']);
    await sleeping(database);
    const names = (await backends(database.name)).map((backend) => backend.application);
    expect(names).toContain('pqrun: load.sql:1');
    running.process.kill('SIGINT');
    await running.finished;
  });
});

test('a manifest gives variables, defaults and stages; the command line overrides them', async ({
  work,
  database,
}) => {
  work.write({
    'build/pqrun.yaml': `variables: { total: 12 }
defaults: { jobs: 3, order: stages, set: { work_mem: 7MB } }
stages:
  - files: schema.sql
  - files: load/*.sql
    order: none
  - files: check.sql
`,
    'build/schema.sql': 'CREATE TABLE t (n int);',
    'build/load/a.sql':
      '-- pqrun: split rows=:total\nINSERT INTO t SELECT generate_series(:lo, :hi);\nINSERT INTO t VALUES (100);',
    'build/load/b.sql': 'INSERT INTO t VALUES (200);',
    'build/check.sql': `SELECT count(*) AS n, current_setting('work_mem') AS mem FROM t;`,
  });
  const asWritten = await work.pqrun(['build', '--events', 'e.ndjson']);
  expect(asWritten.stdout).toContain(' 14 | 7MB');
  const events = eventsOf(work, 'e.ndjson');
  expect(events[0]).toMatchObject({ connections: 3 });
  // In the stage of order none nothing waits within its stage: its four jobs and b.sql's one are five.
  const plan = JSON.parse((await work.pqrun(['plan', 'build', '--format', 'json'])).stdout) as {
    readonly jobs: readonly { readonly name: string }[];
    readonly edges: readonly { readonly from: number; readonly to: number }[];
  };
  const load = new Set(plan.jobs.flatMap(({ name }, id) => (name.includes('load/') ? [id] : [])));
  expect(load.size).toBe(5);
  expect(plan.edges.filter(({ from, to }) => load.has(from) && load.has(to))).toEqual([]);

  await database.query('DROP TABLE t');
  const overridden = await work.pqrun([
    'build',
    '-v',
    'total=2',
    '-j',
    '2',
    '--set',
    'work_mem=9MB',
    '--events',
    'e.ndjson',
  ]);
  expect(overridden.stdout).toContain(' 4 | 9MB');
  expect(eventsOf(work, 'e.ndjson')[0]).toMatchObject({ connections: 2 });
});

test('too few connection slots: as many as there are, and says so', async ({ work, database }) => {
  const role = `limited_${database.name}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw' CONNECTION LIMIT 4`);
  work.write({ '1.sql': '-- pqrun: split rows=8\nSELECT :job;' });
  const { status, stderr } = await work.pqrun(['1.sql', '-j', '8'], {
    env: { PGUSER: role, PGPASSWORD: 'pw' },
  });
  expect(stderr).toContain('only 3 of the 8');
  expect(status).toBe(0);
  await database.query(`DROP ROLE ${role}`);
});

/** A statement that ends once a backend is as the condition says. */
function waitUntil(condition: string): string {
  return `DO $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${condition}) LOOP
      PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
    END LOOP;
  END $$;`;
}

test('a connection that broke while it was idle is renewed by its next job', async ({ work }) => {
  work.write({
    'a.sql': waitUntil("application_name = 'pqrun: killed'"),
    'b.sql': `-- pqrun: file session
      -- pqrun: label=killed
      ${waitUntil("application_name LIKE 'pqrun: a.sql%' AND state = 'idle' AND query LIKE 'DO%'")}
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pqrun: a.sql%';`,
    'c.sql': '-- pqrun: after=killed\nSELECT pg_sleep(0.2);\n-- pqrun: after=killed\nSELECT pg_sleep(0.2);',
  });
  const { status, stderr } = await work.pqrun(['.', '-j', '2', '--order', 'none', '--events', 'e.ndjson']);
  expect(stderr).not.toContain('ERROR');
  expect(status).toBe(0);
  const events = eventsOf(work, 'e.ndjson');
  expect(events.filter((event) => event.type === 'connection-lost')).toHaveLength(1);
  expect(events.filter((event) => event.type === 'connection-opened')).toHaveLength(3);
});

test('Ctrl-C before anything runs ends at once', async ({ work }) => {
  // A server that accepts and never answers.
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const reached = new Promise((seen) => silent.once('connection', seen));
  const { port } = silent.address() as AddressInfo;
  const running = work.start(['-c', 'SELECT 1'], { env: { PGPORT: String(port) } });
  await reached;
  running.process.kill('SIGINT');
  expect((await running.finished).status).toBe(130);
  silent.close();
});

test('leaves no backend behind', async ({ work, database }) => {
  work.write({ '1.sql': SPLIT.replace('ROWS', '100') });
  await work.pqrun(['1.sql', '-j', '5']);
  expect(await backends(database.name)).toEqual([]);
});
