import { alignedExpandedText } from './aligned-expanded.js';
import { cellLines, cellWidth, type CellLine } from './cell-lines.js';
import { frameOf, type Frame, type Rule } from './line-style.js';
import { footerOf, type Table } from './table.js';
import type { PrintSettings } from '../../model/print.js';

/** The aligned format, a row a line (print.c: print_aligned_text, without what wraps). */
export function alignedText(table: Table, print: PrintSettings): string {
  const grid: Grid = { ...frameOf(print), widths: widthsOf(table), flushRight: table.flushRight };
  const width = totalWidth(grid);
  const tooWide = print.columns > 0 && width > print.columns && table.headers.length > 1;
  if (print.expanded === 'auto' && tooWide) return alignedExpandedText(table, print);
  const lines: string[] = [];
  if (!print.tuplesOnly) {
    if (print.title !== undefined) lines.push(centred(print.title, width));
    if (grid.border === 2) lines.push(ruleLine(grid.style.top, grid));
    lines.push(...headerLines(table.headers, grid), ruleLine(grid.style.middle, grid));
  }
  for (const row of table.rows) lines.push(...rowLines(row, grid));
  if (grid.border === 2) lines.push(ruleLine(grid.style.bottom, grid));
  const footer = footerOf(table, print);
  if (footer !== undefined) lines.push(footer);
  return [...lines, '\n'].join('\n');
}

interface Grid extends Frame {
  readonly widths: readonly number[];
  readonly flushRight: readonly boolean[];
}

/** In two passes (widths, then lines) so that the cells of a long result are not all kept twice. */
function widthsOf({ headers, rows }: Table): readonly number[] {
  const widths = headers.map(cellWidth);
  for (const row of rows)
    for (const [column, value] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, cellWidth(value));
  return widths;
}

/** What a title is centred in, as psql counts: with border 0, one more than the table is wide. */
function totalWidth({ border, widths }: Grid): number {
  const columns = widths.length;
  const between = border === 0 ? columns : border === 1 ? Math.max(0, columns * 3 - 1) : columns * 3 + 1;
  return widths.reduce((sum, width) => sum + width, between);
}

function centred(title: string, width: number): string {
  return ' '.repeat(Math.max(0, Math.floor((width - cellWidth(title)) / 2))) + title;
}

function ruleLine({ horizontal, left, crossing, right }: Rule, { border, widths }: Grid): string {
  const line = widths
    .map((width) => horizontal.repeat(width))
    .join(border === 0 ? ' ' : `${horizontal}${crossing}${horizontal}`);
  if (border === 0) return line;
  const inner = `${horizontal}${line}${horizontal}`;
  return border === 1 ? inner : `${left}${inner}${right}`;
}

function headerLines(headers: readonly string[], grid: Grid): readonly string[] {
  return gridLines(headers.map(cellLines), grid, ({ line, width, more }) => {
    const space = width - line.width;
    const before = Math.floor(space / 2);
    const mark = more ? grid.style.newline : ' ';
    return ' '.repeat(before) + line.text + ' '.repeat(space - before) + mark;
  });
}

function rowLines(row: readonly string[], grid: Grid): readonly string[] {
  const lastColumn = grid.border === 2 ? -1 : row.length - 1;
  return gridLines(row.map(cellLines), grid, ({ line, width, more, column }) => {
    // Nothing is filled up behind the last column, unless a border or a mark stands there.
    const open = column === lastColumn && !more;
    const space = ' '.repeat(width - line.width);
    if (grid.flushRight[column] === true && line !== NO_LINE)
      return space + line.text + (more ? grid.style.newline : open ? '' : ' ');
    return line.text + (open ? '' : space) + (more ? grid.style.newline : open ? '' : ' ');
  });
}

interface CellPart {
  readonly line: CellLine;
  readonly width: number;
  readonly column: number;
  /** Whether the value goes on in the next line. */
  readonly more: boolean;
}

/** Cells side by side, in as many lines as the highest has. */
function gridLines(
  cells: readonly (readonly CellLine[])[],
  { border, style, widths }: Grid,
  draw: (part: CellPart) => string,
): readonly string[] {
  const height = cells.reduce((highest, cell) => Math.max(highest, cell.length), 0);
  const gap = border === 0 ? '' : ' ';
  return Array.from({ length: height }, (_, index) => {
    const parts = cells.map(
      (cell, column) =>
        gap +
        draw({
          line: cell[index] ?? NO_LINE,
          width: widths[column] ?? 0,
          column,
          more: index + 1 < cell.length,
        }),
    );
    const line = parts.join(border === 0 ? '' : style.vertical);
    return border === 2 ? `${style.vertical}${line}${style.vertical}` : line;
  });
}

/** Stands beside a value that has more lines. */
const NO_LINE: CellLine = { text: '', width: 0 };
