/**
 * What a byte of UTF-8 text can begin or continue in PostgreSQL's lexical rules (src/backend/parser/scan.l, which
 * psql's src/fe_utils/psqlscan.l follows). Bytes from 0x80 on belong to names, whatever character they are part of:
 * a non-breaking space is no white space. Neither is a vertical tab: servers before 16 refuse it, so it is kept.
 */
export const Class = {
  Other: 0,
  Blank: 1,
  Newline: 2,
  Letter: 3,
  Digit: 4,
  Quote: 5,
  DoubleQuote: 6,
  Dollar: 7,
  Colon: 8,
  Semicolon: 9,
  Open: 10,
  Close: 11,
  Backslash: 12,
  Dash: 13,
  Slash: 14,
  Dot: 15,
} as const;

const CLASSES = new Uint8Array(256);
mark(' \t\f', Class.Blank);
mark('\n\r', Class.Newline);
mark('_', Class.Letter);
mark('0123456789', Class.Digit);
mark("'", Class.Quote);
mark('"', Class.DoubleQuote);
mark('$', Class.Dollar);
mark(':', Class.Colon);
mark(';', Class.Semicolon);
mark('(', Class.Open);
mark(')', Class.Close);
mark('\\', Class.Backslash);
mark('-', Class.Dash);
mark('/', Class.Slash);
mark('.', Class.Dot);
CLASSES.fill(Class.Letter, 0x41, 0x5b).fill(Class.Letter, 0x61, 0x7b).fill(Class.Letter, 0x80);

function mark(characters: string, value: number): void {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = value;
}

/** The class of a byte; of `undefined` (behind the end): Other. */
export function classOf(byte: number | undefined): number {
  return byte === undefined ? Class.Other : (CLASSES[byte] ?? Class.Other);
}

/** May stand in an identifier behind its first character. */
export function continuesIdentifier(byte: number | undefined): boolean {
  const kind = classOf(byte);
  return kind === Class.Letter || kind === Class.Digit || kind === Class.Dollar;
}

/** May stand in a dollar-quote tag behind its first character, and anywhere in the name of a psql variable. */
export function continuesName(byte: number | undefined): boolean {
  const kind = classOf(byte);
  return kind === Class.Letter || kind === Class.Digit;
}
