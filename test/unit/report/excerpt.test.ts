import fc from 'fast-check';
import { expect, it } from 'vitest';
import { excerptLines, lineAt } from '../../../src/report/excerpt.js';
import { displayWidth } from '../../../src/model/text-width.js';

const long = `SELECT ${Array.from({ length: 20 }, (_, index) => `column_${index}`).join(', ')} FROM nowhere`;

it('puts the caret below the character that is meant', () => {
  expect(excerptLines({ prefix: 'LINE 3: ', text: 'INSERT INTO x VALUES (1)', column: 13 })).toEqual([
    'LINE 3: INSERT INTO x VALUES (1)',
    '                    ^',
  ]);
});

it('counts a tab as one column and a wide character as two', () => {
  expect(excerptLines({ prefix: '', text: '\tSELECT 表名 FROM x', column: 17 })).toEqual([
    ' SELECT 表名 FROM x',
    '                  ^',
  ]);
});

it('points just behind the end at the most', () => {
  expect(excerptLines({ prefix: '> ', text: 'SELECT (1', column: 99 })).toEqual([
    '> SELECT (1',
    '           ^',
  ]);
  expect(excerptLines({ prefix: '> ', text: 'SELECT', column: 0 })).toEqual(['> SELECT', '  ^']);
});

it.each([
  ['at its beginning', 8, 'SELECT column_0, column_1, column_2, column_3, column_4, col…', '       ^'],
  [
    'in its middle',
    108,
    '…olumn_5, column_6, column_7, column_8, column_9, column_10,…',
    '                                                  ^',
  ],
  [
    'at its end',
    218,
    '…_15, column_16, column_17, column_18, column_19 FROM nowhere',
    '                                                  ^',
  ],
])('cuts a long line around a caret %s', (_where, column, text, caret) => {
  expect(excerptLines({ prefix: '', text: long, column })).toEqual([text, caret]);
});

it('always points at the same character, and stays narrow', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '表', '\t', ' ', '.'), maxLength: 150 });
  fc.assert(
    fc.property(line, fc.nat(160), (text, column) => {
      const [shown, caret] = excerptLines({ prefix: 'LINE 1: ', text, column });
      expect(displayWidth(shown)).toBeLessThanOrEqual('LINE 1: '.length + 62);
      const meant = Array.from(text.trimEnd().replaceAll('\t', ' '))[Math.max(column, 1) - 1];
      if (meant !== undefined && meant !== ' ') {
        expect(characterAtColumn(shown, caret.length - 1)).toBe(meant);
      }
    }),
  );
});

function characterAtColumn(text: string, column: number): string | undefined {
  let width = 0;
  for (const character of text) {
    if (width === column) return character;
    width += displayWidth(character);
  }
  return undefined;
}

it('finds the line that a position falls into', () => {
  expect(lineAt('SELECT 1,\n  nope\nFROM x', 13)).toEqual({ line: 2, text: '  nope', column: 3 });
  expect(lineAt('SELECT nope', 8)).toEqual({ line: 1, text: 'SELECT nope', column: 8 });
});
