import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StatementFinished } from '../../../src/model/event.js';
import { KEPT, newSlowStatements, recordStatement, slowest } from '../../../src/report/slow-statements.js';
import { at, pieceOf } from './sample-run.js';

const ALONE = { name: 'a.sql:1', connection: 3, piece: undefined };
const PIECE = { name: 'a.sql:5 [1/4]', connection: 0, piece: pieceOf(0, 4, 100) };

function finished(line: number, duration: number, rows = 1): StatementFinished {
  const place = at('a.sql', line);
  const facts = { place, statement: `INSERT ${line}`, tag: `INSERT 0 ${rows}`, rows, duration };
  return { type: 'statement-finished', at: 0, job: line, ...facts };
}

it('keeps the longest statements, longest first, and no more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: 60 }), (durations) => {
      const slow = newSlowStatements();
      durations.forEach((duration, line) => recordStatement(slow, finished(line, duration), ALONE));
      const expected = durations.toSorted((a, b) => b - a).slice(0, KEPT);
      expect(slowest(slow, KEPT).map(({ duration }) => duration)).toEqual(expected);
      expect(slow.singles.length).toBeLessThanOrEqual(KEPT);
    }),
  );
});

it('makes one entry of a split, ranked by the sum of its pieces', () => {
  const slow = newSlowStatements();
  recordStatement(slow, finished(1, 25), ALONE);
  for (const [index, duration] of [14, 10, 12, 11].entries())
    recordStatement(slow, finished(5, duration, 100), { ...PIECE, connection: (index + 1) % 3 });
  for (const duration of [1, 2, 9]) recordStatement(slow, finished(6, duration), PIECE);
  const [split, single, odd] = slowest(slow, 10);
  expect(split).toMatchObject({
    kind: 'split',
    duration: 47,
    pieces: 4,
    rows: 400,
    connections: [0, 1, 2],
    min: 10,
    median: 11.5,
    max: 14,
  });
  expect(single).toMatchObject({ kind: 'statement', duration: 25, statement: 'INSERT 1', connections: [3] });
  expect(odd).toMatchObject({ kind: 'split', pieces: 3, min: 1, median: 2, max: 9 });
});
