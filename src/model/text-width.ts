/**
 * How wide a text is on a terminal, and how to make it fit.
 *
 * Widths are columns: East Asian wide characters and emoji take two, combining marks none (as psql counts, see
 * PostgreSQL's src/common/wchar.c). Texts must be free of escape sequences: colour comes last, after fitting.
 */

const WIDE = new RegExp(
  '^(?:[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff' +
    '\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1f64f}\\u{1f680}-\\u{1f6ff}' +
    '\\u{1f900}-\\u{1f9ff}\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation})',
  'u',
);
const ZERO = /^(?:\p{Mn}|\p{Me}|\p{Cf})/u;
/** Plain ASCII needs no table; most texts are. */
const ASCII = /^[ -~]*$/;

export function characterWidth(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** One line that cannot move the cursor: line breaks, tabs and control characters become spaces, one for each run. */
export function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The longest beginning that fits. */
export function fitStart(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The longest end that fits. */
export function fitEnd(text: string, width: number): string {
  const characters = Array.from(text);
  let used = 0;
  let start = characters.length;
  while (start > 0) {
    used += characterWidth(characters[start - 1] ?? '');
    if (used > width) break;
    start--;
  }
  return characters.slice(start).join('');
}

/** `INSERT INTO big_ta…` */
export function shortenEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1 ? '' : `${fitStart(text, width - 1)}…`;
}

/**
 * `build/2024/…/03-load.sql:12 [3/8]`: the end keeps two thirds, because a job's name is told apart by its file's
 * name, line and piece.
 */
export function shortenMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  const start = fitStart(text, Math.floor((width - 1) / 3));
  return `${start}…${fitEnd(text, width - 1 - displayWidth(start))}`;
}

/** Fills up with spaces to the right. */
export function padColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
