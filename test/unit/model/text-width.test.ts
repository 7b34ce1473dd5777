import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, shortenEnd, shortenMiddle, singleLine } from '../../../src/model/text-width.js';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '表', '😀', 'e\u0301', ' ', '/'), maxLength: 60 });

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['naïve', 5],
    ['nai\u0308ve', 5],
    ['表名', 4],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['😀!', 3],
    ['█░…', 3],
  ])('%s takes %d columns', (sample, width) => expect(displayWidth(sample)).toBe(width));
});

describe('shortening', () => {
  it('keeps what fits as it is', () => {
    expect(shortenMiddle('03-load.sql:12', 14)).toBe('03-load.sql:12');
    expect(shortenEnd('03-load.sql:12', 14)).toBe('03-load.sql:12');
  });

  it('keeps two thirds of the end of a name', () => {
    expect(shortenMiddle('build/2024/very/long/03-load.sql:12 [3/8]', 28)).toBe(
      'build/202…-load.sql:12 [3/8]',
    );
    expect(shortenEnd('INSERT INTO big_table', 12)).toBe('INSERT INTO…');
  });

  it('never exceeds the width, whatever the characters', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: -1, max: 70 }), (sample, width) => {
        expect(displayWidth(shortenMiddle(sample, width))).toBeLessThanOrEqual(Math.max(0, width));
        expect(displayWidth(shortenEnd(sample, width))).toBeLessThanOrEqual(Math.max(0, width));
      }),
    );
  });
});

it('makes one line of many, without escape sequences', () => {
  expect(singleLine('a\r\n\tb\x1b[31mc')).toBe('a b [31mc');
});
