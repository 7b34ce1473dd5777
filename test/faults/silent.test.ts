import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { test, type Running } from '../e2e/pqrun.js';
import { until, untilSleeping } from '../e2e/waiting.js';
import { behindProxy, type Setting } from './behind-proxy.js';

/** Connections that die without a word: neither end is told (watch.ts). */

const SLEEPS = (seconds: number): string =>
  `BEGIN; INSERT INTO done SELECT 1 FROM pg_sleep(${seconds}); COMMIT;`;
const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event = 'PgSleep'`;
/** The control connection has been asked what a silent process does. */
const LOOKED = `application_name = 'pqrun: control' AND query LIKE '%LEFT JOIN%'`;
const DONE = 'SELECT count(*)::int AS n FROM done';

/** A run that sleeps on the server while its connections, or all ways to the server, die. */
async function dieAsleep(
  { work, database, proxy, start }: Setting,
  { seconds, which, more = [], env = {} }: Death,
): Promise<Running> {
  work.write({ '1.sql': SLEEPS(seconds) });
  const running = start(['1.sql', '-j', '1', ...more], env);
  await untilSleeping(database);
  proxy.die(which);
  return running;
}

interface Death {
  readonly seconds: number;
  readonly which: 'those that are open' | 'all';
  readonly more?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

describe('a connection that dies without a word', () => {
  test('is found out when its process is gone, and its work is done again', async ({ work, database }) => {
    await behindProxy({ work, database }, async (setting) => {
      await database.query('CREATE TABLE done (n int)');
      const running = await dieAsleep(setting, { seconds: 2, which: 'those that are open' });
      await database.query(TERMINATE);
      const { status, stderr } = await running.finished;
      expect(stderr).toContain('its process is gone, and no word of that has come (ETIMEDOUT); again in');
      expect(status, stderr).toBe(0);
      expect(await database.query(DONE)).toEqual([{ n: 1 }]);
    });
  });

  test('is found out when its answer is lost, and what it left is no hindrance', async ({
    work,
    database,
  }) => {
    await behindProxy({ work, database }, async (setting) => {
      await database.query('CREATE TABLE done (n int PRIMARY KEY)');
      const running = await dieAsleep(setting, { seconds: 1, which: 'those that are open' });
      const { status, stderr } = await running.finished;
      expect(stderr).toContain('the server waits for the next statement, and its answer has not come');
      expect(status, stderr).toBe(0);
      expect(await database.query(DONE)).toEqual([{ n: 1 }]);
    });
  });

  test('with the whole server ends the run', async ({ work, database }) => {
    await behindProxy({ work, database }, async (setting) => {
      await database.query('CREATE TABLE done (n int)');
      const more = ['--retries', '1'];
      const running = await dieAsleep(setting, {
        seconds: 60,
        which: 'all',
        more,
        env: { PGCONNECT_TIMEOUT: '3' },
      });
      const { status, stderr } = await running.finished;
      expect(stderr).toContain('the server does not answer any more (ETIMEDOUT); again in');
      expect(stderr).toContain('did not answer within the connect timeout');
      expect(status).toBe(3);
      await database.query(TERMINATE);
    });
  });
});

describe('a connection that is only silent', () => {
  test('because a statement takes long is left alone', async ({ work, database }) => {
    await behindProxy({ work, database }, async ({ start }) => {
      await database.query('CREATE TABLE done (n int)');
      work.write({ '1.sql': SLEEPS(4), '2.sql': 'SELECT pg_sleep(4);' });
      const running = start(['1.sql', '2.sql', '-j', '2']);
      await until(database, LOOKED);
      const { status, stderr } = await running.finished;
      expect(stderr).not.toContain('again in');
      expect(status, stderr).toBe(0);
      expect(await database.query(DONE)).toEqual([{ n: 1 }]);
    });
  });

  test('because its data come slowly, or its results are not taken, is left alone', async ({
    work,
    database,
  }) => {
    await behindProxy({ work, database }, async ({ start }) => {
      await database.query('CREATE TABLE done (n int)');
      const pipe = join(work.directory, 'pipe');
      execFileSync('mkfifo', [pipe]);
      work.write({
        '1.sql': `SELECT repeat('x', 1000) FROM generate_series(1, 20000);\n\\copy done from 'pipe'`,
      });
      const running = start(['1.sql', '-j', '1', '--order', 'sequential']);
      running.process.stdout?.pause();
      await sleep(2500);
      running.process.stdout?.resume();
      const data = createWriteStream(pipe);
      for (let row = 1; row <= 3; row++) {
        await sleep(1200);
        data.write(`${row}\n`);
      }
      await until(database, LOOKED);
      data.end();
      const { status, stderr } = await running.finished;
      expect(stderr).not.toContain('again in');
      expect(status, stderr).toBe(0);
      expect(await database.query(DONE)).toEqual([{ n: 3 }]);
    });
  });
});
