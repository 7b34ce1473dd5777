import { cellLines, cellWidth, type CellLine } from './cell-lines.js';
import { frameOf, type Frame, type Rule } from './line-style.js';
import { footerOf, type Table } from './table.js';
import type { PrintSettings } from '../../model/print.js';

/**
 * The aligned format, a column a line, a header above each row (print.c: print_aligned_vertical, without what wraps). As
 * since psql 15.20, values are filled up to the width of the header; the ones before let it be wider.
 */
export function alignedExpandedText(table: Table, print: PrintSettings): string {
  if (table.rows.length === 0) return [footerOf(table, print) ?? [], '\n'].flat().join('\n');
  const sheet = sheetOf(table, print);
  const { border, style } = sheet;
  const names = table.headers.map(cellLines);
  const lines: string[] = [];
  if (!print.tuplesOnly && print.title !== undefined) lines.push(print.title);
  for (const [index, row] of table.rows.entries()) {
    const rule = index === 0 ? style.top : style.middle;
    if (!print.tuplesOnly) lines.push(recordLine(sheet, rule, index + 1));
    else if (index > 0 || border === 2) lines.push(recordLine(sheet, rule));
    for (const [column, value] of row.entries())
      lines.push(...fieldLines(names[column] ?? [], cellLines(value), sheet));
  }
  if (border === 2) lines.push(recordLine(sheet, style.bottom));
  return [...lines, '\n'].join('\n');
}

interface Sheet extends Frame {
  readonly nameWidth: number;
  readonly valueWidth: number;
  /** Whether some name has a newline in it: then all leave room for the mark. */
  readonly namesBreak: boolean;
}

function sheetOf(table: Table, print: PrintSettings): Sheet {
  const { headers, rows } = table;
  const nameWidth = widest(headers, 0);
  const namesBreak = headers.some((name) => name.includes('\n'));
  const frame = frameOf(print);
  const least = print.tuplesOnly ? 0 : leastValueWidth(table, { ...frame, nameWidth, namesBreak });
  const valueWidth = rows.reduce((width, row) => widest(row, width), Math.max(0, least));
  return { ...frame, nameWidth, valueWidth, namesBreak };
}

/** So that a field with its name, the rule between and the mark of a line that goes on is as wide as the last header. */
function leastValueWidth(
  { rows }: Table,
  { border, nameWidth, namesBreak }: Omit<Sheet, 'valueWidth'>,
): number {
  const digits = String(rows.length).length;
  const header = { 0: 9, 1: 12, 2: 15 }[border] + digits;
  const valuesBreak = rows.some((row) => row.some((value) => value.includes('\n')));
  const between = { 0: namesBreak ? 2 : 1, 1: 3, 2: 7 }[border];
  return header - nameWidth - between - (valuesBreak && border < 2 ? 1 : 0);
}

function widest(values: readonly string[], least: number): number {
  return values.reduce((width, value) => Math.max(width, cellWidth(value)), least);
}

/** `-[ RECORD 1 ]-+-----`: the header of a row, over the line where the vertical rule crosses; or a plain line. */
function recordLine({ border, nameWidth, valueWidth }: Sheet, rule: Rule, record?: number): string {
  const { horizontal } = rule;
  const fill = border === 0 ? ' ' : horizontal;
  const start = { 0: '', 1: horizontal, 2: rule.left + horizontal }[border];
  const label = record === undefined ? '' : border === 0 ? `* Record ${record}` : `[ RECORD ${record} ]`;
  const used = label.length + (border === 2 ? 0 : 1);
  const crossing = border === 0 ? [' '] : [horizontal, rule.crossing, horizontal];
  // A label longer than the names takes the place of the crossing, then of the line over the values.
  const over = Math.max(0, used - nameWidth);
  return [
    start,
    label,
    fill.repeat(Math.max(0, nameWidth - used)),
    ...crossing.slice(over),
    fill.repeat(Math.max(0, valueWidth - Math.max(0, over - crossing.length))),
    border === 2 ? horizontal + rule.right : '',
  ].join('');
}

/** One field: the lines of its name beside the lines of its value. */
function fieldLines(name: readonly CellLine[], value: readonly CellLine[], sheet: Sheet): readonly string[] {
  const { border, style } = sheet;
  const edge = border === 2 ? style.vertical : '';
  const middle = border === 0 ? '' : style.vertical;
  return Array.from({ length: Math.max(name.length, value.length) }, (_, index) => {
    const left = namePart(name[index], index + 1 < name.length, sheet);
    const right = valuePart(value[index], index + 1 < value.length, sheet);
    return edge + left + middle + right + edge;
  });
}

function namePart(line: CellLine | undefined, more: boolean, sheet: Sheet): string {
  const { border, style, nameWidth, namesBreak } = sheet;
  const hasMark = border > 0 || namesBreak;
  // printf's width for a blank: never less than one.
  if (line === undefined)
    return ' '.repeat(Math.max(1, nameWidth + border + (border === 0 && namesBreak ? 1 : 0)));
  const mark = more ? style.newline : hasMark ? ' ' : '';
  return (border === 2 ? ' ' : '') + line.text + ' '.repeat(nameWidth - line.width) + mark;
}

function valuePart(line: CellLine | undefined, more: boolean, sheet: Sheet): string {
  const { border, style, valueWidth } = sheet;
  if (line === undefined) return border === 2 ? ' '.repeat(valueWidth + 2) : '';
  const space = ' '.repeat(valueWidth - line.width);
  if (more) return ` ${line.text}${space}${style.newline}`;
  return border === 2 ? ` ${line.text}${space} ` : ` ${line.text}`;
}
