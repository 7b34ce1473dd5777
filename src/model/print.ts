/**
 * How results are printed: psql's `\pset` options (PostgreSQL documentation, psql), those that pqrun honours. Immutable,
 * so that all statements between two `\pset` share one.
 */
export interface PrintSettings {
  readonly format: PrintFormat;
  /** One line a column instead of one a row; `auto`: only where an aligned table is wider than `columns`. */
  readonly expanded: 'on' | 'off' | 'auto';
  /** The width that `auto` goes by. 0 is the terminal's, and output that may go to a file has none. */
  readonly columns: number;
  /** 0 none, 1 between columns, 2 all around; HTML takes any number up to 65535. */
  readonly border: number;
  readonly lineStyle: 'ascii' | 'unicode';
  /** Between the columns of the unaligned format; may be the zero byte. */
  readonly fieldSeparator: string;
  /** Between the rows of the unaligned format; the zero byte also ends the last one, all others leave a newline there. */
  readonly recordSeparator: string;
  /** Between the columns of the CSV format. */
  readonly csvFieldSeparator: string;
  /** Printed in place of NULL. */
  readonly nullText: string;
  /** Rows only: no header, no title, no row count. */
  readonly tuplesOnly: boolean;
  /** The row count below a table. */
  readonly footer: boolean;
  readonly title?: string | undefined;
  /** Attributes of the `table` tag of the HTML format. */
  readonly tableAttributes?: string | undefined;
}

/** psql's own formats that `\pset` knows, and pqrun's. */
export type PrintFormat = 'aligned' | 'unaligned' | 'csv' | 'html' | 'tsv' | 'json' | 'ndjson';

/** What a psql session begins with. */
export const DEFAULT_PRINT: PrintSettings = {
  format: 'aligned',
  expanded: 'off',
  columns: 0,
  border: 1,
  lineStyle: 'ascii',
  fieldSeparator: '|',
  recordSeparator: '\n',
  csvFieldSeparator: ',',
  nullText: '',
  tuplesOnly: false,
  footer: true,
};
