import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAxis, mostFalling, type Cut, type Share } from '../../../src/plan/cut.js';

/** Steps with few or many rows, heavy ones among them, in one or several parts. */
const axes = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.nat(100) }, { weight: 1, arbitrary: fc.nat(100_000) }), {
    minLength: 1,
    maxLength: 200,
  })
  .chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      parts: fc
        .uniqueArray(fc.nat(rows.length - 1), { maxLength: 3 })
        .map((starts) => [...new Set([0, ...starts.sort((one, other) => one - other)])]),
    }),
  );

function isWhole(cuts: readonly Cut[], rows: readonly number[]): void {
  expect(cuts[0]?.from).toBe(0);
  expect(cuts.at(-1)?.to).toBe(rows.length);
  for (const [index, { from, to, rows: own }] of cuts.entries()) {
    expect(to).toBeGreaterThan(from);
    if (index > 0) expect(from).toBe(cuts[index - 1]?.to);
    expect(own).toBe(rows.slice(from, to).reduce((sum, one) => sum + one, 0));
  }
}

const shares: fc.Arbitrary<Share> = fc.oneof(
  fc.record({ size: fc.integer({ min: 20, max: 1000 }) }),
  fc.record({ into: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ falling: fc.integer({ min: 1, max: 50 }) }),
);

/** The smallest limit that so many pieces can keep, by trying each sum of neighbours. */
function bestLargest(rows: readonly number[], into: number): number {
  const pieces = (limit: number): number => {
    let [count, sum] = [1, 0];
    for (const own of rows) {
      if (sum + own > limit && sum > 0) [count, sum] = [count + 1, 0];
      sum += own;
    }
    return count;
  };
  let [low, high] = [Math.max(...rows), rows.reduce((sum, one) => sum + one, 0)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (pieces(middle) <= into) high = middle;
    else low = middle + 1;
  }
  return low;
}

describe('cutting an axis', () => {
  it('covers all steps with pieces that follow each other, and goes across no partition', () => {
    fc.assert(
      fc.property(axes, shares, ({ rows, parts }, share) => {
        const cuts = cutAxis({ rows, parts }, share);
        isWhole(cuts, rows);
        for (const { from, to } of cuts) expect(parts.some((part) => part > from && part < to)).toBe(false);
      }),
    );
  });

  it('makes no more pieces than asked for, and the largest as small as the steps allow', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 50 }), ({ rows }, into) => {
        const cuts = cutAxis({ rows, parts: [0] }, { into });
        expect(cuts.length).toBeLessThanOrEqual(into);
        expect(Math.max(...cuts.map((cut) => cut.rows))).toBeLessThanOrEqual(bestLargest(rows, into) + 1e-3);
      }),
    );
  });

  it('keeps a size, but for single steps that are larger', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 5000 }), ({ rows, parts }, size) => {
        for (const { from, to, rows: own } of cutAxis({ rows, parts }, { size }))
          if (to - from > 1) expect(own).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('makes equal pieces of equal steps', () => {
    const rows = Array.from({ length: 1000 }, () => 10);
    expect(cutAxis({ rows, parts: [0] }, { into: 8 }).map((cut) => cut.rows)).toEqual(
      Array.from({ length: 8 }, () => 1250),
    );
    const odd = cutAxis({ rows, parts: [0] }, { into: 7 }).map((cut) => cut.rows);
    expect(odd).toHaveLength(7);
    expect(Math.max(...odd) - Math.min(...odd)).toBeLessThanOrEqual(10);
  });

  it('makes falling pieces, with which connections end together whatever their rows cost', () => {
    const steps = fc.record({
      connections: fc.integer({ min: 2, max: 12 }),
      costs: fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 }),
    });
    fc.assert(
      fc.property(steps, ({ connections, costs }) => {
        const rows = Array.from({ length: 10_000 }, () => 1000);
        const cuts = cutAxis({ rows, parts: [0] }, { falling: connections });
        expect(cuts.length).toBeLessThanOrEqual(mostFalling(connections));
        // Each connection takes its time for a row, and takes the next piece when it is free.
        const ends = Array.from({ length: connections }, () => 0);
        for (const { rows: own } of cuts) {
          const free = ends.indexOf(Math.min(...ends));
          ends[free] = (ends[free] ?? 0) + own * (costs[free] ?? 1);
        }
        const evenRate = costs.slice(0, connections).reduce((sum, cost) => sum + 1 / cost, 0);
        const best = rows.reduce((sum, one) => sum + one, 0) / evenRate;
        expect(Math.max(...ends)).toBeLessThanOrEqual(best * 1.04);
      }),
    );
  });

  it('makes not more falling pieces than there are places for, whatever the steps are', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 50 }), ({ rows, parts }, connections) => {
        const large = rows.map((one) => one * 1000);
        const cuts = cutAxis({ rows: large, parts }, { falling: connections });
        expect(cuts.length).toBeLessThanOrEqual(mostFalling(connections) + parts.length);
      }),
    );
  });

  it('gives each connection one piece where there are few rows', () => {
    const rows = Array.from({ length: 100 }, () => 100);
    expect(cutAxis({ rows, parts: [0] }, { falling: 4 })).toHaveLength(4);
  });

  it('gives a value of half the rows a piece of its own', () => {
    const rows = [...Array.from({ length: 50 }, () => 10), 1000, ...Array.from({ length: 50 }, () => 10)];
    expect(cutAxis({ rows, parts: [0] }, { into: 4 })).toContainEqual({ from: 50, to: 51, rows: 1000 });
  });
});
