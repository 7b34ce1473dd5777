/** Where something stands in an input: the words every message and event uses for it. */

/** A position in a script as people count it: lines and columns from 1, columns in characters. */
export interface Place {
  /** The input's name as it is printed: the path as given, `<stdin>`, or `-c #1`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Of a file that a script includes: the `\i` that led there. */
  readonly from?: Place;
}

/** A half-open byte range `[start, end)` of an input. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `file:line:column`, the form editors and terminals make clickable. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** `included from a.sql:3`, from the innermost out; empty for a place in a script itself. */
export function includeLines({ from }: Place): readonly string[] {
  const lines: string[] = [];
  for (let place = from; place !== undefined; place = place.from) {
    if (lines.length === MOST_INCLUDES) return [...lines, '…'];
    lines.push(`included from ${place.file}:${place.line}`);
  }
  return lines;
}

const MOST_INCLUDES = 8;
