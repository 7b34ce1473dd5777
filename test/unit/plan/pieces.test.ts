import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutSeries, cutSplit, pieceValues } from '../../../src/plan/pieces.js';

const place = { file: 'a.sql', line: 1, column: 1 };

describe('cutSeries', () => {
  it('covers 1..N exactly, in order, without gaps, in pieces that differ by at most one row', () => {
    const sizes = fc.oneof(fc.nat(50), fc.maxSafeNat());
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 300 }), (rows, count) => {
        const pieces = cutSeries(rows, count);
        expect(pieces).toHaveLength(Math.min(rows, count));
        let next = 1;
        for (const [index, piece] of pieces.entries()) {
          expect(piece).toMatchObject({ index, count: pieces.length, lo: next, hi: next + piece.rows - 1 });
          next = piece.hi + 1;
        }
        expect(next - 1).toBe(rows);
        const counts = pieces.map((piece) => piece.rows);
        if (counts.length > 0) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts.every((size) => size >= 1)).toBe(true);
      }),
    );
  });

  it('cuts 20,000,003 rows over 7 jobs', () => {
    expect(cutSeries(20_000_003, 7).map((piece) => piece.rows)).toEqual([
      2857144, 2857144, 2857143, 2857143, 2857143, 2857143, 2857143,
    ]);
  });

  it('makes no piece of no rows and one of one row', () => {
    expect(cutSeries(0, 4)).toEqual([]);
    expect(cutSeries(1, 8)).toEqual([{ index: 0, count: 1, unit: 'rows', rows: 1, lo: 1, hi: 1 }]);
  });
});

describe('cutSplit', () => {
  it('makes a piece a connection by default', () => {
    expect(cutSplit({ by: 'rows', rows: 10, place }, 3)).toHaveLength(3);
  });

  it('follows into=', () => {
    expect(cutSplit({ by: 'rows', rows: 10, into: 5, place }, 3)).toHaveLength(5);
  });

  it('never exceeds size= rows a piece', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 700 }), (rows, size) => {
        const pieces = cutSplit({ by: 'rows', rows, size, place }, 3);
        expect(pieces.every((piece) => piece.rows <= size)).toBe(true);
        expect(pieces.reduce((sum, piece) => sum + piece.rows, 0)).toBe(rows);
      }),
    );
  });
});

it('gives the slots of a piece', () => {
  const [, second] = cutSeries(5, 2);
  expect(second && pieceValues(second)).toEqual({ rows: '2', lo: '4', hi: '5', job: '1', jobs: '2' });
});
