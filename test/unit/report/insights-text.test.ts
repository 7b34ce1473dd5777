import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { displayWidth } from '../../../src/model/text-width.js';
import { insightsText } from '../../../src/report/insights-text.js';
import { makePaint } from '../../../src/report/paint.js';
import { summaryText } from '../../../src/report/summary-text.js';
import {
  at,
  connectionClosed,
  connectionOpened,
  fold,
  jobDone,
  jobFailed,
  pieceOf,
  planReady,
  runFinished,
  runStarted,
  statementFailure,
} from './sample-run.js';

const paint = makePaint(false);

/** So many connections, each with one job that is longer than the one before. */
function evenRun(connections: number): readonly RunEvent[] {
  const each = Array.from({ length: connections }, (_, connection) => [
    connectionOpened(250, { connection, startup: 30 + connection, init: 201.26 }),
    ...jobDone({ job: connection, connection, from: 250, to: 500 + connection * 100 }),
  ]);
  const close = Array.from({ length: connections }, (_, connection) =>
    connectionClosed(3000, 0.4, connection),
  );
  return [
    runStarted(connections),
    planReady(connections),
    ...each.flat(),
    ...close,
    runFinished(3001, 'done'),
  ];
}

const LOAD = 'INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 50000) g';
const pieces = [0, 1, 2, 3].flatMap((index) =>
  jobDone({
    job: 10 + index,
    name: `build/03-load.sql:12 [${index + 1}/4]`,
    connection: index % 2,
    from: 3000,
    to: 3800 + index * 100,
    rows: 50_000,
    place: at('build/03-load.sql', 12),
    piece: pieceOf(index, 4, 50_000),
    statement: LOAD,
  }),
);
const index = jobDone({
  job: 20,
  name: 'index',
  connection: 1,
  from: 3000,
  to: 3020,
  place: at('build/04-a-file-with-a-name-that-is-too-long-for-most.sql', 7),
  tag: 'CREATE INDEX',
  statement: 'CREATE INDEX ON orders (id)',
});

function text(columns: number, ...events: readonly (RunEvent | readonly RunEvent[])[]): string {
  return `\n${insightsText(fold(...events), { columns, paint })}\n`;
}

describe('insightsText', () => {
  it('is a table in one unit, and the slowest statements', () => {
    expect(text(80, evenRun(2), pieces, index)).toMatchInlineSnapshot(`
      "
      insights: 2 connections, times in ms
               start-up   init  waiting  working  exit  ratio  jobs
        1          30.0  201.3    699.6   2050.0   0.4   69 %     3
        2          31.0  201.3    379.6   2370.0   0.4   79 %     4
        total      61.0  402.5   1079.2   4420.0   0.8   74 %     7
        share       1 %    7 %     18 %     74 %   0 %
        mean       30.5  201.3    539.6   2210.0   0.4   74 %   3.5
        std         0.5    0.0    160.0    160.0   0.0    5 %   0.5

      slowest statements
        3.80 s  build/03-load.sql:12:1  4 pieces over 2 connections
                INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 50…
        350 ms  job-1.sql:1:1  connection 2
                INSERT INTO t SELECT 1
        250 ms  job-0.sql:1:1  connection 1
                INSERT INTO t SELECT 1
         20 ms  build/04-a-file-wi…me-that-is-too-long-for-most.sql:7:1  connection 2
                CREATE INDEX ON orders (id)
      "
    `);
  });

  it('fits a narrow terminal and uses a wide one', () => {
    expect(text(60, evenRun(2), pieces, index)).toMatchInlineSnapshot(`
      "
      insights: 2 connections, times in ms
               start-up   init  waiting  working  exit  ratio
        1          30.0  201.3    699.6   2050.0   0.4   69 %
        2          31.0  201.3    379.6   2370.0   0.4   79 %
        total      61.0  402.5   1079.2   4420.0   0.8   74 %
        share       1 %    7 %     18 %     74 %   0 %
        mean       30.5  201.3    539.6   2210.0   0.4   74 %
        std         0.5    0.0    160.0    160.0   0.0    5 %

      slowest statements
        3.80 s  build/…load.sql:12:1  4 pieces over 2 connections
                INSERT INTO orders SELECT g, md5(g::text) FROM g…
        350 ms  job-1.sql:1:1  connection 2
                INSERT INTO t SELECT 1
        250 ms  job-0.sql:1:1  connection 1
                INSERT INTO t SELECT 1
         20 ms  build/04-a-…o-long-for-most.sql:7:1  connection 2
                CREATE INDEX ON orders (id)
      "
    `);
    expect(text(120, evenRun(2), pieces, index)).toMatchInlineSnapshot(`
      "
      insights: 2 connections, times in ms
               start-up   init  waiting  working  exit  ratio  jobs
        1          30.0  201.3    699.6   2050.0   0.4   69 %     3
        2          31.0  201.3    379.6   2370.0   0.4   79 %     4
        total      61.0  402.5   1079.2   4420.0   0.8   74 %     7
        share       1 %    7 %     18 %     74 %   0 %
        mean       30.5  201.3    539.6   2210.0   0.4   74 %   3.5
        std         0.5    0.0    160.0    160.0   0.0    5 %   0.5

      slowest statements
        3.80 s  build/03-load.sql:12:1  4 pieces over 2 connections, median 950 ms, longest 1.10 s
                INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 50000) g
        350 ms  job-1.sql:1:1  connection 2
                INSERT INTO t SELECT 1
        250 ms  job-0.sql:1:1  connection 1
                INSERT INTO t SELECT 1
         20 ms  build/04-a-file-with-a-name-that-is-too-long-for-most.sql:7:1 (index)  connection 2
                CREATE INDEX ON orders (id)
      "
    `);
    for (const columns of [20, 40, 60, 80, 120]) {
      for (const line of text(columns, evenRun(16), pieces, index).split('\n'))
        expect(displayWidth(line)).toBeLessThan(columns);
    }
  });

  it('of one connection has no totals', () => {
    expect(text(80, evenRun(1))).toMatchInlineSnapshot(`
      "
      insights: 1 connection, times in ms
               start-up   init  waiting  working  exit  ratio  jobs
        1          30.0  201.3   2499.6    250.0   0.4    8 %     1
        share       1 %    7 %     84 %      8 %   0 %

      slowest statements
        250 ms  job-0.sql:1:1  connection 1
                INSERT INTO t SELECT 1
      "
    `);
  });

  it('lists sixteen connections, and of more the sums and the spread', () => {
    expect(text(80, evenRun(16)).match(/^ {2}\d+ /gm)).toHaveLength(16);
    const table = text(80, evenRun(17)).split('\n\n')[0];
    expect(table).toMatchInlineSnapshot(`
      "
      insights: 17 connections, times in ms
               start-up    init  waiting  working  exit  ratio  jobs
        total     646.0  3421.4  28893.2  17850.0   6.8   35 %    17
        share       1 %     7 %     57 %     35 %   0 %
        mean       38.0   201.3   1699.6   1050.0   0.4   35 %   1.0
        std         4.9     0.0    489.9    489.9   0.0   16 %   0.0
        least      30.0   201.3    899.6    250.0   0.4    8 %     1
        most       46.0   201.3   2499.6   1850.0   0.4   62 %     1"
    `);
  });

  it('counts in seconds where milliseconds would be noise, and tells how often a connection was opened', () => {
    const long = [connectionOpened(10, { startup: 10 }), ...jobDone({ job: 0, from: 10, to: 150_000 })];
    const renewed = [connectionOpened(150_100), connectionClosed(151_000, 100)];
    expect(text(80, runStarted(1), long, renewed)).toMatchInlineSnapshot(`
      "
      insights: 1 connection, times in s
               start-up  init  waiting  working  exit  ratio  jobs  opened
        1           0.0   0.0      0.9    150.0   0.1   99 %     1       2
        share       0 %   0 %      1 %     99 %   0 %

      slowest statements
        2 m 30 s  job-0.sql:1:1  connection 1
                  INSERT INTO t SELECT 1
      "
    `);
  });

  it('is empty when no connection was opened', () => {
    expect(insightsText(fold(runStarted(1), planReady(0)), { columns: 80, paint })).toBe('');
  });
});

it('stands in the summary where the slowest statements stand otherwise, before the failures', () => {
  const summary = fold(evenRun(2), jobFailed({ job: 9, from: 600, to: 700 }, [statementFailure()]));
  const parts = summaryText(summary, paint, {
    insights: insightsText(summary, { columns: 80, paint }),
  }).split('\n\n');
  expect(parts.map((part) => part.split(/[: ]/)[0])).toEqual(['done', 'insights', 'slowest', 'build/03.sql']);
  expect(parts[0]).not.toContain('slowest');
});
