import type { Read } from '../../model/diagnostic.js';
import { failed, succeeded } from './fault.js';
import { isKeyword, unknownKeywordHint, type Conninfo, type Keyword } from './keywords.js';
import { isUri, parseUri } from './uri.js';

/**
 * Connection strings in libpq's keyword/value form: `host=db.example port=5432 password='it''s not'`.
 *
 * Source: PostgreSQL documentation, "Keyword/Value Connection Strings". Blanks may stand around the `=`; a value with
 * blanks, or an empty one, stands in single quotes; a backslash takes the next character as it is, quoted or not. The
 * last of several values wins. Messages count characters instead of quoting the string, which may hold a password.
 */
export function parseConninfo(text: string): Read<Conninfo> {
  const values = new Map<Keyword, string>();
  const scanner = new Scanner(text);
  while (scanner.skipBlanks()) {
    const start = scanner.position + 1;
    const name = scanner.takeName();
    if (name === undefined) {
      return failed(
        `missing "=" after the word at character ${start} of the connection string`,
        "write name=value, with values that hold blanks in single quotes: password='two words'",
      );
    }
    const value = scanner.takeValue();
    if (value === undefined) {
      return failed(
        `the quoted value of "${name}" has no end in the connection string`,
        "end it with a single quote; a quote inside the value is written \\'",
      );
    }
    if (!isKeyword(name)) {
      return failed(`unknown connection parameter "${name}"`, unknownKeywordHint(name));
    }
    values.set(name, value);
  }
  return succeeded(values);
}

/**
 * What stands behind -d: a URI, a keyword/value string, or a database's plain name. libpq tells them apart by the
 * URI's scheme and the `=`.
 */
export function parseDbname(text: string): Read<Conninfo> {
  if (isUri(text)) return parseUri(text);
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    return failed(
      `${scheme} is not the beginning of a PostgreSQL URI`,
      'write postgresql:// (or postgres://) in its place, when the server is PostgreSQL',
    );
  }
  if (text.includes('=')) return parseConninfo(text);
  return succeeded(new Map([['dbname' as const, text]]));
}

/** Walks through a keyword/value string. */
class Scanner {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** False at the end. */
  skipBlanks(): boolean {
    this.#match(/\s*/y);
    return this.position < this.#text.length;
  }

  /** Up to and with the `=` and the blanks around it; undefined when there is none. */
  takeName(): string | undefined {
    return this.#match(/([^=\s]*)\s*=\s*/y)?.[1];
  }

  /** Undefined when a quote has no end. */
  takeValue(): string | undefined {
    const quoted = this.#text[this.position] === "'";
    const found = quoted ? this.#match(/'((?:\\[^]|[^'\\])*)'/y) : this.#match(/((?:\\[^]|[^\s\\])*)\\?/y);
    return found?.[1]?.replaceAll(/\\([^])/g, '$1');
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text);
    if (found !== null) this.position += found[0].length;
    return found;
  }
}
