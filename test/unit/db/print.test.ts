import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { characterWidth } from '../../../src/db/print/character-width.js';
import { resultText } from '../../../src/db/print/result-text.js';
import type { ResultSet } from '../../../src/db/result-taker.js';
import { DEFAULT_PRINT, type PrintSettings } from '../../../src/model/print.js';
import { applyPset } from '../../../src/script/pset.js';

/** What test/golden/record-print.ts wrote down of psql. */
interface Golden {
  readonly results: Readonly<Record<string, ResultSet>>;
  readonly settings: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** Name of settings → name of result → what psql prints. */
  readonly printed: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The characters that are not one column wide, as ranges of hexadecimal codes. */
  readonly widths: Readonly<Record<'zero' | 'wide', string>>;
}

// The recorder writes it in this shape.
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/print.json'), 'utf8'),
) as Golden;

function settingsOf(options: Readonly<Record<string, string | null>>): PrintSettings {
  return Object.entries(options).reduce((settings, [name, value]) => {
    const pset = applyPset(settings, name, value ?? undefined);
    if (!pset.ok) throw new Error(pset.fault.message);
    return pset.settings;
  }, DEFAULT_PRINT);
}

it.each(Object.entries(golden.settings))(
  'prints all results as psql does with the settings “%s”',
  (name, options) => {
    const settings = settingsOf(options);
    const printed = Object.entries(golden.results).map(([result, rows]) => [
      result,
      resultText(rows, settings),
    ]);
    expect(Object.fromEntries(printed)).toEqual(golden.printed[name]);
  },
);

it('takes every character of Unicode for as wide as psql does', () => {
  const expected = new Map<number, number>();
  for (const [kind, width] of [
    ['zero', 0],
    ['wide', 2],
  ] as const)
    for (const range of golden.widths[kind].split(' ')) {
      const [first = 0, last = first] = range.split('-').map((code) => Number.parseInt(code, 16));
      for (let code = first; code <= last; code += 1) expected.set(code, width);
    }
  const different: string[] = [];
  for (let code = 0x20; code < 0x110000; code += 1)
    if (characterWidth(String.fromCodePoint(code)) !== (expected.get(code) ?? 1))
      different.push(code.toString(16));
  expect(different).toEqual([]);
});

it('prints COPY data as they come, whatever the format', () => {
  const copy: ResultSet = { kind: 'copy', data: '1\t\\N\n' };
  expect(resultText(copy, { ...DEFAULT_PRINT, format: 'html', title: 'no' })).toBe(copy.data);
});

describe.each(['aligned', 'unaligned', 'csv', 'html'] as const)('as %s', (format) => {
  it.each(['off', 'on'] as const)('prints more rows than a call takes arguments, expanded %s', (expanded) => {
    const rows = Array.from({ length: 130_000 }, (_, index) => [String(index)]);
    const result: ResultSet = { kind: 'rows', fields: [{ name: 'n', dataTypeID: 23 }], rows };
    expect(resultText(result, { ...DEFAULT_PRINT, format, expanded })).toContain('129999');
  });
});

/** As psql 15.20 prints them. */
it.each([
  [0, '* Record 1\nb     x  +\n      y\n\n'],
  [1, '-[ RECORD 1 ]\nb     | x   +\n      | y\n\n'],
  [2, '+-[ RECORD 1 ]-+\n| b     | x   +|\n|       | y    |\n+-------+------+\n\n'],
] as const)('expanded, with border %i, fills values up to the header', (border, expected) => {
  const fields = [{ name: 'b    ', dataTypeID: 25 }];
  const result: ResultSet = { kind: 'rows', fields, rows: [['x\ny']] };
  expect(resultText(result, { ...DEFAULT_PRINT, border, expanded: 'on' })).toBe(expected);
});
