import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { expect } from 'vitest';
import type { TestDatabase } from '../database.js';
import { PROGRAM, test } from './pqrun.js';

/** `--order auto` and what its authors may say: directives and options. */

/** Holds a lock that a job waits for. */
async function lockHolder(database: TestDatabase): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock(1)');
  return holder;
}

async function countIn(database: TestDatabase, table: string): Promise<number> {
  const [row] = await database.query(`SELECT count(*)::int AS count FROM ${table}`);
  return Number(row?.count ?? 0);
}

test('a DO block that says what it touches overlaps the rest, and keeps its order against that', async ({
  work,
  database,
}) => {
  await database.query('CREATE TABLE t (n int); CREATE TABLE other (n int); CREATE TABLE seen (count int)');
  work.write({
    'a.sql': `
-- pqrun: writes=t
DO $$ BEGIN PERFORM pg_advisory_xact_lock(1); EXECUTE 'INSERT INTO ' || 't VALUES (1)'; END $$;
INSERT INTO other VALUES (1);
INSERT INTO seen SELECT count(*) FROM t;
`,
  });
  const holder = await lockHolder(database);
  const run = work.start(['a.sql', '-j', '4']);
  // It comes while the block is held up.
  while ((await countIn(database, 'other')) === 0) await new Promise(setImmediate);
  expect(await countIn(database, 'seen')).toBe(0);
  await holder.end();
  expect(await run.finished).toMatchObject({ status: 0 });
  expect(await database.query('SELECT count FROM seen')).toEqual([{ count: 1 }]);
});

test('--strict-order appends in the written order, by option and by manifest', async ({ work }) => {
  work.write({
    'a.sql': 'CREATE TABLE t (n int);\nINSERT INTO t SELECT 1;\nINSERT INTO t SELECT 2;\n',
    'pqrun.yaml': 'defaults: { strict-order: true }\nstages: [{ files: a.sql }]\n',
  });
  for (const [args, isOrdered] of [
    [['a.sql'], false],
    [['a.sql', '--strict-order'], true],
    [['pqrun.yaml'], true],
  ] as const) {
    const { status, stdout } = await work.pqrun(['plan', ...args]);
    expect(status).toBe(0);
    expect(stdout.includes('after a.sql:2 (table public.t: write, then write)')).toBe(isOrdered);
  }
});

test('a range type of the database keeps nothing from overlapping', async ({ work, database }) => {
  await database.query('CREATE TYPE span AS RANGE (subtype = float8); CREATE TABLE t (n int)');
  work.write({ 'a.sql': 'CREATE INDEX ON t (n);\nCREATE TABLE u AS SELECT span(1, n) FROM t;\n' });
  const { stdout } = await work.pqrun(['plan', '-d', database.url, 'a.sql']);
  expect(stdout).toContain('up to 2 jobs side by side');
});

test('plan looks at the database that is named, and says when none is', async ({ work, database }) => {
  await database.query('CREATE TABLE t (n int)');
  work.write({ 'a.sql': 'INSERT INTO t SELECT 1;\nINSERT INTO t SELECT 2;\n' });
  const note = 'without a database: tables and functions that these scripts do not create are unknown';

  const blind = await work.pqrun(['plan', 'a.sql']);
  expect(blind.status).toBe(0);
  expect(blind.stdout).toContain('runs alone: nothing is known of the relation t');
  expect(blind.stdout.trimEnd().split('\n').at(-1)).toContain(note);
  const told = JSON.parse((await work.pqrun(['plan', 'a.sql', '--format', 'json'])).stdout) as {
    note?: string;
  };
  expect(told.note).toContain(note);

  for (const { args, env } of [
    { args: ['-d', database.url], env: {} },
    { args: [], env: { DATABASE_URL: database.url } },
    { args: ['--target', `one=${database.url}`], env: {} },
  ]) {
    const { status, stdout, stderr } = await work.pqrun(['plan', 'a.sql', ...args], { env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toContain('runs alone');
    expect(stdout).not.toContain(note);
    expect(stdout).toContain('up to 2 jobs side by side');
  }
  expect(await work.pqrun(['plan', 'a.sql', '--order', 'none'])).toMatchObject({
    stdout: expect.not.stringContaining(note) as string,
  });
  expect(await work.pqrun(['plan', 'a.sql', '-d', 'host=127.0.0.1 port=1'])).toMatchObject({ status: 2 });
});

test('plan --embedded starts a server to look at', async ({ work }) => {
  work.write({ 'a.sql': 'CREATE TABLE t (n int);\nSELECT * FROM t;\n' });
  const { status, stdout } = await work.pqrun(['plan', 'a.sql', '--embedded']);
  expect(status).toBe(0);
  expect(stdout).not.toContain('without a database');
});

test('a reader of the plan may go when he has seen enough', async ({ work }) => {
  work.write({ 'a.sql': 'SELECT 1;\n'.repeat(20_000) });
  for (const format of ['text', 'json']) {
    const args = [PROGRAM, 'plan', '--order', 'none', '--format', format, 'a.sql'];
    const child = spawn(process.execPath, args, { cwd: work.directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = (await once(child, 'close')) as [number | null];
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  }
});

test('scripts that leave nothing behind follow each other in one session, each under its own name', async ({
  work,
  database,
}) => {
  await database.query('CREATE TABLE seen (script text, name text, path text)');
  const see = (script: string): string =>
    `INSERT INTO public.seen SELECT '${script}', current_setting('application_name'), current_setting('search_path');\n`;
  work.write({
    '1.sql': see('1'),
    '2.sql': see('2'),
    // What the database begins with is looked at again behind it.
    '3.sql': `ALTER DATABASE ${database.name} SET search_path = app;\n`,
    '4.sql': see('4'),
    '5.sql': `SET search_path = other;\n${see('5')}`,
    '6.sql': see('6'),
  });
  const { status, stderr } = await work.pqrun(['.', '-j', '1']);
  expect(stderr).not.toContain('ERROR');
  expect(status).toBe(0);
  expect(await database.query('SELECT * FROM public.seen ORDER BY script')).toEqual([
    { script: '1', name: 'pqrun: 1.sql:1', path: '"$user", public' },
    { script: '2', name: 'pqrun: 2.sql:1', path: '"$user", public' },
    { script: '4', name: 'pqrun: 4.sql:1', path: 'app' },
    { script: '5', name: expect.stringContaining('pqrun: 5.sql') as string, path: 'other' },
    { script: '6', name: 'pqrun: 6.sql:1', path: 'app' },
  ]);
});
