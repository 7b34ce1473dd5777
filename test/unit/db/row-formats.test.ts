import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEncoder } from '../../../src/db/print/json-value.js';
import { JsonWriter } from '../../../src/db/print/json.js';
import { TsvWriter } from '../../../src/db/print/tsv.js';
import { DEFAULT_PRINT } from '../../../src/model/print.js';

/** The formats that psql does not have. */

const [TEXT_ARRAY, INT8, INT8_ARRAY, JSON_TYPE, BOOL_ARRAY, NUMERIC, BOX_ARRAY] = [
  1009, 20, 1016, 114, 1000, 1700, 1020,
];

describe('JSON', () => {
  /** Any two columns of the same name, and names that look like what a number makes of them. */
  const names = fc.array(fc.constantFrom('a', 'a_2', 'a_3', 'a_2_2', 'b', '', '__proto__', '"\n'), {
    maxLength: 9,
  });

  it('has as many names as columns, and leaves the first of each as it is', () => {
    fc.assert(
      fc.property(names, (columns) => {
        const writer = new JsonWriter('ndjson');
        writer.begin(columns.map((name) => ({ name, dataTypeID: INT8 })));
        const row = writer.row(columns.map((_, column) => String(column)));
        const read = new Map(Object.entries(JSON.parse(row) as Record<string, number>));
        expect(read.size).toBe(columns.length);
        expect([...read.values()].toSorted((a, b) => a - b)).toEqual(columns.map((_, column) => column));
        for (const [column, name] of columns.entries())
          if (columns.indexOf(name) === column) expect(read.get(name)).toBe(column);
      }),
    );
  });

  it.each([
    [INT8, '-9223372036854775808', '-9223372036854775808'],
    [NUMERIC, '1234567890123456789012345678901234567890.5', '1234567890123456789012345678901234567890.5'],
    [701, '1e-07', '1e-07'],
    [701, 'NaN', '"NaN"'],
    [701, '-Infinity', '"-Infinity"'],
    [JSON_TYPE, '{"a":\r\n 1}', '{"a":   1}'],
    [BOOL_ARRAY, '{t,f,NULL}', '[true,false,null]'],
    [INT8_ARRAY, '{}', '[]'],
    [INT8_ARRAY, '[0:1][5:6]={{1,2},{3,4}}', '[[1,2],[3,4]]'],
    [1231, '{NaN,1.50}', '["NaN",1.50]'],
    [TEXT_ARRAY, '{"NULL",NULL,"",null}', '["NULL",null,"","null"]'],
    [TEXT_ARRAY, '{constructor}', '["constructor"]'],
    [BOX_ARRAY, '{(1,1),(0,0)}', '"{(1,1),(0,0)}"'],
  ])('of type %d: %s', (type, text, json) => {
    expect(jsonEncoder(type)(text)).toBe(json);
  });

  /** array_out's rules (src/backend/utils/adt/arrayfuncs.c): in quotes where it would be taken for something else. */
  function literal(value: Nested): string {
    if (value === null) return 'NULL';
    if (typeof value !== 'string') return `{${value.map(literal).join(',')}}`;
    const plain = value !== '' && !/[\s{},"\\]/.test(value) && !/^null$/i.test(value);
    return plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }

  it('reads back every array of texts as it was', () => {
    const text = fc.oneof(
      fc.constantFrom('NULL', 'null', '', ' ', '\\', '"', '\\"', '{', '}', ',', '\n', 'a"b\\c,d'),
      fc.string({ unit: 'binary' }),
    );
    const flat = fc.array(fc.option(text), { minLength: 1, maxLength: 5 });
    const array: fc.Arbitrary<Nested> = fc.oneof(flat, fc.array(flat, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(array, (value) => {
        expect(JSON.parse(jsonEncoder(TEXT_ARRAY)(literal(value)))).toEqual(value);
      }),
    );
  });
});

type Nested = string | null | readonly Nested[];

describe('TSV', () => {
  /** COPY's way back (PostgreSQL documentation, COPY, “Text Format”). */
  function readBack(line: string): readonly (string | null)[] {
    return line
      .split('\t')
      .map((cell) =>
        cell === '\\N' ? null : cell.replace(/\\(.)/gs, (_, letter: string) => LETTERS.get(letter) ?? letter),
      );
  }
  const LETTERS = new Map(Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }));

  it('is read back by COPY as it was', () => {
    const value = fc.oneof(
      fc.constantFrom('', '\\N', '\\.', 'NULL', '\\', '\t', '\n', '\r\n', '\\n', '\b\f\v'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(fc.option(value), { minLength: 1, maxLength: 6 }), (values) => {
        const line = new TsvWriter({ ...DEFAULT_PRINT, format: 'tsv' }).row(values);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(readBack(line.slice(0, -1))).toEqual(values);
      }),
    );
  });
});
