import { Worker } from 'node:worker_threads';
import { run, type RunEvent } from 'pqrun';
import { describe, expect, vi } from 'vitest';
import { backends, test, type TestDatabase } from '../database.js';

/** A thread that dies takes its connections along, and nothing else. */

/** The threads that are started from now on. */
function watchThreads(): Set<Worker> {
  const threads = new Set<Worker>();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this`
  const { postMessage } = Worker.prototype;
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...args) {
    threads.add(this);
    postMessage.apply(this, args);
  });
  return threads;
}

async function untilSleeping(database: TestDatabase, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const [row] = await database.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      );
      expect(row).toEqual({ n: count });
    },
    { timeout: 10_000 },
  );
}

describe('a thread that dies', () => {
  test.for([true, false])(
    'fails its job, and the others go on: keepGoing %s',
    async (keepGoing, { database }) => {
      const threads = watchThreads();
      const events: RunEvent[] = [];
      const running = run({
        commands: ['SELECT pg_sleep(1)', 'SELECT pg_sleep(1.1)', 'SELECT 3', 'SELECT 4'],
        order: 'none',
        jobs: 2,
        threads: 2,
        keepGoing,
        connection: { dbname: database.url },
        onEvent: (event) => events.push(event),
        onResult: () => undefined,
      });
      await untilSleeping(database, 2);
      const [first] = threads;
      await first?.terminate();
      const result = await running;
      vi.restoreAllMocks();
      expect(result.status).toBe('failed');
      expect(result.jobs).toMatchObject(
        keepGoing ? { done: 3, failed: 1 } : { done: 1, failed: 1, skipped: 2 },
      );
      const [failure] = result.failures.flatMap(({ failures }) => failures);
      expect(failure?.failure).toMatchObject({
        kind: 'connection',
        phase: 'lost',
        message: expect.stringContaining('the thread that held the connection has ended') as string,
      });
      await vi.waitFor(async () => expect(await backends(database.name)).toEqual([]), { timeout: 10_000 });
    },
  );
});
