import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, onTestFinished, test as plain } from 'vitest';
import { findPsql } from '../bench/measure.js';
import { PROGRAM, makeTemporary, test } from './pqrun.js';

/** The samples and the commands of the README, as a newcomer types them. */

const samples = resolve(import.meta.dirname, '../../sql-samples');

plain('quickstart runs on an embedded server, with nothing installed, and leaves nothing', () => {
  const temporary = makeTemporary();
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, resolve(samples, 'quickstart'), '--embedded', '--jobs', '4'],
    { encoding: 'utf8', env: { ...process.env, TMPDIR: temporary } },
  );
  expect(stderr).toContain('done:');
  expect(status).toBe(0);
  expect(stdout).toContain('rows)');
  expect(readdirSync(temporary)).toEqual([]);
});

test('quickstart can be run again on the same database', async ({ work }) => {
  for (const round of [1, 2]) {
    const { status, stderr } = await work.pqrun([resolve(samples, 'quickstart'), '-j', '2', '-q']);
    expect([round, status, stderr]).toEqual([round, 0, '']);
  }
});

test('random-numbers is twenty million rows in one split', async ({ work }) => {
  const { status, stdout } = await work.pqrun([resolve(samples, 'random-numbers'), '--dry-run', '-j', '7']);
  expect(status).toBe(0);
  expect(stdout).toContain('split into 7 pieces of 2,857,143 rows');
});

test('reports builds its star, answers all questions, and gives what psql gives', async ({
  work,
  database,
}) => {
  const star = resolve(samples, 'reports');
  const reports = resolve(star, 'reports');
  const sales = 'sales=20000';
  const made = await work.pqrun([star, '-j', '2', '-q', '-v', sales]);
  expect([made.status, made.stderr]).toEqual([0, '']);
  expect(made.stdout.match(/rows?\)$/gm)).toHaveLength(20);
  const again = await work.pqrun([reports, '--order', 'none', '-j', '2', '-q']);
  expect([again.status, again.stdout]).toEqual([0, made.stdout]);
  const files = [star, reports].flatMap((directory) =>
    globSync('*.sql', { cwd: directory, absolute: true }).toSorted(),
  );
  const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', sales, ...files.flatMap((file) => ['-f', file])];
  const psql = spawnSync(findPsql(), args, { encoding: 'utf8', env: { ...process.env, ...database.env } });
  expect([psql.status, psql.stdout]).toEqual([0, made.stdout]);
});

test('backfill does each row once, as psql does it in one go', async ({ work, database }) => {
  const sample = resolve(samples, 'backfill');
  const state = `SELECT count(*)::int AS orders, count(total)::int AS totals, sum(total)::text AS sum,
      (SELECT count(*)::int FROM order_archive) AS archived, (SELECT count(DISTINCT id)::int FROM order_archive) AS ids FROM orders`;
  const made = async (): Promise<void> => {
    const { status, stderr } = await work.pqrun([
      resolve(sample, '01-orders.sql'),
      '-q',
      '-v',
      'orders=30000',
    ]);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  };
  await made();
  const run = await work.pqrun([resolve(sample, 'backfill'), '-j', '3', '--journal', '--no-history']);
  expect(run.status).toBe(0);
  const [ours] = await database.query(state);
  await made();
  const files = globSync('*.sql', { cwd: resolve(sample, 'backfill'), absolute: true }).toSorted();
  const args = [
    '-X',
    '-q',
    '-v',
    'ON_ERROR_STOP=1',
    '-v',
    'chunk=true',
    ...files.flatMap((file) => ['-f', file]),
  ];
  const psql = spawnSync(findPsql(), args, { encoding: 'utf8', env: { ...process.env, ...database.env } });
  expect([psql.status, psql.stderr]).toEqual([0, '']);
  expect(ours).toEqual((await database.query(state))[0]);
});
