import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectError, InputError, plan, run, type RunEvent } from 'pqrun';
import { describe, expect, expectTypeOf } from 'vitest';
import { startEmbedded } from '../../src/db/embedded/server.js';
import { test } from '../database.js';

/** pqrun as a library: the built package, imported by its name. */

const connectionOf = (url: string): { connection: { dbname: string } } => ({ connection: { dbname: url } });

describe('run', () => {
  test('gives the totals, events in order, results in the written order', async ({ database }) => {
    const events: RunEvent[] = [];
    const results: string[] = [];
    const result = await run({
      commands: [
        'CREATE TABLE t (n int)',
        '-- pqrun: split rows=10\nINSERT INTO t SELECT generate_series(:lo, :hi)',
        'SELECT sum(n) FROM t',
      ],
      jobs: 3,
      ...connectionOf(database.url),
      onEvent: (event) => events.push(event),
      onResult: (data) => void results.push(data.toString()),
    });
    expect(result).toMatchObject({
      status: 'done',
      jobs: { done: 5, failed: 0, skipped: 0 },
      rows: 11,
      failures: [],
    });
    expect(results).toEqual([' sum \n-----\n  55\n(1 row)\n\n']);
    expect(events.map((event) => event.type).slice(0, 1)).toEqual(['run-started']);
    expect(events.at(-1)?.type).toBe('run-finished');
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  test('tells failures as data, with the place, and rejects only where nothing ran', async ({ database }) => {
    const failed = await run({ commands: ['SELECT 1;\nSELECT nope'], ...connectionOf(database.url) });
    expect(failed.status).toBe('failed');
    expect(failed.failures[0]?.failures[0]).toMatchObject({
      place: { file: '-c #1', line: 2, column: 8 },
      failure: { kind: 'server', code: '42703' },
    });
    await expect(run({ commands: ['SELEC 1'], ...connectionOf(database.url) })).rejects.toThrow(InputError);
    await expect(
      run({ commands: ['SELECT 1'], connection: { host: '127.0.0.1', port: '1' } }),
    ).rejects.toThrow(ConnectError);
  });

  test('ends as interrupted when its signal is aborted, also before it began', async ({ database }) => {
    const controller = new AbortController();
    const result = await run({
      commands: ['SELECT pg_sleep(60)', 'SELECT 1'],
      ...connectionOf(database.url),
      signal: controller.signal,
      onEvent: (event) => event.type === 'job-started' && controller.abort('enough'),
    });
    expect(result).toMatchObject({ status: 'interrupted', jobs: { done: 0, failed: 1, skipped: 1 } });
    const early = await run({
      commands: ['SELECT pg_sleep(60)'],
      ...connectionOf(database.url),
      signal: AbortSignal.abort('never mind'),
    });
    expect(early.status).toBe('interrupted');
  });

  test('a listener that throws cannot break it', async ({ database }) => {
    const result = await run({
      commands: ['SELECT 1'],
      ...connectionOf(database.url),
      onEvent: () => {
        throw new Error('my listener is broken');
      },
    });
    expect(result.status).toBe('done');
  });

  test('never tells a password', async ({ database }) => {
    const events: RunEvent[] = [];
    await run({
      commands: [`CREATE ROLE r_${database.name} PASSWORD 'top-secret-1' IN ROLE nope; SELECT 1`],
      connection: {
        dbname: database.url.replace(/:[^:@/]*@/, `:${encodeURIComponent(database.env.PGPASSWORD)}@`),
      },
      onEvent: (event) => events.push(event),
    });
    const told = JSON.stringify(events);
    expect(told).toContain('nope');
    expect(told).not.toContain('top-secret-1');
    expect(told).not.toContain(database.env.PGPASSWORD);
  });

  test('needs several connections a thread beyond threads, and opens no more than asked', async ({
    database,
  }) => {
    const opened = new Set<number>();
    const backends = new Set<number>();
    const result = await run({
      commands: ['-- pqrun: split rows=21\nSELECT pg_sleep(0.05), :job'],
      jobs: 7,
      threads: 2,
      ...connectionOf(database.url),
      onEvent: (event) => {
        if (event.type === 'connection-opened') opened.add(event.connection);
        if (event.type === 'connection-opened') backends.add(event.backend);
      },
    });
    expect(result.status).toBe('done');
    expect([...opened].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(backends.size).toBe(7);
  });
});

test('plan reads and checks without a server', async () => {
  const { plan: made, warnings } = await plan({
    order: 'sequential',
    commands: ['SELECT 1', '-- pqrun: split rows=4 into=2\nSELECT :lo'],
  });
  expect(made.jobs.map((job) => job.name)).toEqual(['-c #1:1', '-c #2:2 [1/2]', '-c #2:2 [2/2]']);
  expect(warnings).toEqual([]);
  expectTypeOf(made.jobs[0]!.steps[0]!.place.line).toBeNumber();
  await expect(plan({ commands: ['SELECT FROM FROM'] })).rejects.toThrow(InputError);
});

test('a server that dies in mid-run is one clear sentence, and nothing more is started', async () => {
  const started = await startEmbedded({ connections: 10 });
  if (!started.ok) throw new Error(started.diagnostic.message);
  const { host, port, user, password, database, directory } = started.server;
  const postmaster = Number(readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
  try {
    const result = await run({
      commands: ['-- pqrun: split rows=2\nSELECT pg_sleep(60), :job', 'SELECT 1'],
      jobs: 2,
      retries: 0,
      connection: { host, port: String(port), user, password, dbname: database },
      onEvent: (event) => {
        if (event.type === 'job-started' && event.job === 1)
          setTimeout(() => process.kill(postmaster, 'SIGKILL'), 300);
      },
    });
    expect(result).toMatchObject({ status: 'failed', jobs: { done: 0, failed: 2, skipped: 1 } });
    const messages = result.failures.flatMap(({ failures }) =>
      failures.map(({ failure }) => ('message' in failure ? failure.message : '')),
    );
    expect(messages[0]).toMatch(/the connection to the server was lost|the server ended the connection/);
  } finally {
    await started.server.stop();
  }
});
