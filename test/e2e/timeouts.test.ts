import { expect } from 'vitest';
import { backends } from '../database.js';
import { test } from './pqrun.js';
import { sessionOn, untilSleeping } from './waiting.js';

/** Times that a run, a statement, a lock or an idle transaction may take. */

test('a statement that takes too long is cancelled by the server', async ({ work }) => {
  work.write({ '1.sql': 'SELECT pg_sleep(30);' });
  const { status, stderr } = await work.pqrun(['1.sql', '--statement-timeout', '200ms']);
  expect(stderr).toContain('canceling statement due to statement timeout');
  expect(status).toBe(3);
});

test('a lock that is not given in time fails once it was tried often enough', async ({ work, database }) => {
  await database.query('CREATE TABLE t (n int)');
  const other = await sessionOn(database);
  await other.query('BEGIN; LOCK TABLE t');
  work.write({ '1.sql': 'INSERT INTO t VALUES (1);' });
  const { status, stderr } = await work.pqrun(['1.sql', '--lock-timeout', '50ms', '--retries', '1']);
  expect(stderr).toContain('canceling statement due to lock timeout (SQLSTATE 55P03); again in');
  expect(status).toBe(3);
});

test('a run that meets its deadline is stopped, has failed, and leaves nothing', async ({
  work,
  database,
}) => {
  work.write({ '1.sql': 'CREATE TABLE t (n int);\nSELECT pg_sleep(30);\nINSERT INTO t VALUES (1);' });
  const { status, stderr } = await work.pqrun(['1.sql', '--deadline', '1s', '--order', 'sequential']);
  expect(stderr).toContain('the deadline has passed: what was not done by then is not done');
  expect(status).toBe(3);
  expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 0 }]);
  expect(await backends(database.name)).toEqual([]);
});

test.for(['5', '1h', '500ms', '2min'])('%s is a time', async (time, { work }) => {
  work.write({ '1.sql': 'SELECT 1;' });
  expect((await work.pqrun(['1.sql', '--deadline', time])).status).toBe(0);
});

test.for(['0', '-1s', '1 s', 'soon', '90d'])(
  '%s is none, and what is one is said',
  async (time, { work }) => {
    work.write({ '1.sql': 'SELECT 1;' });
    const { status, stderr } = await work.pqrun(['1.sql', `--deadline=${time}`]);
    expect(stderr).toContain('Write a number and a unit (ms, s, min, h), as in 30s.');
    expect(status).toBe(1);
  },
);

test('an interrupted run lets what runs finish with --drain, and starts nothing new', async ({
  work,
  database,
}) => {
  work.write({
    '1.sql': 'CREATE TABLE t (n int);\nINSERT INTO t SELECT 1 FROM pg_sleep(1);\nINSERT INTO t SELECT 2;',
  });
  const running = work.start(['1.sql', '--drain', '--strict-order', '--journal']);
  await untilSleeping(database);
  running.process.kill('SIGINT');
  const { status, stderr } = await running.finished;
  expect(stderr).toContain('SIGINT: nothing new starts, waiting for the running statements');
  expect(status).toBe(130);
  expect(await database.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
  expect(await backends(database.name)).toEqual([]);
  expect((await work.pqrun(['1.sql', '--strict-order', '--journal'])).status).toBe(0);
  expect(await database.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
});
