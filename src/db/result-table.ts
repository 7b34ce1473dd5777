import type { Field, ResultSet, Value } from './statement-query.js';
import { displayWidth } from '../model/text-width.js';

/**
 * A result as psql prints it by default (aligned format, border 1, header and row count), so that a script shows under
 * pqrun what it shows under psql. Rules: PostgreSQL's src/fe_utils/print.c, print_aligned_text and pg_wcsformat.
 * It does not wrap to the terminal's width.
 */

/** Types whose values psql puts flush right: int2 int4 int8 float4 float8 numeric oid xid xid8 cid money. */
const FLUSH_RIGHT = new Set([21, 23, 20, 700, 701, 1700, 26, 28, 5069, 29, 790]);

export function resultText(result: ResultSet): string {
  return result.kind === 'copy' ? result.data : tableText(result.fields, result.rows);
}

function tableText(fields: readonly Field[], rows: readonly (readonly Value[])[]): string {
  const headers = fields.map((field) => linesOf(field.name));
  const cells = rows.map((row) => row.map((value) => linesOf(value ?? '')));
  const widths = fields.map((_, column) =>
    Math.max(0, ...[headers, ...cells].flatMap((row) => (row[column] ?? []).map(displayWidth))),
  );
  const flushRight = fields.map((field) => FLUSH_RIGHT.has(field.dataTypeID));
  const lines = [
    ...rowLines(headers, { widths, place: widths.map(() => 'center'), header: true }),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
    ...cells.flatMap((row) =>
      rowLines(row, { widths, place: flushRight.map((right) => (right ? 'right' : 'left')), header: false }),
    ),
    rows.length === 1 ? '(1 row)' : `(${rows.length} rows)`,
  ];
  return `${lines.join('\n')}\n\n`;
}

interface Layout {
  readonly widths: readonly number[];
  readonly place: readonly ('left' | 'right' | 'center')[];
  readonly header: boolean;
}

/** A row whose values hold newlines takes several lines; psql marks each break with a `+` behind the column. */
function rowLines(cells: readonly (readonly string[])[], layout: Layout): readonly string[] {
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, column) => {
        const text = cell[line] ?? '';
        const last = column === cells.length - 1;
        const more = line + 1 < cell.length;
        const space = (layout.widths[column] ?? 0) - displayWidth(text);
        const place = layout.place[column] ?? 'left';
        const before = place === 'left' ? 0 : place === 'right' ? space : Math.floor(space / 2);
        const after = !layout.header && last && !more ? 0 : space - before;
        return ` ${' '.repeat(before)}${text}${' '.repeat(after)}${more ? '+' : layout.header || !last ? ' ' : ''}`;
      })
      .join('|'),
  );
}

function linesOf(value: string): readonly string[] {
  return value.split('\n').map((line) => line.replace(/\p{Cc}/gu, visible));
}

/** Control characters as psql writes them: `\r`, `\x07`; a tab as it is shown, up to the next multiple of eight. */
function visible(character: string, offset: number): string {
  if (character === '\t') return ' '.repeat(8 - (offset % 8));
  if (character === '\r') return '\\r';
  return `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
