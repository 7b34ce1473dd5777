import { continuesName } from './character-class.js';

/** Where tokens of SQL end, as far as their beginning tells. Places are indexes of a JavaScript string. */

/** Behind the letters, digits and underscores that begin here. */
export function wordEnd(text: string, start: number): number {
  let end = start;
  while (continuesName(text.charCodeAt(end))) end += 1;
  return end;
}

/** Behind the quote that closes the one that stands here; undefined: none does. Two side by side are one within. */
export function quoteEnd(text: string, start: number, quote: '"' | "'"): number | undefined {
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 2))
    if (text[at + 1] !== quote) return at + 1;
  return undefined;
}
