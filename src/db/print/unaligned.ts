import { footerOf, type Table } from './table.js';
import type { PrintSettings } from '../../model/print.js';

/** The unaligned format (print.c: print_unaligned_text and print_unaligned_vertical). Values are printed as they are. */
export function unalignedText(table: Table, print: PrintSettings): string {
  return print.expanded === 'on' ? expandedText(table, print) : plainText(table, print);
}

function plainText(table: Table, print: PrintSettings): string {
  const records = table.rows.map((row) => row.join(print.fieldSeparator));
  if (!print.tuplesOnly) records.unshift(table.headers.join(print.fieldSeparator));
  if (!print.tuplesOnly && print.title !== undefined) records.unshift(print.title);
  const footer = footerOf(table, print);
  if (footer !== undefined) records.push(footer);
  return joined(records, print.recordSeparator, print);
}

/** A field a record, two separators between rows, no footer. */
function expandedText(table: Table, print: PrintSettings): string {
  const records = table.rows.map((row) =>
    row
      .map((value, column) => `${table.headers[column] ?? ''}${print.fieldSeparator}${value}`)
      .join(print.recordSeparator),
  );
  if (!print.tuplesOnly && print.title !== undefined) records.unshift(print.title);
  return joined(records, print.recordSeparator.repeat(2), print);
}

/** The last record ends with a newline whatever the separator, unless that is the zero byte (for xargs -0). */
function joined(records: readonly string[], separator: string, { recordSeparator }: PrintSettings): string {
  if (records.length === 0) return '';
  return records.join(separator) + (recordSeparator === '\0' ? '\0' : '\n');
}
