import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/script/faults.js';
import { readCsv } from '../../../src/script/records/csv.js';
import { readJson, readJsonLines } from '../../../src/script/records/json.js';
import type { RecordFaults, RecordTable } from '../../../src/script/records/table.js';

/** Files of records, before names and values are checked. */

interface ReadTable {
  readonly columns: readonly string[] | undefined;
  readonly values: readonly (readonly (string | null)[])[];
  readonly lines: readonly number[];
  /** `line message` */
  readonly faults: readonly string[];
}

function reading(read: (faults: RecordFaults) => RecordTable | undefined): ReadTable {
  const faults: string[] = [];
  const table = read({ add: (line, { message }: Fault) => void faults.push(`${line} ${message}`) });
  const records = table?.records ?? [];
  return {
    columns: table?.columns,
    values: records.map(({ values }) => values),
    lines: records.map(({ line }) => line),
    faults,
  };
}

const csv = (text: string): ReadTable => reading((faults) => readCsv(Buffer.from(text), faults));
const json = (text: string): ReadTable => reading((faults) => readJson(text, faults));
const lines = (text: string): ReadTable => reading((faults) => readJsonLines(text, faults));

/** Whatever PostgreSQL takes as text. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
const value = fc.option(
  fc.oneof(text, fc.constantFrom('', '"', '""', ',', '\n', '\r\n', '\r', ' ', "'", '\\', 'NULL')),
);
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((columns) => fc.array(fc.array(value, { minLength: columns, maxLength: columns })));
const names = ['a', 'b', 'größe', 'd'];

describe('CSV', () => {
  it('is NULL where nothing stands, and empty where quotes do', () => {
    expect(csv('a,b\n,""\n"",\n')).toMatchObject({
      columns: ['a', 'b'],
      values: [
        [null, ''],
        ['', null],
      ],
    });
    expect(csv('a\n\n""\n').values).toEqual([[null], ['']]);
  });

  it('may have a byte order mark, CRLF, and no line break at its end', () => {
    expect(csv('\ufeffa,b\r\n1,"x\r\ny"\r\n2,z')).toEqual({
      columns: ['a', 'b'],
      values: [
        ['1', 'x\r\ny'],
        ['2', 'z'],
      ],
      lines: [2, 4],
      faults: [],
    });
  });

  it('keeps blanks, and numbers as they are written', () => {
    expect(csv('a,b\n 1 ,0012345678901234567890.10\n').values).toEqual([
      [' 1 ', '0012345678901234567890.10'],
    ]);
  });

  it.each([
    ['', '1 the file is empty'],
    ['a,b\n1,2\n1\n', '3 this record has 1 value, and the header 2 columns'],
    ['a\n"x\ny"\n1,2,3\n', '4 this record has 3 values, and the header 1 column'],
    ['a,b\n1,2\n\n', '3 this record has 1 value, and the header 2 columns'],
    ['a\r\n"x\r\ny"\r\n"z\r\n', '4 a quoted value of the record that begins here is not closed'],
    ['a,b\n1,2\n1,"2"x\n', '3 something stands behind the closing quote of a value of this record'],
    ['a,b\n1,2"\n', '2 a quote stands inside a value of this record that does not begin with one'],
  ])('%j is told with its line', (file, fault) => {
    expect(csv(file).faults).toEqual([fault]);
  });

  it('gives back what was written into it', () => {
    const quoted = (item: string): string => `"${item.replaceAll('"', '""')}"`;
    const written = (item: string | null): string => {
      if (item === null) return '';
      return item === '' || /[",\r\n]|^\ufeff/.test(item) ? quoted(item) : item;
    };
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (records, lineBreak, marked) => {
        const columns = names.slice(0, records[0]?.length ?? 1);
        const file = [columns, ...records].map((row) => row.map(written).join(',') + lineBreak).join('');
        const found = csv(`${marked ? '\ufeff' : ''}${file}`);
        expect(found.faults).toEqual([]);
        expect(found.columns).toEqual(columns);
        expect(found.values).toEqual(records);
      }),
    );
  });
});

describe('JSON', () => {
  it('keeps numbers, objects and arrays as they are written', () => {
    const file =
      '[{"n": 12345678901234567890.10, "e": -1E+400, "o": {"a" : [1, "]}"]}, "t": true, "z": null}]';
    expect(json(file)).toEqual({
      columns: ['n', 'e', 'o', 't', 'z'],
      values: [['12345678901234567890.10', '-1E+400', '{"a" : [1, "]}"]}', 'true', null]],
      lines: [1],
      faults: [],
    });
  });

  it('takes the keys of the others in any order', () => {
    expect(json('[{"a":1,"b":2},\n{"b":3,"a":4}]')).toMatchObject({
      values: [
        ['1', '2'],
        ['4', '3'],
      ],
      lines: [1, 2],
    });
  });

  it('may have no record', () => {
    expect(json(' [ ] ')).toMatchObject({ columns: [], values: [], faults: [] });
    expect(lines('\n\n')).toMatchObject({ values: [], faults: [] });
  });

  it.each([
    ['', '1 this is no array: “[” is missing'],
    ['{"a":1}', '1 this is no array: “[” is missing'],
    ['[\n1]', '2 a record is no object: “{” is missing'],
    ['[{"a":1},\n{"a":2}', '2 “]” is missing'],
    ['[{"a":1}]\n\nx', '3 something stands behind the array'],
    ['[{"a":01}]', '1 a value is missing'],
    ['[{"a":"x\ny"}]', '1 a string has a control character, or an escape that JSON does not know'],
    ['[{"a":"\\x"}]', '1 a string has a control character, or an escape that JSON does not know'],
    ['[{"a":"x}]', '1 a string is not closed'],
    [
      '[{"a":1},\n{"b":1}]',
      '2 this record has no “a”',
      '2 this record has “b”, which the first record has not',
    ],
    ['[{"a":1},\n{"a":1,"a":2}]', '2 this record has a key twice'],
    [`[{"a":${'['.repeat(9999)}`, '1 objects and arrays are nested too deeply'],
  ])('%j is told with its line', (file, ...faults) => {
    expect(json(file).faults).toEqual(faults);
  });

  it('may be an object a line', () => {
    expect(lines('{"a":1}\r\n\n  {"a":"x"}')).toMatchObject({
      values: [['1'], ['x']],
      lines: [1, 3],
      faults: [],
    });
    expect(lines('{"a":1}\n{"a":\n2}').faults).toEqual(['3 this is not one object a line']);
    expect(lines('{"a":1} {"a":2}').faults).toEqual(['1 this is not one object a line']);
  });

  it('gives back what was written into it', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(undefined, 2), (records, indent) => {
        const columns = names.slice(0, records[0]?.length ?? 1);
        const objects = records.map((row) =>
          Object.fromEntries(row.map((item, at) => [columns[at] ?? '', item])),
        );
        const array = json(JSON.stringify(objects, undefined, indent));
        const each = lines(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
        for (const { faults, values } of [array, each]) {
          expect(faults).toEqual([]);
          expect(values).toEqual(records);
        }
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const isJson = (file: string): boolean => {
      try {
        JSON.parse(file);
        return true;
      } catch {
        return false;
      }
    };
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '\\', ',', '{', '}', '[', ']', ':', '0', '-', '.', 'e', 'n', '\n'),
      )
      .map(([whole, at, put]) => {
        const cut = at % (whole.length + 1);
        return whole.slice(0, cut) + put + whole.slice(put === '' ? cut + 1 : cut);
      });
    fc.assert(
      fc.property(broken, (inner) => {
        const file = `[{"a":${inner}}]`;
        // What the two objects of `1},{"a":2` have is another question.
        const { faults } = json(file);
        const syntax = faults.filter((fault) => !fault.includes('this record has'));
        const isArrayOfObjects =
          isJson(file) &&
          (JSON.parse(file) as unknown[]).every(
            (item) => typeof item === 'object' && item !== null && !Array.isArray(item),
          );
        expect(syntax.length === 0, file).toBe(isArrayOfObjects);
      }),
      { numRuns: 2000 },
    );
  });
});
