import type { Fault } from '../faults.js';
import type { Place } from '../../model/place.js';
import type { RecordSet } from '../../model/script.js';

/** Where the records of splits come from, as far as whoever reads the script can have them. */
export interface RecordSources {
  /** Of a file; relative paths begin at the directory of the script. */
  file(path: string, from: Place): FoundRecords;
  /** The rows of a query. */
  query(sql: string, from: Place): FoundRecords;
}

/** `told`: what is wrong has been said at its own place; `unknown`: not known to whoever reads. */
export type FoundRecords =
  | { readonly kind: 'records'; readonly records: RecordSet }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'told' }
  | { readonly kind: 'unknown' };

/** Of a script that is read while it runs: such splits were refused before. */
export const NO_SOURCES: RecordSources = {
  file: () => ({ kind: 'unknown' }),
  query: () => ({ kind: 'unknown' }),
};
