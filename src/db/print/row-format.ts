import { CsvWriter } from './csv.js';
import { JsonWriter } from './json.js';
import { TsvWriter } from './tsv.js';
import { UnalignedWriter } from './unaligned.js';
import type { PrintSettings } from '../../model/print.js';
import type { RowWriter } from './row-writer.js';

/** Undefined: the format needs all rows before it can print the first. */
export function rowWriter(print: PrintSettings): RowWriter | undefined {
  switch (print.format) {
    case 'csv':
      return new CsvWriter(print);
    case 'unaligned':
      return new UnalignedWriter(print);
    case 'tsv':
      return new TsvWriter(print);
    case 'json':
    case 'ndjson':
      return new JsonWriter(print.format);
    case 'aligned':
    case 'html':
      return undefined;
  }
}
