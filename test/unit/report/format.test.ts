import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatFactor,
  formatPlural,
  formatRate,
  formatShare,
} from '../../../src/report/format.js';

describe('formatDuration', () => {
  it.each([
    [0, '0.0 ms'],
    [-5, '0.0 ms'],
    [0.84, '0.8 ms'],
    [9.96, '10 ms'],
    [812.3, '812 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [3_210, '3.21 s'],
    [9_996, '10.0 s'],
    [42_530, '42.5 s'],
    [59_960, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_599_600, '1 h 00 m'],
    [3_720_000, '1 h 02 m'],
    [7_199_000, '2 h 00 m'],
    [360_000_000, '100 h 00 m'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('never rounds a part up to a whole unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/^1000 ms|^60\.0 s|^10\.00 s| 60 s$| 60 m$/);
      }),
    );
  });
});

it('formats an age in whole seconds', () => {
  expect([-1, 0, 999, 12_900, 59_999, 125_000, 3_720_000].map(formatAge)).toEqual([
    '0 s',
    '0 s',
    '0 s',
    '12 s',
    '59 s',
    '2 m 05 s',
    '1 h 02 m',
  ]);
});

it('formats counts, plurals, rates, shares and factors', () => {
  expect(formatCount(20_000_000)).toBe('20,000,000');
  expect([0, 1, 2].map((n) => formatPlural(n, 'job'))).toEqual(['0 jobs', '1 job', '2 jobs']);
  expect(formatRate(200_000, 3210)).toBe('62,305/s');
  expect(formatRate(2, 5000)).toBe('0.4/s');
  expect(formatRate(2, 0)).toBeUndefined();
  expect([0, 0.874, 0.999, 1].map(formatShare)).toEqual(['0 %', '87 %', '99 %', '100 %']);
  expect([0.5, 3.489, 12.36].map(formatFactor)).toEqual(['0.50x', '3.49x', '12.4x']);
});
