import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startPgBouncer, type PgBouncer } from '../pgbouncer.js';
import { test as base } from './pqrun.js';

/** A pooler before the server: one that keeps sessions is as good as the server, any other is refused before anything is run. */

const test = base.extend<{ through: (settings: Readonly<Record<string, string>>) => Promise<PgBouncer> }>({
  through: async ({ database }, use) => {
    const started: PgBouncer[] = [];
    try {
      await use(async (settings) => {
        const pooler = await startPgBouncer(database, settings);
        started.push(pooler);
        return pooler;
      });
    } finally {
      for (const pooler of started) await pooler.stop();
    }
  },
});

const IGNORED = { ignore_startup_parameters: 'options,extra_float_digits' };
const TABLE = { '1.sql': 'CREATE TABLE touched (id int);\n' };

describe('one that does not keep sessions is refused', () => {
  for (const [what, settings, says] of [
    ['transaction mode', { pool_mode: 'transaction' }, 'gives the session away between transactions'],
    [
      'transaction mode, startup parameters ignored',
      { pool_mode: 'transaction', ...IGNORED },
      'gives the session away',
    ],
    [
      'transaction mode, one session',
      { pool_mode: 'transaction', default_pool_size: '1' },
      'gives the session away',
    ],
    [
      'transaction mode, sessions in turn',
      { pool_mode: 'transaction', server_round_robin: '1', min_pool_size: '5', ...IGNORED },
      'gives the session away',
    ],
    ['statement mode', { pool_mode: 'statement' }, 'takes no transactions'],
    [
      'statement mode, startup parameters ignored',
      { pool_mode: 'statement', ...IGNORED },
      'takes no transactions',
    ],
  ] as const) {
    test(what, async ({ work, database, through }) => {
      const { env, port } = await through(settings);
      work.write(TABLE);
      const { status, stdout, stderr } = await work.pqrun(['1.sql', '-j', '4'], { env });
      expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(
        `127.0.0.1:${port}, database "${database.name}": a pooler stands before the server`,
      );
      expect(stderr).toContain(says);
      expect(stderr).toContain('connect to the server itself');
      expect(stderr).toContain('pool_mode=session');
      expect(await database.query("SELECT 1 FROM pg_class WHERE relname = 'touched'")).toEqual([]);
    });
  }

  test('also where \\connect leads to it', async ({ work, database, through }) => {
    const { host, port } = await through({ pool_mode: 'transaction' });
    work.write({ '1.sql': `\\connect - - ${host} ${port}\nCREATE TABLE touched (id int);\n` });
    const { status, stderr } = await work.pqrun(['1.sql']);
    expect(status).toBe(3);
    expect(stderr).toContain('a pooler stands before the server');
    expect(await database.query("SELECT 1 FROM pg_class WHERE relname = 'touched'")).toEqual([]);
  });

  test('of several databases, and the others go on with -k', async ({ work, database, through }) => {
    const { host, port } = await through({ pool_mode: 'transaction', ...IGNORED });
    work.write({ '1.sql': "CREATE TABLE touched AS SELECT :'target' AS by;\n" });
    const { PGUSER, PGPASSWORD } = database.env;
    const pooled = `host=${host} port=${port} user=${PGUSER} password=${PGPASSWORD} dbname=${database.name}`;
    const targets = ['--target', `direct=${database.url}`, '--target', `pooled=${pooled}`];
    const refused = await work.pqrun(['1.sql', ...targets]);
    expect(refused.status, refused.stderr).toBe(2);
    expect(refused.stderr).toContain('target pooled: ');
    const { status, stderr } = await work.pqrun(['1.sql', '-k', ...targets]);
    expect(status, stderr).toBe(3);
    expect(stderr).toContain('a pooler stands before the server');
    expect(await database.query('SELECT by FROM touched')).toEqual([{ by: 'direct' }]);
  });

  for (const command of ['explain', 'plan'] as const) {
    test(`by ${command}`, async ({ work, through }) => {
      const { host, port, env } = await through({ pool_mode: 'transaction' });
      work.write({ '1.sql': 'SELECT 1;\nSELECT 2;\n' });
      const { stderr } = await work.pqrun([command, '1.sql', '-h', host, '-p', String(port)], { env });
      expect(stderr).toContain('a pooler stands before the server');
    });
  }
});

/** Settings of the run and of the user, which a login through a pooler does not carry, after resets, too. */
const SESSION_SCRIPTS = {
  '1-tables.sql': 'CREATE SCHEMA app;\nCREATE TABLE app.found (id int, setting text, iso text);\n',
  ...Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8, 9].map((number) => [
      `${number}-work.sql`,
      `CREATE TEMP TABLE mine AS SELECT ${number} AS id;
PREPARE one AS SELECT id FROM mine;
SET work_mem = '${number}MB';
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM mine;
COMMIT;
SELECT pg_advisory_lock(${number});
INSERT INTO found SELECT id, current_setting('work_mem') || ' ' || current_setting('statement_timeout'), current_setting('intervalstyle') FROM mine;
`,
    ]),
  ),
};

describe('one that keeps sessions', () => {
  for (const [what, settings] of [
    ['that refuses startup parameters', {}],
    ['that ignores startup parameters', IGNORED],
  ] as const) {
    test(`${what} runs everything`, async ({ work, database, through }) => {
      const { env } = await through({ pool_mode: 'session', ...settings });
      work.write(SESSION_SCRIPTS);
      const { status, stderr } = await work.pqrun(
        ['.', '-j', '4', '--journal', '--statement-timeout', '7min', '--init-sql', 'SELECT 1'],
        { env: { ...env, PGOPTIONS: '-c search_path=app,public --intervalstyle=iso_8601' } },
      );
      expect(status, stderr).toBe(0);
      expect(await database.query('SELECT * FROM app.found ORDER BY id')).toEqual(
        [2, 3, 4, 5, 6, 7, 8, 9].map((id) => ({ id, setting: `${id}MB 7min`, iso: 'iso_8601' })),
      );
    });
  }

  test('is interrupted like a server', async ({ work, database, through }) => {
    const { env } = await through({ pool_mode: 'session' });
    work.write({ '1.sql': 'SELECT pg_sleep(600);\n', '2.sql': 'SELECT pg_sleep(600);\n' });
    const run = work.start(['1.sql', '2.sql', '-j', '2', '--order', 'none'], { env });
    const sleepers = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query ~ '^SELECT pg_sleep'";
    while ((await database.query(sleepers)).length < 2) continue;
    run.process.kill('SIGINT');
    expect((await run.finished).status).toBe(130);
    expect(await database.query(sleepers)).toEqual([]);
  });

  test('tells the numbers of the server’s processes', async ({ work, database, through }) => {
    const { env } = await through({ pool_mode: 'session' });
    const { status } = await work.pqrun(
      ['-c', 'CREATE TABLE pids AS SELECT pg_backend_pid() AS pid', '-j', '1', '--events', 'events.ndjson'],
      { env },
    );
    expect(status).toBe(0);
    const [row] = await database.query('SELECT pid FROM pids');
    expect(readFileSync(join(work.directory, 'events.ndjson'), 'utf8')).toContain(
      `"backend":${String(row?.pid)}`,
    );
  });

  test('by whom an option cannot be passed on is told', async ({ work, through }) => {
    const { env } = await through({ pool_mode: 'session' });
    const { status, stderr } = await work.pqrun(['-c', 'SELECT 1'], { env: { ...env, PGOPTIONS: '-S 64' } });
    expect(status).toBe(2);
    expect(stderr).toContain('the option -S cannot be set');
    expect(stderr).toContain('PGOPTIONS');
  });

  test('and has no session to spare says so', async ({ work, through }) => {
    const { env } = await through({ pool_mode: 'session', default_pool_size: '1', query_wait_timeout: '2' });
    const { status, stderr } = await work.pqrun(['-c', 'SELECT 1', '--retries', '0'], { env });
    expect(status, stderr).toBe(2);
    expect(stderr).toContain('all sessions of the pooler are taken');
  });
});
