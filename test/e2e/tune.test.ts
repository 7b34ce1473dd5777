import { expect } from 'vitest';
import type { Tuning } from '../../src/model/tune.js';
import { test } from './pqrun.js';

/** `pqrun tune`: pieces are tried, timed, and taken back. */

test('tells rows a second by rows a piece and connections, and changes nothing', async ({
  work,
  database,
}) => {
  await database.query(
    `CREATE TABLE t (id int PRIMARY KEY, v int DEFAULT 0); INSERT INTO t SELECT generate_series(1, 20000)`,
  );
  work.write({ 'b.sql': '-- pqrun: split range=t.id\nUPDATE t SET v = v + 1 WHERE :chunk;' });
  const { status, stdout, stderr } = await work.pqrun(['tune', 'b.sql', '-j', '2', '--trial', '50ms']);
  expect(status).toBe(0);
  expect(stderr).toContain(
    'b.sql:2: UPDATE of about 20,000 rows: pieces of 1,000, 3,000, 10,000 rows over 1, 2 connections',
  );
  expect(stderr).toContain('rolled back');
  expect(stdout).toMatch(/rows a piece {2}1 connection {2}2 connections {2}a piece takes\n/);
  expect(stdout).toMatch(/\* best: size=\d+ with -j [12] \(or time=\w+\): [\d,]+ rows\/s, about .* for all/);
  expect(await database.query('SELECT DISTINCT v FROM t')).toEqual([{ v: 0 }]);
});

test('tries the sizes that are named, of series and blocks, too, and prints JSON', async ({
  work,
  database,
}) => {
  await database.query(
    `CREATE TABLE t (id int, v int DEFAULT 0); INSERT INTO t SELECT generate_series(1, 20000); CREATE TABLE n (v int)`,
  );
  work.write({
    'b.sql': `-- pqrun: split blocks=t
DELETE FROM t WHERE :chunk;
-- pqrun: split rows=50000
INSERT INTO n SELECT generate_series(:lo, :hi);`,
  });
  const args = [
    'tune',
    'b.sql',
    '-j',
    '1',
    '-q',
    '--trial',
    '20ms',
    '--size',
    '500',
    '--size',
    '2000',
    '--format',
    'json',
  ];
  const { status, stdout, stderr } = await work.pqrun(args);
  expect([status, stderr]).toEqual([0, '']);
  // What the program has just written.
  const tunings = JSON.parse(stdout) as readonly Tuning[];
  expect(tunings.map(({ verb, sizes }) => [verb, sizes.map(({ size }) => size)])).toEqual([
    ['DELETE', [500, 2000]],
    ['INSERT', [500, 2000]],
  ]);
  expect(tunings.every(({ best }) => best !== undefined && best.rate > 0)).toBe(true);
  const [row] = await database.query(
    'SELECT (SELECT count(*)::int FROM t) AS t, (SELECT count(*)::int FROM n) AS n',
  );
  expect(row).toEqual({ t: 20_000, n: 0 });
});

test('says what is wrong: no split, a piece that fails', async ({ work, database }) => {
  await database.query('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 2000)');
  work.write({
    'a.sql': 'SELECT 1;',
    'b.sql': '-- pqrun: split range=t.id\nSELECT 1 / (id - id) FROM t WHERE :chunk;',
  });
  const none = await work.pqrun(['tune', 'a.sql']);
  expect([none.status, none.stderr]).toEqual([
    1,
    expect.stringContaining('there is no split whose size could be tuned'),
  ]);
  const failed = await work.pqrun(['tune', 'b.sql', '-j', '2']);
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain('b.sql:2:1: error: a piece failed: division by zero');
});

test('ends what runs on the server when it is interrupted', async ({ work, database }) => {
  await database.query('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 5000)');
  work.write({ 'b.sql': '-- pqrun: split range=t.id\nSELECT pg_sleep(60) FROM t WHERE :chunk LIMIT 1;' });
  const run = work.start(['tune', 'b.sql', '-j', '2']);
  const sleeping =
    "SELECT FROM pg_stat_activity WHERE application_name = 'pqrun: tune' AND wait_event = 'PgSleep'";
  await expect.poll(async () => (await database.query(sleeping)).length, { timeout: 20_000 }).toBe(1);
  run.process.kill('SIGINT');
  const { status } = await run.finished;
  expect(status).toBe(130);
  expect(await database.query(sleeping)).toEqual([]);
});
