import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StatementFinished } from '../../../src/model/event.js';
import { KEPT, newSlowStatements, recordStatement, slowest } from '../../../src/report/slow-statements.js';
import { at } from './sample-run.js';

function finished(line: number, duration: number, rows = 1): StatementFinished {
  const place = at('a.sql', line);
  return { type: 'statement-finished', at: 0, job: line, place, tag: `INSERT 0 ${rows}`, rows, duration };
}

it('keeps the longest statements, longest first, and no more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: 60 }), (durations) => {
      const slow = newSlowStatements();
      durations.forEach((duration, line) => recordStatement(slow, finished(line, duration), false));
      const expected = durations.toSorted((a, b) => b - a).slice(0, KEPT);
      expect(slowest(slow, KEPT).map(({ duration }) => duration)).toEqual(expected);
      expect(slow.singles.length).toBeLessThanOrEqual(KEPT);
    }),
  );
});

it('makes one entry of a split, ranked by the sum of its pieces', () => {
  const slow = newSlowStatements();
  recordStatement(slow, finished(1, 25), false);
  for (const duration of [14, 10, 12, 11]) recordStatement(slow, finished(5, duration, 100), true);
  for (const duration of [1, 2, 9]) recordStatement(slow, finished(6, duration), true);
  const [split, single, odd] = slowest(slow, 10);
  expect(split).toMatchObject({
    kind: 'split',
    duration: 47,
    pieces: 4,
    rows: 400,
    min: 10,
    median: 11.5,
    max: 14,
  });
  expect(single).toMatchObject({ kind: 'statement', duration: 25 });
  expect(odd).toMatchObject({ kind: 'split', pieces: 3, min: 1, median: 2, max: 9 });
});
