import type { PrintFormat } from '../../model/print.js';

/** A file of results gets its format's extension. */
export function resultFile(name: string, format: PrintFormat): string {
  return `${name}.${EXTENSIONS[format]}`;
}

const EXTENSIONS = {
  aligned: 'txt',
  unaligned: 'txt',
  csv: 'csv',
  html: 'html',
  tsv: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
} as const satisfies Record<PrintFormat, string>;
