import { describe, expect } from 'vitest';
import { backends } from '../database.js';
import { eventsOf } from './events.js';
import { test } from './pqrun.js';
import { sessionOn, until } from './waiting.js';

/** Nothing new starts as long as the database asks for that. */

test('--pause-when waits before the first job, says why, and goes on', async ({ work, database }) => {
  await database.query("CREATE TABLE gate (why text); INSERT INTO gate VALUES ('the night has not begun')");
  work.write({ '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);' });
  const running = work.start(['1.sql', '--pause-when', 'SELECT why FROM gate', '--events', 'e.ndjson']);
  await running.stderrShows('paused: the night has not begun');
  expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  await database.query('DELETE FROM gate');
  const { status, stderr } = await running.finished;
  expect(stderr).toContain('pqrun: goes on after');
  expect(stderr).toMatch(/^ {2}paused +\d/m);
  expect(status).toBe(0);
  const types = eventsOf(work, 'e.ndjson').map(({ type }) => type);
  expect(types.filter((type) => type === 'run-paused' || type === 'run-resumed')).toEqual([
    'run-paused',
    'run-resumed',
  ]);
  expect(types.indexOf('run-resumed')).toBeLessThan(types.indexOf('job-started'));
});

test('in mid-run what runs goes on, and Ctrl-C ends the wait', async ({ work, database }) => {
  await database.query('CREATE TABLE gate (is_shut boolean)');
  work.write({
    '1.sql': 'INSERT INTO gate SELECT true FROM pg_sleep(0.2);\nSELECT pg_sleep(2);\nCREATE TABLE t (n int);',
  });
  const args = [
    '1.sql',
    '--order',
    'none',
    '-j',
    '1',
    '--pause-when',
    'SELECT true FROM gate WHERE is_shut LIMIT 1',
  ];
  const running = work.start(args);
  await running.stderrShows('paused: the database asks for it');
  await until(database, "application_name = 'pqrun: 1.sql:2' AND state = 'idle'");
  running.process.kill('SIGINT');
  const { status } = await running.finished;
  expect(status).toBe(130);
  expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  expect(await backends(database.name)).toEqual([]);
});

test('--max-active waits for others', async ({ work, database }) => {
  const other = await sessionOn(database);
  const sleeping = other.query('SELECT pg_sleep(2)');
  work.write({ '1.sql': 'SELECT 1;' });
  const { status, stderr } = await work.pqrun(['1.sql', '--max-active', '0']);
  expect(stderr).toMatch(/paused: \d+ other sessions are active/);
  expect(status).toBe(0);
  await sleeping;
});

test('--max-replica-lag without replicas waits for nothing', async ({ work }) => {
  work.write({ '1.sql': 'SELECT 1;' });
  const { status, stderr } = await work.pqrun(['1.sql', '--max-replica-lag', '1s', '-q']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('a question that cannot be asked is told before anything runs', async ({ work, database }) => {
  work.write({ '1.sql': 'CREATE TABLE t (n int);' });
  const { status, stderr } = await work.pqrun(['1.sql', '--pause-when', 'SELECT nonsense']);
  expect(stderr).toContain('--pause-when: column "nonsense" does not exist');
  expect(status).toBe(1);
  expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
});

describe('--max-rate', () => {
  test.for([
    ['rows', '100', 'INSERT INTO t SELECT generate_series(1, 10);'],
    ['jobs', '10jobs', 'INSERT INTO t VALUES (1);'],
  ])('of %s holds, also for jobs that go in batches', async ([, rate = '', text], { work, database }) => {
    await database.query('CREATE TABLE t (n int)');
    work.write({ '1.sql': `${text}\n`.repeat(20) });
    const began = performance.now();
    const { status } = await work.pqrun(['1.sql', '-j', '4', '--order', 'none', '--max-rate', rate]);
    expect(status).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(1500);
    expect((await database.query('SELECT FROM t')).length).toBeGreaterThanOrEqual(20);
  });

  test('is told of where it is waited for, and what is no rate is refused', async ({ work }) => {
    work.write({ '1.sql': 'SELECT generate_series(1, 200);\nSELECT 1;\n' });
    const { status, stderr } = await work.pqrun(['1.sql', '-j', '1', '--max-rate', '100']);
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('paused: not more than 100 rows/s') as string,
    ]);
    const refused = await work.pqrun(['1.sql', '--max-rate', 'fast']);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('5000 or 20jobs') as string,
    ]);
  });
});
