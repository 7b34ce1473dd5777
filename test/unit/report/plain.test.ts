import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { makePaint } from '../../../src/report/paint.js';
import { plainLines } from '../../../src/report/plain.js';
import type { Reporter } from '../../../src/report/reporter.js';
import {
  HandClock,
  jobDone,
  jobFailed,
  jobStarted,
  MemoryOutput,
  planReady,
  runFinished,
  runStarted,
  statementFailure,
  pieceOf,
} from './sample-run.js';

function begin(): {
  output: MemoryOutput;
  clock: HandClock;
  reporter: Reporter;
  tell: (...events: Told) => void;
} {
  const output = new MemoryOutput();
  const clock = new HandClock();
  const reporter = plainLines({ output, clock, paint: makePaint(false) });
  const tell = (...events: Told): void => events.flat().forEach((event) => reporter.event(event));
  return { output, clock, reporter, tell };
}
type Told = readonly (RunEvent | readonly RunEvent[])[];

describe('plainLines', () => {
  it('tells the plan, each job done, failures at once', async () => {
    const { output, reporter, tell } = begin();
    tell(
      runStarted(4),
      planReady(4),
      jobDone({ job: 0, from: 0, to: 0.8, name: '01-tables.sql:1' }),
      jobDone({ job: 1, from: 1, to: 1311, name: '02-load.sql:1', rows: 20_000 }),
      jobFailed({ job: 2, from: 1311, to: 1400 }, [statementFailure()]),
      { type: 'job-skipped', at: 1400, job: 3, name: 'd', weight: 1, reason: 'dependency', cause: 2 },
      runFinished(1400, 'failed'),
    );
    await reporter.close();
    expect(output.text).toMatchInlineSnapshot(`
      "4 jobs (8 statements) of 3 scripts over 4 connections to postgres@localhost:5432/shop
      [1/4] 01-tables.sql:1  0.8 ms
      [2/4] 02-load.sql:1  1.31 s  20,000 rows
      build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      "
    `);
  });

  it('tells a split when its last piece is done', () => {
    const { output, tell } = begin();
    tell(runStarted(2), planReady(4));
    for (const index of [0, 1, 2]) {
      const name = `load.sql:1 [${index + 1}/3]`;
      const piece = pieceOf(index, 3, 100);
      tell(jobDone({ job: index, from: 100 + index * 500, to: 1000 + index * 500, name, piece, rows: 100 }));
    }
    tell(jobDone({ job: 3, from: 2000, to: 2001, name: 'other.sql:1' }));
    expect(output.text.split('\n').slice(1, -1)).toEqual([
      '[3/4] load.sql:1 [3 pieces]  1.90 s  300 rows',
      '[4/4] other.sql:1  1.0 ms',
    ]);
  });

  it('says every 30 s what runs, and stops when it is closed', async () => {
    const { output, clock, reporter, tell } = begin();
    tell(runStarted(4), planReady(10));
    clock.goTo(30_000);
    expect(output.writes).toHaveLength(1);
    tell(jobDone({ job: 0, from: 0, to: 20_000, rows: 5000 }));
    for (const job of [1, 2, 3, 4, 5]) {
      tell(jobStarted({ job, connection: job, from: 31_000 - job * 1000, name: `${job}.sql:1` }));
    }
    clock.goTo(60_000);
    expect(output.writes.at(-1)).toBe(
      '[1/10] 1 m 00 s  5,000 rows  ETA 26 s  running: 5.sql:1 (34 s), 4.sql:1 (33 s), 3.sql:1 (32 s) and 2 more\n',
    );
    await reporter.close();
    expect(clock.waiting).toBe(0);
  });

  it('gives 10,000 small jobs a bounded number of lines that add up to all of them', async () => {
    const { output, reporter, tell } = begin();
    tell(runStarted(1), planReady(10_000));
    for (let job = 0; job < 10_000; job++) tell(jobDone({ job, from: job, to: job + 1, rows: 2 }));
    tell(runFinished(10_000, 'done'));
    await reporter.close();
    const lines = output.text.split('\n').slice(1, -1);
    expect(lines.length).toBeLessThan(115);
    const told = lines.map((line) => Number(/ ([\d,]+) more done/.exec(line)?.[1]?.replace(',', '') ?? 1));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(10_000);
    expect(lines[101]).toBe(
      '[2,100/10,000] 1,000 more done  2,000 rows  the longest: job-1100.sql:1  1.0 ms',
    );
  });
});
