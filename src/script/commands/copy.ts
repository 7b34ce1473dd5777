/**
 * The argument of `\copy`, taken apart as psql does (src/bin/psql/copy.c, parse_slash_copy): it finds the direction and
 * the file, and makes a COPY … FROM STDIN or TO STDOUT of the rest, which it does not understand. Variables are not
 * replaced in it.
 */
export interface CopyCommand {
  readonly from: boolean;
  /** `stdin`, `stdout`: where the script, and results, are; `pstdin`, `pstdout`: pqrun's own. */
  readonly file: CopyFile;
  /** What is sent. */
  readonly sql: string;
}

export type CopyFile =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'script' | 'process' };

export type ParsedCopy =
  | { readonly ok: true; readonly copy: CopyCommand }
  | { readonly ok: false; readonly message: string; readonly isShell: boolean };

export function parseCopy(text: string): ParsedCopy {
  try {
    return new CopyParser(text).parse();
  } catch (error) {
    if (error instanceof CopyFault) return { ok: false, message: error.message, isShell: error.isShell };
    throw error;
  }
}

/** Ends the parsing where it is, and never leaves this file. */
class CopyFault extends Error {
  readonly isShell: boolean;

  constructor(message: string, isShell = false) {
    super(message);
    this.isShell = isShell;
  }
}

const NAMES: Tokens = { delimiters: '.,()', quotes: '"' };
const QUERY: Tokens = { delimiters: '()', quotes: `"'` };
const COLUMNS: Tokens = { delimiters: '()', quotes: '"' };
const FILE: Tokens = { delimiters: ';', quotes: "'" };

class CopyParser {
  readonly #tokens: TokenReader;
  #target = '';

  constructor(text: string) {
    this.#tokens = new TokenReader(text);
  }

  parse(): ParsedCopy {
    const direction = this.#readTarget().toLowerCase();
    if (direction !== 'from' && direction !== 'to') throw parseError(direction);
    const from = direction === 'from';
    const file = this.#readFile();
    const sql = `COPY ${this.#target}${from ? ' FROM STDIN ' : ' TO STDOUT '}${this.#tokens.rest()}`;
    return { ok: true, copy: { from, file, sql } };
  }

  /** The table with its columns, or the query; returns the word behind it. */
  #readTarget(): string {
    let token = this.#next(NAMES);
    // As before PostgreSQL 7.3: COPY BINARY table.
    if (token.toLowerCase() === 'binary') {
      this.#target += token;
      token = this.#next(NAMES);
    }
    if (token === '(') token = this.#readParentheses(token);
    this.#target += ` ${token}`;
    token = this.#next(NAMES);
    if (token === '.') {
      this.#target += token + this.#next(NAMES);
      token = this.#next(NAMES);
    }
    return token === '(' ? this.#readColumns(token) : token;
  }

  /** A query, up to its last parenthesis, which is returned. */
  #readParentheses(open: string): string {
    let token = open;
    for (let depth = 1; depth > 0;) {
      this.#target += ` ${token}`;
      token = this.#next(QUERY);
      if (token === '(') depth += 1;
      else if (token === ')') depth -= 1;
    }
    return token;
  }

  #readColumns(open: string): string {
    let token = open;
    for (;;) {
      this.#target += ` ${token}`;
      token = this.#next(COLUMNS);
      if (token === ')') break;
    }
    this.#target += ` ${token}`;
    return this.#next(NAMES);
  }

  #readFile(): CopyFile {
    const token = this.#next(FILE);
    switch (token.toLowerCase()) {
      case 'program':
        throw new CopyFault('\\copy … program runs a shell command, which pqrun never does', true);
      case 'stdin':
      case 'stdout':
        return { kind: 'script' };
      case 'pstdin':
      case 'pstdout':
        return { kind: 'process' };
      default:
        return { kind: 'path', path: withoutQuotes(token) };
    }
  }

  #next(tokens: Tokens): string {
    const token = this.#tokens.next(tokens);
    if (token === undefined) throw new CopyFault('\\copy: parse error at end of line');
    return token;
  }
}

function parseError(token: string): CopyFault {
  return new CopyFault(`\\copy: parse error at "${token}"`);
}

/** What ends a token besides white space: delimiters, which are tokens themselves, and quotes, which begin one. */
interface Tokens {
  readonly delimiters: string;
  readonly quotes: string;
}

/** src/bin/psql/stringutils.c, strtokx. */
class TokenReader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  next({ delimiters, quotes }: Tokens): string | undefined {
    const text = this.#rest.replace(/^[ \t\n\r]+/, '');
    const [first] = text;
    if (first === undefined) return undefined;
    let end = 1;
    if (quotes.includes(first)) end = quotedEnd(text, first);
    else if (!delimiters.includes(first)) {
      while (end < text.length && !` \t\n\r${delimiters}${quotes}`.includes(text.charAt(end))) end += 1;
    }
    // One blank behind a token goes with it; the rest of the line is taken as it is.
    this.#rest = text.slice(end).replace(/^[ \t\n\r]/, '');
    return text.slice(0, end);
  }

  rest(): string {
    return this.#rest;
  }
}

/** Behind the closing quote, which two in a row are not; the end of the text when there is none. */
function quotedEnd(text: string, quote: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] !== quote) continue;
    if (text[at + 1] !== quote) return at + 1;
    at += 1;
  }
  return text.length;
}

function withoutQuotes(token: string): string {
  if (!token.startsWith("'")) return token;
  return token.replace(/^'/, '').replace(/'$/, '').replaceAll("''", "'");
}
