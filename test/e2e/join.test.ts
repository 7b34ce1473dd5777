import { describe, expect } from 'vitest';
import type { TestDatabase } from '../database.js';
import { test, type Finished, type Workplace } from './pqrun.js';
import { untilSleeping } from './waiting.js';

/** `--join`: several pqruns work on one run, and each job is done once. */

const JOIN = ['--journal', '--join', '--no-history'] as const;

/** Jobs that tell who has done them; nothing in the table keeps one from being done twice. */
function sleepy(count: number, seconds: number): string {
  const jobs = Array.from(
    { length: count },
    (_, job) => `INSERT INTO did (job) SELECT ${job} FROM pg_sleep(${seconds});`,
  );
  return ['CREATE TABLE did (job int, backend int DEFAULT pg_backend_pid());', ...jobs].join('\n');
}

async function untilDone(database: TestDatabase, count: number): Promise<void> {
  await expect
    .poll(async () => (await database.query(`SELECT FROM pqrun.job`)).length, { timeout: 30_000 })
    .toBeGreaterThan(count);
}

/** Until both have begun. */
async function untilShared(database: TestDatabase): Promise<void> {
  const query = 'SELECT FROM pqrun.claim GROUP BY participant';
  await expect.poll(async () => (await database.query(query)).length, { timeout: 30_000 }).toBe(2);
}

/** How often each job was done, and how much is left behind in the tables of those who share a run. */
async function tally(database: TestDatabase): Promise<unknown> {
  const [row] = await database.query(
    `SELECT count(*)::int AS done, count(DISTINCT job)::int AS jobs,
        (SELECT count(*)::int FROM pqrun.claim) AS claims, (SELECT count(*)::int FROM pqrun.participant) AS participants
      FROM did`,
  );
  return row;
}

function startMany(
  work: Workplace,
  count: number,
  args: readonly string[],
): ReturnType<Workplace['start']>[] {
  return Array.from({ length: count }, () => work.start([...args, ...JOIN]));
}

function statuses(runs: readonly Finished[]): readonly (number | null)[] {
  return runs.map(({ status }) => status);
}

test('three pqruns, of which one is killed, do 400 jobs once', async ({ work, database }) => {
  work.write({ '1.sql': sleepy(400, 0.02) });
  const runs = startMany(work, 3, ['1.sql', '-j', '4']);
  await untilDone(database, 40);
  const [row] = await database.query(
    'SELECT pid FROM pqrun.claim JOIN pqrun.participant USING (run, participant) LIMIT 1',
  );
  const killed = runs.find(({ process }) => process.pid === row?.pid);
  killed?.process.kill('SIGKILL');
  const ended = await Promise.all(runs.map(({ finished }) => finished));
  expect(statuses(ended).toSorted()).toEqual([0, 0, null]);
  expect(await tally(database)).toEqual({ done: 400, jobs: 400, claims: 0, participants: 0 });
  const [run] = await database.query('SELECT status FROM pqrun.run');
  expect(run).toEqual({ status: 'done' });
});

test('what depends on each other comes in the written order, whoever does it', async ({ work, database }) => {
  const tables = Array.from({ length: 12 }, (_, n) => n);
  const script = [
    'CREATE TABLE steps (t int, step int, at bigint);',
    'CREATE SEQUENCE clock;',
    ...tables.map((n) => `CREATE TABLE t${n} (id int PRIMARY KEY, v int);`),
    ...tables.map((n) => `INSERT INTO t${n} SELECT g, 0 FROM generate_series(1, 500) AS g;`),
    ...tables.map((n) => `UPDATE t${n} SET v = id + ${n} WHERE id % 2 = 0;`),
    // Nobody can tell what it does before it has run.
    `DO $$ BEGIN EXECUTE 'CREATE VIEW sums AS ' || (SELECT string_agg(format('SELECT %s AS t, sum(v) AS s FROM t%s', n, n), ' UNION ALL ') FROM generate_series(0, 11) AS n); END $$;`,
    ...tables.map(
      (n) => `UPDATE t${n} SET v = v + (SELECT s FROM sums WHERE t = ${(n + 1) % 12}) WHERE id = 1;`,
    ),
    ...tables.map((n) => `CREATE INDEX ON t${n} (v);`),
    ...tables.map((n) => `DELETE FROM t${n} WHERE v > (SELECT max(v) FROM t${(n + 5) % 12});`),
  ].join('\n');
  work.write({ '1.sql': script });
  const contents = (): Promise<unknown> =>
    Promise.all(tables.map(async (n) => database.query(`SELECT count(*), sum(v), sum(id) FROM t${n}`)));
  const alone = await work.pqrun(['1.sql', '--order', 'sequential']);
  expect(alone.status).toBe(0);
  const expected = await contents();
  await database.query(
    `DROP TABLE ${tables.map((n) => `t${n}`).join(', ')}, steps CASCADE; DROP SEQUENCE clock`,
  );
  const ended = await Promise.all(startMany(work, 3, ['1.sql', '-j', '2']).map(({ finished }) => finished));
  expect(ended.map(({ status, stderr }) => (status === 0 ? '' : stderr))).toEqual(['', '', '']);
  expect(await contents()).toEqual(expected);
});

test('one that is stopped leaves its jobs to the others', async ({ work, database }) => {
  work.write({ '1.sql': sleepy(60, 0.1) });
  const [first, second] = startMany(work, 2, ['1.sql', '-j', '2']);
  await untilDone(database, 8);
  await untilShared(database);
  first?.process.kill('SIGINT');
  expect((await first?.finished)?.status).toBe(130);
  const other = await second?.finished;
  expect([other?.status, other?.stderr]).toEqual([
    0,
    expect.stringMatching(/done: \d+ jobs \(.*\), \d+ of them by other pqruns, in/) as string,
  ]);
  expect(await tally(database)).toEqual({ done: 60, jobs: 60, claims: 0, participants: 0 });
});

test('what fails in one ends the others, and is tried again by the next run only', async ({
  work,
  database,
}) => {
  work.write({
    '1.sql': `${sleepy(10, 0.05)}\nSELECT 1 / (count(*) - 10) FROM did;\nINSERT INTO did VALUES (99);\n`,
  });
  const ended = await Promise.all(startMany(work, 2, ['1.sql', '-j', '2']).map(({ finished }) => finished));
  expect(statuses(ended)).toEqual([3, 3]);
  const told = ended.map(({ stderr }) => stderr);
  expect(told.filter((text) => text.includes('failed in the pqrun on'))).toHaveLength(1);
  expect(told.filter((text) => text.includes('ERROR:  division by zero (SQLSTATE 22012)'))).toHaveLength(1);
  await database.query('DELETE FROM did WHERE job = 0');
  expect((await work.pqrun(['1.sql', ...JOIN])).status).toBe(0);
  expect(await tally(database)).toEqual({ done: 10, jobs: 10, claims: 0, participants: 0 });
});

test('one that loses the journal stops, and the others do the rest', async ({ work, database }) => {
  work.write({ '1.sql': sleepy(60, 0.1) });
  const runs = startMany(work, 2, ['1.sql', '-j', '2']);
  await untilDone(database, 8);
  await untilShared(database);
  await database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pqrun: journal' AND datname = current_database() LIMIT 1",
  );
  const ended = await Promise.all(runs.map(({ finished }) => finished));
  expect(statuses(ended).toSorted()).toEqual([0, 3]);
  const lost = ended.find(({ status }) => status === 3);
  expect(lost?.stderr).toContain('what the other pqruns of the run do cannot be known any more');
  expect(await tally(database)).toEqual({ done: 60, jobs: 60, claims: 0, participants: 0 });
});

describe('is refused', () => {
  const RUN = ['--run', 'r', '-j', '1', '--no-history'] as const;

  test.for<readonly [what: string, first: readonly string[], second: readonly string[], message: string]>([
    ['one that joins one that works alone', ['--journal'], ['--journal', '--join'], 'begun without --join'],
    [
      'one that works alone beside those who share',
      ['--journal', '--join'],
      ['--journal'],
      'with --join may work on a run together',
    ],
    [
      'to forget what others work on',
      ['--journal', '--join'],
      ['--journal', '--join', '--restart'],
      'is being run by another pqrun',
    ],
    [
      'another script',
      ['--journal', '--join'],
      ['--journal', '--join', '-c', 'SELECT 2'],
      'have other scripts',
    ],
  ])('%s', async ([, first, second, message], { work, database }) => {
    const script = ['-c', 'SELECT pg_sleep(60)'];
    const sleeping = work.start([...script, ...first, ...RUN]);
    await untilSleeping(database);
    const refused = await work.pqrun([...script, ...second, ...RUN]);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining(message) as string]);
    sleeping.process.kill('SIGINT');
    await sleeping.finished;
  });

  test('with --keep-going, and without a journal', async ({ work }) => {
    const going = await work.pqrun(['-c', 'SELECT 1', ...JOIN, '-k']);
    expect([going.status, going.stderr]).toEqual([
      1,
      expect.stringContaining('--join does not go with --keep-going') as string,
    ]);
    const alone = await work.pqrun(['-c', 'SELECT 1', '--join']);
    expect([alone.status, alone.stderr]).toEqual([
      1,
      expect.stringContaining('--join says something about a journal') as string,
    ]);
  });
});
