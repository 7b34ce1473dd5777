import type { Read } from './diagnostic.js';
import type { ResultColumn } from './output.js';
import { SORTABLE, sortTypeOf, type SortType, type SortValue } from './sort-value.js';

/**
 * `created desc, id`: the order in which several servers give their rows, so that they can be merged into one.
 *
 * Written as behind ORDER BY: names of result columns (folded to lower case, unless in double quotes) or their numbers from
 * 1, `asc` or `desc`, `nulls first` or `nulls last`. NULLs are greater than everything, as in PostgreSQL. Texts go by their
 * bytes, so the queries must sort them with COLLATE "C", which may be written here too.
 *
 *     parseMergeOrder(text) → MergeOrder;  order.bind(columns) → RowOrder;  rowOrder.keyOf(row), rowOrder.compare(key, key)
 */
export interface MergeColumn {
  /** A name as the server gives it, or a number from 1. */
  readonly column: string | number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const ITEM =
  /\s*(?:"((?:[^"]|"")+)"|([^\s,"]+))(?:\s+collate\s+"C")?(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*(,|$)/iy;

export function parseMergeOrder(text: string): Read<MergeOrder> {
  const columns: MergeColumn[] = [];
  const items = new RegExp(ITEM);
  for (;;) {
    const from = items.lastIndex;
    const item = items.exec(text);
    if (item === null) return notUnderstood(text.slice(from));
    columns.push(columnOf(item));
    if (item[5] === '') return { ok: true, value: new MergeOrder(columns), warnings: [] };
  }
}

function columnOf([, quoted, plain = '', direction, nulls]: RegExpExecArray): MergeColumn {
  const name = quoted?.replaceAll('""', '"') ?? plain.toLowerCase();
  const isNumber = quoted === undefined && /^[1-9]\d*$/.test(plain);
  const descending = direction?.toLowerCase() === 'desc';
  const nullsFirst = nulls === undefined ? descending : nulls.toLowerCase() === 'first';
  return { column: isNumber ? Number(plain) : name, descending, nullsFirst };
}

function notUnderstood(rest: string): Read<never> {
  const what = rest.trim() === '' ? 'a column is missing at its end' : `“${rest.trim()}” is not understood`;
  return fault(
    `the merge order: ${what}`,
    'write columns as behind ORDER BY: created desc, id, "Name" nulls first',
  );
}

function fault(message: string, hint: string): Read<never> {
  return { ok: false, diagnostics: [{ severity: 'error', message, hint }] };
}

export class MergeOrder {
  readonly columns: readonly MergeColumn[];

  constructor(columns: readonly MergeColumn[]) {
    this.columns = columns;
  }

  /** For results with these columns. */
  bind(columns: readonly ResultColumn[]): Read<RowOrder> {
    const keys: BoundColumn[] = [];
    for (const wanted of this.columns) {
      const index = findColumn(wanted.column, columns);
      if (typeof index === 'string') {
        const names = columns.map(({ name }) => `"${name}"`).join(', ');
        return fault(`the merge order: ${index}`, `the query gives ${names || 'no columns'}`);
      }
      const { name = '', dataTypeID = 0 } = columns[index] ?? {};
      const type = sortTypeOf(dataTypeID);
      if (type === undefined)
        return fault(`the merge order: values of the type of "${name}" cannot be compared`, KNOWN_TYPES);
      keys.push({ ...wanted, index, position: keys.length, name, type });
    }
    return { ok: true, value: new RowOrder(keys), warnings: [] };
  }
}

const KNOWN_TYPES = `rows are merged by ${SORTABLE}; cast it to one of these`;

/** The index, or why there is none. */
function findColumn(wanted: string | number, columns: readonly ResultColumn[]): number | string {
  if (typeof wanted === 'number')
    return wanted <= columns.length ? wanted - 1 : `there is no column number ${wanted}`;
  const index = columns.findIndex(({ name }) => name === wanted);
  if (index < 0) return `there is no column "${wanted}"`;
  const isAmbiguous = columns.findLastIndex(({ name }) => name === wanted) !== index;
  return isAmbiguous ? `there is more than one column "${wanted}"` : index;
}

interface BoundColumn extends MergeColumn {
  /** Its place in the order. */
  readonly position: number;
  /** Its place in the rows. */
  readonly index: number;
  readonly name: string;
  readonly type: SortType;
}

/** What one row is ordered by: read once, compared often. */
export type SortKey = readonly (SortValue | null)[];

/** A value whose text cannot be read as one of its type. */
export class UnreadableValue {
  readonly message: string;
  readonly hint: string;

  constructor(text: string, { name, type }: Pick<BoundColumn, 'name' | 'type'>) {
    this.message = `the value ${shortened(text)} of "${name}" is not written as ${type.name} is by default`;
    this.hint = `set ${type.setting ?? 'what the session changed'}, or cast the column`;
  }
}

const SHOWN_VALUE = 60;

function shortened(text: string): string {
  return JSON.stringify(text.length <= SHOWN_VALUE ? text : `${text.slice(0, SHOWN_VALUE)}…`);
}

export class RowOrder {
  readonly #columns: readonly BoundColumn[];

  constructor(columns: readonly BoundColumn[]) {
    this.#columns = columns;
  }

  /** Of a row as the server's texts; null is NULL. */
  keyOf(row: readonly (string | null)[]): SortKey | UnreadableValue {
    const key: (SortValue | null)[] = [];
    for (const column of this.#columns) {
      const text = row[column.index] ?? null;
      const value = text === null ? null : column.type.read(text);
      if (value === undefined) return new UnreadableValue(text ?? '', column);
      key.push(value);
    }
    return key;
  }

  /** Less than zero: the first comes first. */
  compare(one: SortKey, other: SortKey): number {
    for (const column of this.#columns) {
      const { position } = column;
      const difference = compareValues(one[position] ?? null, other[position] ?? null, column);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The values of a row that it is ordered by, for messages: `created = "2024-01-01", id = "7"`. */
  describe(row: readonly (string | null)[]): string {
    return this.#columns
      .map(({ name, index }) => {
        const text = row[index] ?? null;
        return `${name} = ${text === null ? 'NULL' : shortened(text)}`;
      })
      .join(', ');
  }

  /** What the queries must say for their rows to come so: `ORDER BY "name" COLLATE "C" DESC NULLS LAST`. */
  get clause(): string {
    const parts = this.#columns.map(({ name, type, descending, nullsFirst }) => {
      const collate = COLLATED.has(type.name) ? ' COLLATE "C"' : '';
      const nulls = nullsFirst === descending ? '' : ` NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
      return `"${name.replaceAll('"', '""')}"${collate}${descending ? ' DESC' : ''}${nulls}`;
    });
    return `ORDER BY ${parts.join(', ')}`;
  }
}

const COLLATED = new Set(['text', 'character', 'character varying']);

type Direction = Pick<MergeColumn, 'descending' | 'nullsFirst'>;

function compareValues(
  one: SortValue | null,
  other: SortValue | null,
  { descending, nullsFirst }: Direction,
): number {
  if (one === other) return 0;
  if (one === null) return nullsFirst ? -1 : 1;
  if (other === null) return nullsFirst ? 1 : -1;
  if (one === other || !(one < other || one > other)) return 0;
  return one < other === descending ? 1 : -1;
}
