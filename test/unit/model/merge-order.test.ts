import { describe, expect, it } from 'vitest';
import { parseMergeOrder, UnreadableValue, type RowOrder } from '../../../src/model/merge-order.js';
import type { ResultColumn } from '../../../src/model/output.js';

/** How PostgreSQL itself orders values of each type is compared in test/integration/merge-order.test.ts. */

function columnsOf(text: string): unknown {
  const read = parseMergeOrder(text);
  return read.ok ? read.value.columns : read.diagnostics[0]?.message;
}

function bind(text: string, columns: readonly ResultColumn[]): RowOrder | string | undefined {
  const read = parseMergeOrder(text);
  if (!read.ok) throw new Error(text);
  const bound = read.value.bind(columns);
  return bound.ok ? bound.value : `${bound.diagnostics[0]?.message}; ${bound.diagnostics[0]?.hint}`;
}

const INT = 23;
const TEXT = 25;
const JSON_TYPE = 114;

describe('parsing', () => {
  it('reads what stands behind ORDER BY', () => {
    expect(columnsOf('Created DESC, id')).toEqual([
      { column: 'created', descending: true, nullsFirst: true },
      { column: 'id', descending: false, nullsFirst: false },
    ]);
    expect(columnsOf(' "A ""b"", c" collate "C" asc NULLS first,2 desc nulls last ')).toEqual([
      { column: 'A "b", c', descending: false, nullsFirst: true },
      { column: 2, descending: true, nullsFirst: false },
    ]);
  });

  it.each([
    ['', 'the merge order: a column is missing at its end'],
    ['a,', 'the merge order: a column is missing at its end'],
    [',a', 'the merge order: “,a” is not understood'],
    ['a, b down', 'the merge order: “b down” is not understood'],
    ['a nulls', 'the merge order: “a nulls” is not understood'],
    ['"a', 'the merge order: “"a” is not understood'],
  ])('refuses %j', (text, message) => {
    expect(columnsOf(text)).toBe(message);
  });
});

describe('binding', () => {
  const columns = [
    { name: 'id', dataTypeID: INT },
    { name: 'Name', dataTypeID: TEXT },
    { name: 'data', dataTypeID: JSON_TYPE },
    { name: 'twice', dataTypeID: INT },
    { name: 'twice', dataTypeID: INT },
  ];

  it.each([
    ['name', /there is no column "name"; the query gives "id", "Name", /],
    ['6', /there is no column number 6/],
    ['twice', /there is more than one column "twice"/],
    ['data', /values of the type of "data" cannot be compared; rows are merged by integers/],
  ])('refuses %j', (text, message) => {
    expect(bind(text, columns)).toMatch(message);
  });

  it('says what the queries must say', () => {
    const order = bind('"Name" desc, 5 nulls first', columns);
    expect(typeof order === 'object' && order.clause).toBe(
      'ORDER BY "Name" COLLATE "C" DESC, "twice" NULLS FIRST',
    );
  });

  it('tells a value that is not written as its type is', () => {
    const order = bind('d', [{ name: 'd', dataTypeID: 1082 }]);
    const key = typeof order === 'object' ? order.keyOf(['01/02/2024']) : undefined;
    expect(key).toBeInstanceOf(UnreadableValue);
    expect(key).toMatchObject({ hint: 'set DateStyle to ISO, or cast the column' });
  });
});
