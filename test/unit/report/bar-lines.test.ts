import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barLines } from '../../../src/report/bar-lines.js';
import { makePaint } from '../../../src/report/paint.js';
import type { RunSummary } from '../../../src/report/run-summary.js';
import { displayWidth } from '../../../src/model/text-width.js';
import {
  at,
  connectionClosed,
  connectionOpened,
  jobDone,
  jobFailed,
  jobStarted,
  planReady,
  runStarted,
  started,
  statementFailure,
  pieceOf,
  fold,
} from './sample-run.js';

const plain = makePaint(false);

function screen(summary: RunSummary, size: { columns: number; rows?: number; now?: number }): string {
  const { columns, rows = 24, now = 12_000 } = size;
  return '\n' + barLines({ summary, now, columns, rows, paint: plain }).join('\n');
}

const piece = pieceOf(2, 8, 2500);
const busy = fold(
  runStarted(4),
  planReady(40),
  Array.from({ length: 10 }, (_, job) =>
    jobDone({ job, connection: job % 4, from: job * 1000, to: job * 1000 + 900, rows: 123_456 }),
  ).flat(),
  jobFailed({ job: 10, connection: 3, from: 9000, to: 10_000 }, [statementFailure()]),
  jobStarted({
    job: 11,
    connection: 0,
    from: 500,
    name: 'build/warehouse/facts/03-load-orders.sql:12 [3/8]',
    piece,
  }),
  jobStarted({
    job: 12,
    connection: 1,
    from: 9500,
    name: 'build/warehouse/04-tiny-inserts.sql:1',
    steps: 120,
  }),
  {
    type: 'job-progress',
    at: 11_000,
    job: 12,
    connection: 1,
    stepsDone: 17,
    rows: 17,
    place: at('x.sql', 9),
  },
  jobStarted({ job: 13, connection: 2, from: 11_900, name: '05-index.sql:3' }),
);

describe('barLines', () => {
  it('shows the run and each connection at 80 columns', () => {
    expect(screen(busy, { columns: 80 })).toMatchInlineSnapshot(`
      "
      █████░░░░░░░░░░░░░░  27 %  11/40 jobs  1,234,577 rows  12 s  ETA 19 s  1 failed
      1   11 s  build/warehouse/facts/03-load-orders.sql:12 [3/8]  2,500 rows
      2    2 s  build/warehouse/04-tiny-inserts.sql:1  17/120 statements, 17 rows
      3    0 s  05-index.sql:3
      4         idle"
    `);
  });

  it('keeps what matters at 40 columns', () => {
    expect(screen(busy, { columns: 40 })).toMatchInlineSnapshot(`
      "
      █░░░░░░  11/40 jobs  ETA 19 s  1 failed
      1   11 s  build/war…orders.sql:12 [3/8]
      2    2 s  build/…-inserts.sql:1  17/120
      3    0 s  05-index.sql:3
      4         idle"
    `);
  });

  it('does not spread out at 200 columns', () => {
    expect(screen(busy, { columns: 200 })).toMatchInlineSnapshot(`
      "
      ███████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  27 %  11/40 jobs  1,234,577 rows  12 s  ETA 19 s  1 failed
      1   11 s  build/warehouse/facts/03-load-orders.sql:12 [3/8]  2,500 rows
      2    2 s  build/warehouse/04-tiny-inserts.sql:1  17/120 statements, 17 rows
      3    0 s  05-index.sql:3
      4         idle"
    `);
  });

  it('says where it goes before there is a plan, and when it is being cancelled', () => {
    expect(barLines({ summary: fold(started), now: 0, columns: 80, rows: 2, paint: plain })).toEqual([
      'starting: postgres@localhost:5432/shop',
    ]);
    const cancelling = fold(runStarted(1), planReady(4), {
      type: 'run-cancelling',
      at: 900,
      reason: 'SIGINT',
    });
    expect(screen(cancelling, { columns: 80, now: 1000 })).toMatchInlineSnapshot(`
      "
      ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0/4 jobs  1 s  cancelling
      1         idle"
    `);
  });

  it('shows the connections of many targets that are there, whatever their numbers are', () => {
    const turns = fold(
      { ...started, connections: 2, targets: ['a', 'b', 'c'] },
      planReady(6),
      connectionOpened(0, { connection: 0 }),
      connectionOpened(0, { connection: 4 }),
      connectionClosed(9, 1, 0),
      connectionOpened(20, { connection: 8 }),
      jobStarted({ job: 1, connection: 4, from: 100, name: 'x.sql:1@b' }),
    );
    expect(screen(turns, { columns: 40 })).toMatchInlineSnapshot(`
      "
      ░░░░░░░░░░░░░░░░░   0 %  0/6 jobs  12 s
      5   11 s  x.sql:1@b
      9         idle"
    `);
  });

  it('shows the oldest jobs when there are more connections than lines', () => {
    const many = fold(
      runStarted(30),
      planReady(100),
      Array.from({ length: 20 }, (_, job) => jobStarted({ job, connection: job + 5, from: 5000 - job * 10 })),
    );
    expect(screen(many, { columns: 60, rows: 8 })).toMatchInlineSnapshot(`
      "
      ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0/100 jobs  12 s
      21    7 s  job-15.sql:1
      22    7 s  job-16.sql:1
      23    7 s  job-17.sql:1
      24    7 s  job-18.sql:1
      25    7 s  job-19.sql:1
      … and 25 more (15 busy)"
    `);
    expect(barLines({ summary: many, now: 0, columns: 60, rows: 2, paint: plain })).toHaveLength(1);
    expect(barLines({ summary: many, now: 0, columns: 60, rows: 32, paint: plain })).toHaveLength(31);
  });

  it('never fills a line or the screen, whatever the size and the names', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '表', '/', ' ', '😀', '\n', '\t'), maxLength: 80 });
    const jobs = fc.array(
      fc.record({ name, steps: fc.integer({ min: 1, max: 2000 }), from: fc.nat(9_000_000) }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(
        jobs,
        fc.integer({ min: 10, max: 220 }),
        fc.integer({ min: 1, max: 40 }),
        (list, columns, rows) => {
          const summary = fold(
            runStarted(10),
            planReady(5_000),
            jobFailed({ job: 99, from: 0, to: 1000, rows: 1e9 }, [statementFailure()]),
            list.map((job, id) => jobStarted({ ...job, job: id, connection: id })),
          );
          const lines = barLines({ summary, now: 9_100_000, columns, rows, paint: plain });
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
          for (const line of lines) {
            expect(line).not.toMatch(/\p{Cc}/u);
            expect(displayWidth(line)).toBeLessThan(columns);
          }
        },
      ),
    );
  });
});
