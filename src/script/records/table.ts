import type { Fault } from '../faults.js';
import type { ValueRecord } from '../../model/script.js';

/** What a file of records holds, before it is checked. */
export interface RecordTable {
  readonly columns: readonly string[];
  /** That names them. */
  readonly columnsLine: number;
  readonly records: readonly (ValueRecord & { readonly line: number })[];
}

/** Takes what is wrong with a line of the file. */
export interface RecordFaults {
  add(line: number, fault: Fault): void;
}
