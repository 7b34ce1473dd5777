import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { connectionInsights, lifeOf, spreadOf, totalTimes } from '../../../src/report/insights.js';
import {
  connectionClosed,
  connectionOpened,
  fold,
  jobDone,
  jobFailed,
  jobStarted,
  planReady,
  runFinished,
  runStarted,
  statementFailure,
} from './sample-run.js';

type Events = readonly (RunEvent | readonly RunEvent[])[];

/** The insights of the only connection. */
function insight(...events: Events): ReturnType<typeof connectionInsights>[number] | undefined {
  return connectionInsights(fold(runStarted(1), ...events))[0];
}

describe('the phases of a connection', () => {
  it('are opening, --init-sql, jobs, --exit-sql, and waiting for what is left between', () => {
    const one = insight(
      connectionOpened(230, { startup: 30, init: 200 }),
      jobDone({ job: 0, from: 250, to: 350 }),
      jobFailed({ job: 1, from: 400, to: 600 }, [statementFailure()]),
      connectionClosed(750, 50),
    );
    expect(one).toEqual({
      connection: 0,
      openings: 1,
      jobs: 2,
      times: { startup: 30, init: 200, waiting: 170, working: 300, exit: 50 },
      ratio: 300 / 750,
    });
  });

  it('add up to its life, from its opening to its goodbye, whatever it did', () => {
    const spells = fc.array(fc.record({ pause: fc.nat(50), work: fc.nat(500) }), { maxLength: 20 });
    fc.assert(
      fc.property(spells, fc.nat(100), fc.nat(300), fc.nat(60), (all, startup, init, exit) => {
        let now = startup + init;
        const jobs = all.map(({ pause, work }, job) => {
          const from = now + pause;
          now = from + work;
          return jobDone({ job, from, to: now });
        });
        const opened = connectionOpened(startup + init, { startup, init });
        const one = insight(opened, ...jobs, connectionClosed(now + exit, exit));
        expect(lifeOf(one!.times)).toBe(now + exit);
        expect(one!.times.working).toBe(all.reduce((sum, { work }) => sum + work, 0));
      }),
    );
  });

  it('of a connection that opened before the run began', () => {
    const one = insight(
      connectionOpened(0, { startup: 30 }),
      jobDone({ job: 0, from: 5, to: 10 }),
      connectionClosed(10, 0),
    );
    expect(one?.times).toEqual({ startup: 30, init: 0, waiting: 5, working: 5, exit: 0 });
  });

  it('sum up the jobs of a batch, which begin and end together', () => {
    const batch = [1, 2, 3, 4].map((job) => jobStarted({ job, from: 10 }));
    const ends = [1, 2, 3, 4].map((job): RunEvent => {
      const facts = { job, name: 'q', connection: 0, weight: 1, rows: 1, duration: job };
      return { type: 'job-finished', at: 25, ...facts };
    });
    const one = insight(connectionOpened(0), batch, ends, connectionClosed(30, 2));
    expect(one?.times).toEqual({ startup: 0, init: 0, waiting: 18, working: 10, exit: 2 });
    expect(one?.jobs).toBe(4);
  });

  it('count a renewal in the course of a job once, as opening', () => {
    const [started, statement, end] = jobDone({ job: 1, from: 100, to: 400 });
    const one = insight(
      connectionOpened(60, { startup: 10, init: 50 }),
      jobDone({ job: 0, from: 60, to: 100 }),
      started!,
      connectionOpened(170, { startup: 20, init: 50 }),
      statement!,
      end!,
      jobDone({ job: 2, from: 400, to: 500 }),
      connectionClosed(500, 0),
    );
    expect(one).toMatchObject({
      openings: 2,
      times: { startup: 30, init: 100, waiting: 0, working: 40 + 230 + 100, exit: 0 },
    });
    expect(lifeOf(one!.times)).toBe(500);
  });

  it('leave out the time between a loss and the renewal', () => {
    const [started, statement, end] = jobDone({ job: 0, from: 1000, to: 1100 });
    const one = insight(
      connectionOpened(0),
      { type: 'connection-lost', at: 200, connection: 0, message: 'gone' },
      started!,
      connectionOpened(1030, { startup: 30 }),
      statement!,
      end!,
      connectionClosed(1150, 10),
    );
    expect(one?.times).toEqual({ startup: 30, init: 0, waiting: 240, working: 70, exit: 10 });
  });

  it('last until now while nobody has said goodbye', () => {
    const one = insight(connectionOpened(0), jobDone({ job: 0, from: 0, to: 10 }), runFinished(50, 'done'));
    expect(one?.times).toMatchObject({ waiting: 40, working: 10 });
  });
});

it('a connection that never opened has no insights', () => {
  expect(connectionInsights(fold(runStarted(4), planReady(1), runFinished(5, 'failed')))).toEqual([]);
});

it('totals and spreads are over all connections', () => {
  const summary = fold(
    runStarted(2),
    [2, 0].map((connection) => connectionOpened(10, { connection, startup: 10 })),
    jobDone({ job: 0, connection: 0, from: 10, to: 50 }),
    jobDone({ job: 1, connection: 2, from: 20, to: 80 }),
    [0, 2].map((connection) => connectionClosed(100, 5, connection)),
  );
  const insights = connectionInsights(summary);
  expect(insights.map(({ connection }) => connection)).toEqual([0, 2]);
  const total = totalTimes(insights.map(({ times }) => times));
  expect(total).toEqual({ startup: 20, init: 0, waiting: 70, working: 100, exit: 10 });
  expect(spreadOf(insights.map(({ times }) => times.working))).toEqual({
    mean: 50,
    deviation: 10,
    least: 40,
    most: 60,
  });
});
