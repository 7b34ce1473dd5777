import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNaturally, stageOf } from '../../../src/script/natural-order.js';

/** Few different characters, so that paths share beginnings, differ in padding only, and hold long numbers. */
const segment = fc.string({
  unit: fc.constantFrom('0', '1', '2', 'a', 'B', 'b', '-', '.', 'é'),
  minLength: 1,
  maxLength: 6,
});
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const sign = (a: string, b: string): number => Math.sign(compareNaturally(a, b));

describe('natural order is a total order (property):', () => {
  it('a pair has one order, whichever comes first, and only equal paths are equal', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        // `+ 0`: -0 is 0.
        expect(sign(a, b)).toBe(-sign(b, a) + 0);
        expect(sign(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('what comes before a comes before everything behind a', () => {
    fc.assert(
      fc.property(path, path, path, (a, b, c) => {
        const [first = '', middle = '', last = ''] = [a, b, c].toSorted(compareNaturally);
        expect(sign(first, middle)).toBeLessThanOrEqual(0);
        expect(sign(middle, last)).toBeLessThanOrEqual(0);
        expect(sign(first, last)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('sorting does not depend on the order things come in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const shuffled = paths.toReversed();
        expect(shuffled.toSorted(compareNaturally)).toEqual(paths.toSorted(compareNaturally));
      }),
    );
  });

  it('numbers go by value, however they are padded', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 30n), fc.bigInt(0n, 10n ** 30n), fc.nat(5), (a, b, zeros) => {
        fc.pre(a !== b);
        const padded = `${'0'.repeat(zeros)}${a}.sql`;
        expect(sign(padded, `${b}.sql`)).toBe(a < b ? -1 : 1);
      }),
    );
  });

  it('the files of a directory stay together', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 15 }), (paths) => {
        const directories = paths.toSorted(compareNaturally).map((file) => file.split('/')[0]);
        const changes = directories.filter((directory, index) => directory !== directories[index - 1]);
        expect(changes).toEqual([...new Set(directories)]);
      }),
    );
  });
});

it.each([
  [
    ['10.sql', '2.sql', '1.sql'],
    ['1.sql', '2.sql', '10.sql'],
  ],
  [
    ['10-b/1.sql', '2-a/9.sql', '10-b.sql'],
    ['2-a/9.sql', '10-b/1.sql', '10-b.sql'],
  ],
  [
    ['b.sql', 'a/z.sql', 'c/a.sql'],
    ['a/z.sql', 'b.sql', 'c/a.sql'],
  ],
  [
    ['01-b.sql', '1-a.sql'],
    ['1-a.sql', '01-b.sql'],
  ],
  [
    ['V10__x.sql', 'V9__y.sql'],
    ['V9__y.sql', 'V10__x.sql'],
  ],
])('orders %j as people do', (given, expected) => {
  expect(given.toSorted(compareNaturally)).toEqual(expected);
});

it.each([
  ['010-tables.sql', 10],
  ['10-tables/a.sql', 10],
  ['shop/20-a.sql', 20],
  ['10-tables/20-a.sql', 10],
  ['a.sql', undefined],
  ['v2.sql', undefined],
])('finds the stage of %s', (file, stage) => {
  expect(stageOf(file)).toBe(stage);
});
