import { displayWidth, fitEnd, fitStart } from '../model/text-width.js';

/**
 * A line of source with a caret below the place that is meant.
 *
 * As psql shows it: long lines are cut to about 60 columns around the caret, of which at least ten stand to its right;
 * a tab counts as one space, so that the caret stays where it belongs. Wide characters take two columns.
 */
export interface Marked {
  /** Printed before the line: `LINE 3: `. */
  readonly prefix: string;
  readonly text: string;
  /** Of the caret, from 1, in characters; behind the end it points just behind the end. */
  readonly column: number;
}

const COLUMNS = 60;
const RIGHT_OF_CARET = 10;

/** Two lines: the text, and the caret below it. */
export function excerptLines({ prefix, text, column }: Marked): readonly [string, string] {
  // One space for each control character, so that columns keep their meaning.
  const characters = Array.from(text.trimEnd(), (character) => (/\p{Cc}/u.test(character) ? ' ' : character));
  const at = Math.min(Math.max(column - 1, 0), characters.length);
  const before = characters.slice(0, at).join('');
  const after = characters.slice(at).join('');

  const rightColumns = Math.max(RIGHT_OF_CARET, COLUMNS - displayWidth(before));
  const right = displayWidth(after) <= rightColumns + 1 ? after : `${fitStart(after, rightColumns)}…`;
  const leftColumns = COLUMNS - displayWidth(right);
  const left = displayWidth(before) <= leftColumns + 1 ? before : `…${fitEnd(before, leftColumns)}`;
  return [prefix + left + right, `${' '.repeat(displayWidth(prefix + left))}^`];
}

/** The line of a text that a position (in characters from 1) falls into. */
export function lineAt(text: string, position: number): { line: number; text: string; column: number } {
  const before = Array.from(text)
    .slice(0, Math.max(0, position - 1))
    .join('');
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', start);
  return {
    line: before.split('\n').length,
    text: text.slice(start, end < 0 ? text.length : end),
    column: Array.from(before.slice(start)).length + 1,
  };
}
