import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { makePaint } from '../../../src/report/paint.js';
import { failuresText, summaryText } from '../../../src/report/summary-text.js';
import {
  at,
  jobDone,
  jobFailed,
  planReady,
  runFinished,
  runStarted,
  serverFailure,
  started,
  statementFailure,
  pieceOf,
  fold,
} from './sample-run.js';

const plain = makePaint(false);

function text(...events: readonly (RunEvent | readonly RunEvent[])[]): string {
  return `\n${summaryText(fold(...events), plain)}`;
}

const pieces = [0, 1, 2, 3]
  .map((index) =>
    jobDone({
      job: index,
      connection: index,
      from: 100,
      to: 900 + index * 400,
      rows: 50_000,
      place: at('build/03-load.sql', 12),
      piece: pieceOf(index, 4, 50_000),
    }),
  )
  .flat();
const index = jobDone({
  job: 4,
  connection: 3,
  from: 2100,
  to: 3200,
  place: at('build/04-index.sql', 1),
  tag: 'CREATE INDEX',
});

describe('summaryText', () => {
  it('cuts what is told of slow statements where the terminal ends, and nothing else', () => {
    const summary = fold(
      runStarted(4),
      planReady(5, { weight: 5, criticalPath: 2 }),
      pieces,
      index,
      runFinished(3210, 'done'),
    );
    const [whole, cut] = [undefined, { columns: 60 }].map((style) =>
      summaryText(summary, plain, style).split('\n'),
    );
    const isSlow = (line: string): boolean => line.includes('build/');
    expect(cut?.filter(isSlow).map((line) => line.length)).toEqual([59, 56]);
    expect(cut?.find(isSlow)?.endsWith('…')).toBe(true);
    expect(cut?.filter((line) => !isSlow(line))).toEqual(whole?.filter((line) => !isSlow(line)));
  });

  it('of a small run that went well is short', () => {
    const all = text(
      runStarted(4),
      planReady(5, { weight: 5, criticalPath: 2 }),
      pieces,
      index,
      runFinished(3210, 'done'),
    );
    expect(all).toMatchInlineSnapshot(`
      "
      done: 5 jobs (2 statements, 200,000 rows) in 3.21 s over 4 connections
        job time  6.70 s, speed-up 2.09x (the critical path allows about 2.50x)
        busy      25 %, 37 %, 50 %, 97 %
        rows      62,305/s
        slowest   5.60 s  build/03-load.sql:12:1  INSERT, 200,000 rows in 4 pieces (median 1.40 s, longest 2.00 s)
                  1.10 s  build/04-index.sql:1:1  CREATE INDEX
      "
    `);
    expect(all.trim().split('\n').length).toBeLessThanOrEqual(12);
  });

  it('of a single job on one connection is shorter', () => {
    const job = jobDone({ job: 0, from: 0, to: 40, rows: 1 });
    expect(text(runStarted(1), planReady(1), job, runFinished(50, 'done'))).toMatchInlineSnapshot(`
      "
      done: 1 job (1 statement, 1 row) in 50 ms over 1 connection
      "
    `);
  });

  it('of nothing at all is one line', () => {
    expect(text(runStarted(0), planReady(0), runFinished(3, 'done'))).toBe(
      '\ndone: 0 jobs (0 statements, 0 rows) in 3.0 ms over 0 connections\n',
    );
  });

  it('sums up many connections', () => {
    const jobs = Array.from({ length: 20 }, (_, job) =>
      jobDone({ job, connection: job, from: 0, to: 50 + job * 50 }),
    );
    const all = text(runStarted(20), planReady(20), jobs.flat(), runFinished(1000, 'done'));
    expect(all).toContain('  busy      least 5 %, mean 52 %, most 100 %\n');
  });

  it('counts notices and warnings', () => {
    const notice = { step: 0, severity: 'NOTICE', code: '00000', message: 'hello' };
    const all = text(
      runStarted(1),
      planReady(1),
      { type: 'notice', at: 1, job: 0, place: at('a.sql', 1), notice },
      jobDone({ job: 0, from: 0, to: 40 }),
      runFinished(50, 'done'),
    );
    expect(all).toContain('  messages  1 notice\n');
  });

  it('of a failure ends with the root cause, what it kept from running, and how to go on', () => {
    const failed = statementFailure({
      failure: serverFailure({ hint: 'Create it.' }),
      excerpt: { line: 1, text: 'INSERT INTO x', column: 13 },
    });
    const stopped = (job: number): RunEvent => {
      return { type: 'job-skipped', at: 3000, job, name: 'x', weight: 1, reason: 'stopped', cause: 5 };
    };
    const all = text(
      runStarted(4),
      planReady(8),
      pieces,
      jobFailed({ job: 5, connection: 0, from: 900, to: 950 }, [failed]),
      stopped(6),
      stopped(7),
      runFinished(2110, 'failed'),
    );
    expect(all).toMatchInlineSnapshot(`
      "
      failed: 4 of 8 jobs done (1 statement, 200,000 rows), 1 failed, 2 skipped in 3.00 s over 4 connections
        job time  5.65 s, speed-up 1.88x
        busy      28 %, 40 %, 53 %, 67 %
        rows      66,667/s

      build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      LINE 1: INSERT INTO x
                          ^
      HINT:  Create it.
      2 jobs skipped because of it
      to go on: mend the cause and run again (what is done is committed, and a run begins at the first job),
      or give --keep-going to run whatever does not depend on a failed job
      "
    `);
  });

  describe('of many targets', () => {
    const names = Array.from({ length: 12 }, (_, n) => `t${n}`);
    const on = (target: string | undefined, events: readonly RunEvent[]): readonly RunEvent[] =>
      target === undefined ? events : events.map((event) => ({ ...event, target }));
    const run = (targets: readonly string[], ends: (job: number) => readonly RunEvent[]): string =>
      text(
        { ...started, connections: 2, targets },
        planReady(targets.length),
        ...targets.map((target, job) => on(target, ends(job))),
        runFinished(500, 'failed'),
      );
    const well = (job: number): readonly RunEvent[] => jobDone({ job, from: 0, to: 100 + job });
    const badly = (job: number): readonly RunEvent[] =>
      jobFailed({ job, from: 0, to: 100 }, [statementFailure()]);
    const targetLines = (summary: string): readonly string[] =>
      summary.split('\n').filter((line) => /^ {2}(targets {3}| {10})\D/.test(line));

    it('tells of each what was done, and where the slowest statements ran', () => {
      const summary = run(['a', 'b'], (job) => (job === 0 ? well(job) : badly(job)));
      expect(targetLines(summary)).toEqual([
        '  targets   a: 1 job done',
        '            b: 0 jobs done, 1 failed',
      ]);
      expect(run(['a', 'b'], well)).toMatch(/101 ms {2}\S+ on b {2}/);
    });

    it('tells of those that are not done, where they are many', () => {
      expect(targetLines(run(names, (job) => (job === 3 ? badly(job) : well(job))))).toEqual([
        '  targets   t3: 0 jobs done, 1 failed',
        '            the other 11: everything done',
      ]);
      expect(targetLines(run(names, well))).toEqual(['  targets   all 12: everything done']);
      expect(targetLines(run(names, badly)).slice(-2)).toEqual([
        '            t7: 0 jobs done, 1 failed',
        '            … and 4 more targets where not everything was done',
      ]);
    });

    it('does not call failed what was only not needed any more', () => {
      const cancelled = jobFailed({ job: 1, from: 0, to: 100 }, [statementFailure()], true);
      const summary = text(
        { ...started, connections: 2, targets: ['a', 'b'] },
        planReady(2),
        on('a', well(0)),
        on('b', cancelled),
        runFinished(500, 'done'),
      );
      expect(targetLines(summary)).toEqual([
        '  targets   a: 1 job done',
        '            b: 0 jobs done, 1 cancelled',
      ]);
      expect(summary).not.toContain('failed');
    });
  });

  it('of an interrupted run says what was cancelled and what never began', () => {
    const all = text(
      runStarted(2),
      planReady(3),
      jobDone({ job: 0, from: 0, to: 100 }),
      jobFailed({ job: 1, from: 100, to: 150 }, [statementFailure()], true),
      { type: 'job-skipped', at: 150, job: 2, name: 'c', weight: 1, reason: 'stopped' },
      runFinished(160, 'interrupted'),
    );
    expect(all.split('\n')[1]).toBe(
      'interrupted: 1 of 3 jobs done (1 statement, 0 rows), 1 cancelled, 1 skipped in 160 ms over 2 connections',
    );
    expect(all).not.toContain('to go on');
  });
});

describe('failuresText', () => {
  it('is empty when nothing failed', () => {
    expect(failuresText(fold(runStarted(1), jobDone({ job: 0, from: 0, to: 1 })), plain)).toBe('');
  });

  it('tells ten failures whole, more by their headline, and counts the rest', () => {
    const failures = Array.from({ length: 120 }, (_, job) =>
      jobFailed({ job, from: job, to: job + 1 }, [
        statementFailure({ place: at('a.sql', job + 1), failure: serverFailure({ hint: 'Create it.' }) }),
      ]),
    );
    const all = failuresText(fold(runStarted(1), failures.flat()), plain);
    expect(all.match(/^HINT/gm)).toHaveLength(10);
    expect(all.match(/^a\.sql:/gm)).toHaveLength(100);
    expect(all).toContain('\n… and 20 more failed jobs\n');
    expect(all).toMatch(/\nto go on: mend the cause and run again$/);
  });
});
