import type { Table } from './table.js';
import type { PrintSettings } from '../../model/print.js';

/** The CSV format (print.c: print_csv_text and print_csv_vertical): no title, no footer, every line ends with a newline. */
export function csvText(table: Table, print: PrintSettings): string {
  const { csvFieldSeparator: separator } = print;
  const line = (fields: readonly string[]): string =>
    `${fields.map((field) => quoted(field, separator)).join(separator)}\n`;
  if (print.expanded === 'on') {
    const { headers } = table;
    return table.rows
      .flatMap((row) => row.map((value, column) => line([headers[column] ?? '', value])))
      .join('');
  }
  const header = print.tuplesOnly ? '' : line(table.headers);
  return header + table.rows.map(line).join('');
}

/** In quotes where it must be, and where COPY would take the line for the end of its data. */
function quoted(field: string, separator: string): string {
  const endsCopy = field === '\\.' || separator === '\\' || separator === '.';
  if (!endsCopy && !field.includes(separator) && !/["\r\n]/.test(field)) return field;
  return `"${field.replaceAll('"', '""')}"`;
}
