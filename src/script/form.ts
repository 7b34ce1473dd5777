import { KEYWORDS, WORDS_OF_THE_GRAMMAR } from './keywords.js';
import { quoteEnd, wordEnd } from './token-ends.js';

/**
 * The form of a statement: its tokens, without what identifiers are called and what plain values are. The lexer gives the
 * grammar nothing else to go by, so statements of one form have one parse tree, but for these names, values and places.
 *
 * Only what is surely read so has a form: text in ASCII, without comments, escapes, and prefixes of strings. Words that the
 * grammar looks at stay in the form.
 */
export interface Form {
  /** Equal for equal forms. */
  readonly key: string;
  /** Of each token, its kind. */
  readonly kinds: readonly TokenKind[];
  /** Of each token, the index of its first character, and of the first behind it. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** `fixed`: a keyword, an operator, a run of punctuation, an empty string, which is in the form as it is. */
export type TokenKind = 'fixed' | 'name' | 'quoted' | 'string' | 'dollar' | 'integer' | 'decimal';

const LONGEST = 10_000;
const MOST_TOKENS = 1000;

/** Identifiers are cut behind so many bytes. */
const LONGEST_NAME = 63;
/** Whole numbers of more digits may be no integers to the grammar. */
const MOST_DIGITS = 9;

export function formOf(text: string): Form | undefined {
  if (text.length > LONGEST || UNFIT.test(text)) return undefined;
  const reader = new FormReader(text);
  return reader.read() ? reader : undefined;
}

/** Keywords as they have been written so far: most are always written in one case. */
const written = new Map<string, boolean>();
const FIXED: ReadonlySet<string> = new Set([...KEYWORDS, ...WORDS_OF_THE_GRAMMAR]);

function isFixed(word: string): boolean {
  const known = written.get(word);
  if (known !== undefined) return known;
  const isOne = FIXED.has(word.toLowerCase());
  if (written.size >= MOST_WORDS) written.clear();
  written.set(word, isOne);
  return isOne;
}

const MOST_WORDS = 5000;

/** Not ASCII; comments, unless they are within a string; escapes. */
// eslint-disable-next-line no-control-regex -- it says: not ASCII
const UNFIT = /[^\x00-\x7f]|--|\/\*|\\/;

class FormReader implements Form {
  key = '';
  readonly kinds: TokenKind[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #text: string;
  /** The number of that token. */
  #lastString = -2;

  constructor(text: string) {
    this.#text = text;
  }

  /** False: it has no form. */
  read(): boolean {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      const end = code <= SPACE ? at + 1 : this.#token(at, code);
      if (end === undefined || this.kinds.length > MOST_TOKENS) return false;
      at = end;
    }
    return true;
  }

  /** Behind the token that begins here. */
  #token(at: number, code: number): number | undefined {
    const kind = KINDS[code];
    if (kind === LETTER) return this.#word(at);
    if (kind === DIGIT) return this.#number(at);
    if (code === QUOTE) return this.#string(at);
    if (code === DOUBLE_QUOTE) return this.#quoted(at);
    return code === DOLLAR ? this.#dollar(at) : this.#punctuation(at);
  }

  #word(start: number): number | undefined {
    const end = wordEnd(this.#text, start);
    const next = this.#text.charCodeAt(end);
    // A prefix, as in E'…' and U&'…', or an identifier with a dollar.
    if (next === QUOTE || next === DOLLAR || next === AMPERSAND) return undefined;
    if (isFixed(this.#text.slice(start, end))) return this.#add('fixed', start, end);
    return end - start > LONGEST_NAME ? undefined : this.#add('name', start, end);
  }

  #number(start: number): number | undefined {
    let end = this.#digitsEnd(start);
    let kind: TokenKind = 'integer';
    if (this.#text.charCodeAt(end) === DOT) {
      const last = this.#digitsEnd(end + 1);
      if (last === end + 1) return undefined;
      [kind, end] = ['decimal', last];
    } else if (end - start > MOST_DIGITS) return undefined;
    const next = this.#text.charCodeAt(end);
    if (next === DOT || next === DOLLAR || KINDS[next] === LETTER) return undefined;
    return this.#add(kind, start, end);
  }

  #string(start: number): number | undefined {
    const end = quoteEnd(this.#text, start, "'");
    // Two that are parted by a line break are one.
    if (end === undefined || this.#isBehindString()) return undefined;
    return this.#addString(end === start + 2 ? 'fixed' : 'string', start, end);
  }

  #quoted(start: number): number | undefined {
    const end = quoteEnd(this.#text, start, '"');
    if (end === undefined || end === start + 2 || end - start > LONGEST_NAME) return undefined;
    const isWord = WORDS_OF_THE_GRAMMAR.has(this.#text.slice(start + 1, end - 1));
    return isWord ? undefined : this.#add('quoted', start, end);
  }

  /** $1, or $$…$$. */
  #dollar(start: number): number | undefined {
    const end = wordEnd(this.#text, start + 1);
    if (this.#text.charCodeAt(end) === DOLLAR) {
      const tag = this.#text.slice(start, end + 1);
      const close = this.#text.indexOf(tag, end + 1);
      if (KINDS[tag.charCodeAt(1)] === DIGIT || close < 0 || this.#isBehindString()) return undefined;
      return this.#addString(close === end + 1 ? 'fixed' : 'dollar', start, close + tag.length);
    }
    const isParameter = end > start + 1 && this.#digitsEnd(start + 1) === end;
    return isParameter ? this.#add('fixed', start, end) : undefined;
  }

  #punctuation(start: number): number | undefined {
    let end = start + 1;
    while (KINDS[this.#text.charCodeAt(end)] === OTHER) end += 1;
    const [last, next] = [this.#text.charCodeAt(end - 1), this.#text.charCodeAt(end)];
    const isQuote = next === QUOTE || next === DOUBLE_QUOTE;
    if ((last === AMPERSAND && isQuote) || (last === DOT && KINDS[next] === DIGIT)) return undefined;
    return this.#add('fixed', start, end);
  }

  #add(kind: TokenKind, start: number, end: number): number {
    this.kinds.push(kind);
    this.starts.push(start);
    this.ends.push(end);
    this.key += KEYS[kind] ?? `${this.#text.slice(start, end).toLowerCase()} `;
    return end;
  }

  /** Empty ones are fixed: the grammar takes some for none. */
  #addString(kind: TokenKind, start: number, end: number): number {
    this.#lastString = this.kinds.length;
    return this.#add(kind, start, end);
  }

  #isBehindString(): boolean {
    return this.#lastString === this.kinds.length - 1;
  }

  #digitsEnd(start: number): number {
    let end = start;
    while (KINDS[this.#text.charCodeAt(end)] === DIGIT) end += 1;
    return end;
  }
}

/** What stands in a key for tokens of a kind; undefined: the token. */
const KEYS: Readonly<Record<TokenKind, string | undefined>> = {
  fixed: undefined,
  name: 'I ',
  quoted: 'I ',
  string: 'S ',
  dollar: 'S ',
  integer: 'N ',
  decimal: 'D ',
};

const [SPACE, DOUBLE_QUOTE, DOLLAR, AMPERSAND, QUOTE, DOT] = [0x20, 0x22, 0x24, 0x26, 0x27, 0x2e];

const [OTHER, LETTER, DIGIT, QUOTING] = [0, 1, 2, 3];

/** Of the characters of ASCII. */
const KINDS = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z_]/i.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  return code <= SPACE || /["'$]/.test(character) ? QUOTING : OTHER;
});
