import { characterWidth } from './character-width.js';

/** One line of a cell of an aligned table: what is printed, and the columns of the terminal it takes. */
export interface CellLine {
  readonly text: string;
  readonly width: number;
}

/**
 * A value as lines, at least one. Control characters are shown as psql does (pg_wcsformat in mbprint.c): `\r`, `\x07`,
 * `\u0085`; a tab as blanks up to the next multiple of eight.
 */
export function cellLines(value: string): readonly CellLine[] {
  if (PLAIN.test(value)) return [{ text: value, width: value.length }];
  return value.split('\n').map(cellLine);
}

/** The width of the widest line. */
export function cellWidth(value: string): number {
  if (PLAIN.test(value)) return value.length;
  return cellLines(value).reduce((widest, { width }) => Math.max(widest, width), 0);
}

/** Most values are, and need no look at each character. */
const PLAIN = /^[ -~]*$/;

function cellLine(line: string): CellLine {
  if (PLAIN.test(line)) return { text: line, width: line.length };
  let text = '';
  let width = 0;
  for (const character of line) {
    const shown = CONTROL.test(character) ? visible(character, width) : character;
    text += shown;
    width += shown === character ? characterWidth(character) : shown.length;
  }
  return { text, width };
}

const CONTROL = /\p{Cc}/u;

function visible(control: string, column: number): string {
  if (control === '\t') return ' '.repeat(8 - (column % 8));
  if (control === '\r') return '\\r';
  const code = control.charCodeAt(0);
  const digits = code.toString(16).toUpperCase();
  return code < 0x80 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
