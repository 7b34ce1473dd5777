import type { PrintSettings } from '../../model/print.js';
import type { ResultSet } from '../result-taker.js';
import { printable } from './printable.js';

/** What all formats print: texts only, NULL already replaced. */
export interface Table {
  readonly headers: readonly string[];
  /** By column: whether its values are numbers, which psql puts flush right. */
  readonly flushRight: readonly boolean[];
  /** Empty when there are no columns, however many rows the result has: psql prints cell by cell. */
  readonly rows: readonly (readonly string[])[];
  /** The rows of the result, for the footer. */
  readonly rowCount: number;
}

export function tableOf({ fields, rows }: ResultSet & { readonly kind: 'rows' }, nullText: string): Table {
  const shownNull = printable(nullText);
  return {
    headers: fields.map(({ name }) => printable(name)),
    flushRight: fields.map(({ dataTypeID }) => FLUSH_RIGHT.has(dataTypeID)),
    rows:
      fields.length === 0
        ? []
        : rows.map((row) => row.map((value) => (value === null ? shownNull : printable(value)))),
    rowCount: rows.length,
  };
}

/** `(3 rows)`, unless the settings have none. */
export function footerOf({ rowCount }: Table, print: PrintSettings): string | undefined {
  return footerText(rowCount, print);
}

export function footerText(rowCount: number, { tuplesOnly, footer }: PrintSettings): string | undefined {
  if (tuplesOnly || !footer) return undefined;
  return rowCount === 1 ? '(1 row)' : `(${rowCount} rows)`;
}

/** int2 int4 int8 float4 float8 numeric oid xid xid8 cid money. */
const FLUSH_RIGHT: ReadonlySet<number> = new Set([21, 23, 20, 700, 701, 1700, 26, 28, 5069, 29, 790]);
