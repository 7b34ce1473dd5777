import type { Field, Value } from '../result-taker.js';

/** A format that is written row by row, so that a result of any size takes no memory. One writer writes one result. */
export interface RowWriter {
  /** What stands before the first row. */
  begin(fields: readonly Field[]): string;
  row(values: readonly Value[]): string;
  /** What stands behind the last row. */
  end(): string;
}
