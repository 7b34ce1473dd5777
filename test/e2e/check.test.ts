import { describe, expect, inject, vi } from 'vitest';
import { backends, type TestDatabase } from '../database.js';
import { test } from './pqrun.js';

/** What a user of `pqrun check` sees, and what is left of it: nothing. */

async function scratches(database: TestDatabase): Promise<readonly string[]> {
  const rows = await database.query(`SELECT datname FROM pg_database WHERE datname LIKE 'pqrun_check_%'`);
  return rows.map(({ datname }) => String(datname));
}

const TABLES = 'CREATE TABLE t (id int PRIMARY KEY, v text);\nCREATE TABLE u (id int, v text);\n';

/** With nothing that keeps them in order, the second statement reads before the first has written. */
const RACE = {
  'a.sql': "INSERT INTO t SELECT 1, 'late' FROM pg_sleep(1);\n",
  'b.sql': 'INSERT INTO u SELECT * FROM t;\n',
};

/** Starts from the test's own database, which has the tables. */
async function race(database: TestDatabase): Promise<readonly string[]> {
  await database.query(TABLES);
  return ['check', 'a.sql', 'b.sql', '--order', 'none', '-j', '2', '--template', database.name];
}

test('proves that both are the same', async ({ work, database }) => {
  work.write({
    '1.sql': TABLES,
    '2.sql': "INSERT INTO t SELECT n, 'v' FROM generate_series(1, 100) n;\nSELECT count(*) FROM t;\n",
    '3.sql': 'CREATE SEQUENCE s; CREATE INDEX ON u (v);\n',
  });
  const { status, stdout, stderr } = await work.pqrun(['check', '.', '--order', 'sequential', '-j', '2']);
  expect(status).toBe(0);
  // From PostgreSQL 18 on NOT NULL is an object of its own.
  const objects = inject('serverVersion') < 18 ? 12 : 13;
  expect(stdout.replaceAll(/[\d.]+ (?:ms|s)\b/g, 'TIME').replace(/[\d.]+x/, 'Nx')).toBe(
    `sequential: 3 jobs in TIME
parallel (order sequential, 2 connections): 3 jobs in TIME, Nx as fast
the same: ${objects} objects, 2 tables with 100 rows, 1 sequence
`,
  );
  expect(stderr).toMatch(/^building pqrun_check_\w+_a, one statement after another\nreading .*\nbuilding /);
  expect(await scratches(database)).toEqual([]);
  // The connection's own database is only where others are asked for.
  expect(await database.query("SELECT FROM pg_class WHERE relname = 't'")).toEqual([]);
});

describe('a difference', () => {
  test('is told with its rows and the jobs that may overlap', async ({ work, database }) => {
    work.write(RACE);
    const { status, stdout, stderr } = await work.pqrun([...(await race(database)), '-q']);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(stdout).toContain(`different: table public.u has other rows: 1 sequential, 0 parallel
  only in the sequential build: (1,late)
  jobs that name it: b.sql:1
`);
    expect(await scratches(database)).toEqual([]);
  });

  test('may be ignored', async ({ work, database }) => {
    work.write(RACE);
    const ignoring = await work.pqrun([...(await race(database)), '--ignore', 'u', '--ignore', 'w.x']);
    expect(ignoring.status).toBe(0);
    expect(ignoring.stderr).toContain('--ignore w.x fits no table or column');
  });

  test('is data, all of it, with --format json', async ({ work, database }) => {
    work.write(RACE);
    const { stdout } = await work.pqrun([...(await race(database)), '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'different',
      builds: [{ way: 'sequential' }, { way: 'parallel', order: 'none', connections: 2 }],
      compared: { tables: 2, rows: 2 },
      differences: [
        { difference: { kind: 'rows', object: 'public.u', left: 1, right: 0 }, jobs: { names: ['b.sql:1'] } },
      ],
    });
  });

  test('is a build that fails only in parallel', async ({ work, database }) => {
    work.write({ 'a.sql': 'CREATE TABLE w AS SELECT 1 FROM pg_sleep(1)', 'b.sql': 'TABLE w' });
    const { status, stdout } = await work.pqrun(await race(database));
    expect(status).toBe(3);
    expect(stdout).toContain(
      'different: the sequential build is done, the parallel one fails:\nb.sql:1:7: ERROR',
    );
    expect(await scratches(database)).toEqual([]);
  });

  test('can be looked at with --keep', async ({ work, database }) => {
    work.write(RACE);
    const { stdout } = await work.pqrun([...(await race(database)), '--keep']);
    const [one, two] = (await scratches(database)).toSorted();
    try {
      expect(stdout).toContain(`kept: ${one}, ${two}\n`);
    } finally {
      for (const name of [one, two]) await database.query(`DROP DATABASE ${name}`);
    }
  });
});

test('says that scripts fail one after another, and does not go on', async ({ work, database }) => {
  work.write({ '1.sql': 'SELECT 1;\nSELECT missing;\n' });
  const { status, stdout } = await work.pqrun(['check', '.']);
  expect(status).toBe(3);
  expect(stdout).toContain('the scripts fail, even one statement after another:\n1.sql:2:8: ERROR');
  expect(await scratches(database)).toEqual([]);
});

test('refuses what both builds would do to the server, and wrong input', async ({ work, database }) => {
  work.write({
    '1.sql': `CREATE ROLE pqrun_never;\nALTER DATABASE ${database.name} SET work_mem = '5MB';\nGRANT SELECT ON pg_class TO PUBLIC;\n`,
    '2.sql': `COMMENT ON DATABASE ${database.name} IS 'x';\n`,
    '3.sql': `\\connect ${database.name}\nCREATE TABLE never ();\n`,
    'wrong.txt': 'SELECT FROM FROM',
  });
  const { status, stdout, stderr } = await work.pqrun(['check', '.']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(
    '1.sql:1:1: error: it creates a role, and both builds would do it to the same one',
  );
  expect(stderr).toContain('1.sql:2:1: error: it changes a database');
  expect(stderr).not.toContain('1.sql:3');
  expect(stderr).toContain('2.sql:1:1: error: it changes a database');
  expect(stderr).toContain('\\connect leaves the scratch database');
  expect(stderr).toContain('--embedded');
  expect((await work.pqrun(['check', 'wrong.txt'])).status).toBe(1);
  expect(await scratches(database)).toEqual([]);
});

test('with --embedded each build has a server of its own', async ({ work }) => {
  work.write({ '1.sql': "CREATE ROLE twice; ALTER DATABASE postgres SET work_mem = '5MB';\n" });
  const { status, stdout } = await work.pqrun(['check', '.', '--embedded', '--times', '2']);
  expect(stdout).toContain('the same: ');
  expect(stdout.match(/seed \d/g)).toEqual(['seed 1', 'seed 2']);
  expect(status).toBe(0);
});

test('reads standard input once for both', async ({ work }) => {
  const { status, stdout } = await work.pqrun(['check', '-'], { stdin: 'CREATE TABLE t AS SELECT 1 AS n' });
  expect(stdout).toContain('1 table with 1 row,');
  expect(status).toBe(0);
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} leaves nothing behind`, async ({ work, database }) => {
    work.write({ '1.sql': 'SELECT pg_sleep(600);\n' });
    const running = work.start(['check', '.']);
    await vi.waitFor(
      async () => {
        const [name = ''] = await scratches(database);
        expect((await backends(name)).some(({ query }) => query.includes('pg_sleep'))).toBe(true);
      },
      { timeout: 20_000 },
    );
    running.process.kill(signal);
    const { status: ended, stdout } = await running.finished;
    expect(ended).toBe(status);
    expect(stdout).toContain('interrupted: nothing is proved');
    expect(await scratches(database)).toEqual([]);
  });
}
