import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { applyEvent, newSummary, KEPT_FAILURES } from '../../../src/report/run-summary.js';
import {
  bestSpeedUp,
  busyShare,
  currentJobs,
  failuresByCause,
  jobsEnded,
  jobsFailed,
  jobsTotal,
  rowsSoFar,
  shareEnded,
  speedUp,
} from '../../../src/report/run-totals.js';
import {
  at,
  jobDone,
  jobFailed,
  jobStarted,
  planReady,
  runFinished,
  serverFailure,
  started,
  statementFailure,
  pieceOf,
  fold,
} from './sample-run.js';

interface Spell {
  readonly pause: number;
  readonly duration: number;
  readonly rows: number;
  readonly weight: number;
  readonly end: 'done' | 'failed' | 'cancelled';
}

const spell: fc.Arbitrary<Spell> = fc.record({
  pause: fc.integer({ min: 0, max: 50 }),
  duration: fc.integer({ min: 0, max: 500 }),
  rows: fc.nat(1000),
  weight: fc.integer({ min: 1, max: 9 }),
  end: fc.constantFrom('done', 'done', 'done', 'failed', 'cancelled'),
});
const connections = fc.array(fc.array(spell, { maxLength: 8 }), { minLength: 1, maxLength: 5 });

/** The events of each connection in their own order. */
function streamsOf(plan: readonly (readonly Spell[])[]): RunEvent[][] {
  let job = 0;
  return plan.map((spells, connection) => {
    let now = 0;
    return spells.flatMap(({ pause, duration, rows, weight, end }) => {
      const from = now + pause;
      now = from + duration;
      const facts = { job: job++, connection, from, to: now, rows, weight };
      return end === 'done' ? jobDone(facts) : jobFailed(facts, [statementFailure()], end === 'cancelled');
    });
  });
}

/** Any merge of the streams that keeps each one's order. */
function merge(streams: readonly RunEvent[][], picks: readonly number[]): RunEvent[] {
  const rest = streams.map((stream) => [...stream]);
  const merged: RunEvent[] = [];
  for (let turn = 0; rest.some((stream) => stream.length > 0); turn++) {
    const open = rest.filter((stream) => stream.length > 0);
    const next = open[(picks[turn % picks.length] ?? 0) % open.length]?.shift();
    if (next !== undefined) merged.push(next);
  }
  return merged;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the fold', () => {
  it('adds up to the same totals however the events interleave', () => {
    const picks = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(connections, picks, (plan, order) => {
        const spells = plan.flat();
        const streams = streamsOf(plan);
        const wall = Math.max(0, ...streams.flat().map((event) => event.at));
        const summary = fold(started, planReady(spells.length), merge(streams, order));
        const ended = (end: Spell['end']): readonly Spell[] => spells.filter((each) => each.end === end);

        expect(summary.rows).toBe(sum(spells.map(({ rows }) => rows)));
        expect(summary.jobTime).toBe(sum(spells.map(({ duration }) => duration)));
        expect(summary.jobTime).toBe(sum([...summary.connections.values()].map(({ busy }) => busy)));
        expect(summary.now).toBe(wall);
        expect(summary.statements).toBe(ended('done').length);
        expect(summary.jobs.done).toBe(ended('done').length);
        expect(summary.jobs.cancelled).toBe(ended('cancelled').length);
        expect(jobsFailed(summary)).toBe(ended('failed').length);
        expect(jobsEnded(summary)).toBe(spells.length);
        expect(summary.learned.weight + summary.weightLost).toBe(sum(spells.map(({ weight }) => weight)));
        expect(summary.running.size).toBe(0);
        for (const { connection } of summary.connections.values()) {
          expect(busyShare(summary, connection)).toBeLessThanOrEqual(1);
        }
        expect(speedUp(summary) ?? 0).toBeLessThanOrEqual(plan.length);
      }),
    );
  });

  it('knows at each moment of a run which connection does what, and never more than all', () => {
    fc.assert(
      fc.property(connections, (plan) => {
        const summary = fold(started, planReady(plan.flat().length));
        const inTime = streamsOf(plan)
          .flat()
          .sort((a, b) => a.at - b.at);
        for (const event of inTime) {
          applyEvent(summary, event);
          expect(jobsEnded(summary) + summary.running.size).toBeLessThanOrEqual(jobsTotal(summary));
          expect(shareEnded(summary)).toBeLessThanOrEqual(1);
          for (const connection of summary.connections.keys()) {
            const share = busyShare(summary, connection, summary.now + 100);
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('follows a running job', () => {
    const summary = fold(started, jobStarted({ job: 7, connection: 2, from: 100, steps: 5 }), {
      type: 'job-progress',
      at: 400,
      job: 7,
      connection: 2,
      stepsDone: 3,
      rows: 40,
      place: at('a.sql', 9),
    });
    expect(currentJobs(summary).get(2)).toMatchObject({ job: 7, since: 100, stepsDone: 3, steps: 5 });
    expect(rowsSoFar(summary)).toBe(40);
    expect(busyShare(summary, 2, 1000)).toBe(0.9);
    expect(busyShare(summary, 0, 1000)).toBe(0);
  });

  it('tells wall time, speed-up and what the plan allows', () => {
    const summary = fold(
      started,
      planReady(3, { weight: 12, criticalPath: 5 }),
      jobDone({ job: 0, connection: 0, from: 0, to: 900 }),
      jobDone({ job: 1, connection: 1, from: 0, to: 600 }),
      runFinished(1000, 'done'),
    );
    expect(summary.status).toBe('done');
    expect(summary.now).toBe(1000);
    expect(speedUp(summary)).toBe(1.5);
    expect(bestSpeedUp(summary)).toBe(2.4);
  });

  it('has no speed-up before any time has passed', () => {
    expect(speedUp(newSummary())).toBeUndefined();
    expect(bestSpeedUp(newSummary())).toBeUndefined();
    expect(shareEnded(newSummary())).toBe(0);
  });
});

describe('failures', () => {
  const cancelledByServer = statementFailure({
    failure: { kind: 'cancelled', message: 'statement cancelled' },
  });

  it('come root cause first, with the jobs that were skipped because of them', () => {
    const summary = fold(
      started,
      planReady(5),
      jobFailed({ job: 1, from: 0, to: 5 }, [cancelledByServer]),
      jobFailed({ job: 0, connection: 1, from: 0, to: 6 }, [statementFailure()]),
      { type: 'job-skipped', at: 6, job: 2, name: 'c', weight: 1, reason: 'dependency', cause: 0 },
      { type: 'job-skipped', at: 6, job: 3, name: 'd', weight: 1, reason: 'dependency', cause: 0 },
      { type: 'job-skipped', at: 6, job: 4, name: 'e', weight: 1, reason: 'stopped' },
    );
    expect(failuresByCause(summary).map(({ job }) => job)).toEqual([0, 1]);
    expect(summary.skippedFor).toEqual(new Map([[0, 2]]));
    expect(summary.jobs).toEqual({ done: 0, failed: 2, skipped: 3, elsewhere: 0, cancelled: 0, stopped: 1 });
    expect(jobsEnded(summary)).toBe(5);
  });

  it('remember the piece, and are bounded in number', () => {
    const piece = pieceOf(2, 8, 2500);
    const many = Array.from({ length: KEPT_FAILURES + 5 }, (_, job) =>
      jobFailed({ job, from: job, to: job + 1, piece }, [statementFailure({ failure: serverFailure() })]),
    );
    const summary = fold(started, many.flat());
    expect(summary.failures).toHaveLength(KEPT_FAILURES);
    expect(summary.failures[0]?.piece).toEqual(piece);
    expect(summary.jobs.failed).toBe(KEPT_FAILURES + 5);
  });

  it('that pqrun itself caused are only counted', () => {
    const summary = fold(started, jobFailed({ job: 1, from: 0, to: 5 }, [cancelledByServer], true));
    expect(summary.failures).toEqual([]);
    expect(jobsFailed(summary)).toBe(0);
  });
});

it('counts notices and warnings', () => {
  const notice = { step: 0, severity: 'NOTICE', code: '00000', message: 'hello' };
  const summary = fold(
    { type: 'notice', at: 1, job: 0, place: at('a.sql', 1), notice },
    { type: 'warning', at: 2, diagnostic: { severity: 'warning', message: 'm' } },
    { type: 'connection-lost', at: 3, connection: 0, message: 'gone' },
  );
  expect([summary.notices, summary.warnings]).toEqual([1, 2]);
});
