import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateRemaining } from '../../../src/report/eta.js';
import { newSummary } from '../../../src/report/run-summary.js';
import { at, jobDone, jobStarted, planReady, runFinished, started, fold } from './sample-run.js';

describe('estimateRemaining', () => {
  it('is unknown before there is anything to learn from', () => {
    expect(estimateRemaining(newSummary(), 5000)).toBeUndefined();
    const begun = fold(started, planReady(10), jobStarted({ job: 0, from: 0 }));
    expect(estimateRemaining(begun, 5000)).toBeUndefined();
    const early = fold(started, planReady(10), jobDone({ job: 0, from: 0, to: 100 }));
    expect(estimateRemaining(early, 100)).toBeUndefined();
    const crumb = fold(started, planReady(1000), jobDone({ job: 0, from: 0, to: 2000 }));
    expect(estimateRemaining(crumb, 2000)).toBeUndefined();
  });

  it('spreads what remains over the connections that the run kept busy', () => {
    // Two connections, all the time busy; 4 of 12 jobs of 1 s each are done, two are half done.
    const summary = fold(
      started,
      planReady(12),
      [0, 1].flatMap((connection) => [
        ...jobDone({ job: connection, connection, from: 0, to: 1000 }),
        ...jobDone({ job: connection + 2, connection, from: 1000, to: 2000 }),
        jobStarted({ job: connection + 4, connection, from: 2000 }),
      ]),
    );
    expect(estimateRemaining(summary, 2500)).toBeCloseTo(3500);
  });

  it('is never shorter than the rest of the longest running job', () => {
    const summary = fold(
      started,
      planReady(9, { weight: 108 }),
      [0, 1, 2, 3].flatMap((connection) => [
        ...jobDone({ job: connection, connection, from: 0, to: 1000 }),
        ...jobDone({ job: connection + 4, connection, from: 1000, to: 2000 }),
      ]),
      jobStarted({ job: 8, connection: 0, from: 2000, weight: 100 }),
    );
    expect(estimateRemaining(summary, 3000)).toBeCloseTo(99_000);
  });

  it('believes a chain that tells how far it is', () => {
    const summary = fold(
      started,
      planReady(2, { weight: 2 }),
      jobDone({ job: 0, from: 0, to: 1000 }),
      jobStarted({ job: 1, from: 1000, steps: 10 }),
      { type: 'job-progress', at: 5000, job: 1, connection: 0, stepsDone: 4, rows: 0, place: at('a.sql', 1) },
    );
    expect(estimateRemaining(summary, 5000)).toBeCloseTo(6000);
  });

  it('is unknown when everything that runs is overdue, nothing when nothing is left', () => {
    const done = jobDone({ job: 0, from: 0, to: 1000 });
    const overdue = fold(started, planReady(2), done, jobStarted({ job: 1, from: 1000 }));
    expect(estimateRemaining(overdue, 9000)).toBeUndefined();
    expect(estimateRemaining(fold(started, planReady(1), done), 1000)).toBe(0);
    expect(
      estimateRemaining(fold(started, planReady(1), done, runFinished(1000, 'done')), 1000),
    ).toBeUndefined();
  });

  it('is never negative, whatever the weights and times', () => {
    const job = fc.record({
      from: fc.nat(5000),
      length: fc.nat(5000),
      weight: fc.nat(50),
      done: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 20 }), fc.nat(200), fc.nat(20_000), (jobs, weight, now) => {
        const summary = fold(
          started,
          planReady(jobs.length, { weight }),
          jobs.flatMap((each, id) =>
            each.done
              ? jobDone({ ...each, job: id, connection: id % 3, to: each.from + each.length })
              : [jobStarted({ ...each, job: id, connection: id % 3 })],
          ),
        );
        const remaining = estimateRemaining(summary, now) ?? 0;
        expect(remaining).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(remaining)).toBe(true);
      }),
    );
  });
});
