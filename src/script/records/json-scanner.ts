/**
 * JSON, read so that values keep the text they are written in: no number goes through a machine's float, and objects and
 * arrays stay what they are. Grammar: RFC 8259.
 *
 * Only the outermost objects are taken apart; what their values hold is checked, and passed over.
 */
export class JsonScanner {
  readonly #text: string;
  #position: number;

  constructor(text: string, position = 0) {
    this.#text = text;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  /** Passes over white space; true at the end of the text. */
  isAtEnd(): boolean {
    this.#skipBlanks();
    return this.#position >= this.#text.length;
  }

  /** Passes over this character, and white space before it, when it comes next. */
  take(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#position] !== character) return false;
    this.#position += 1;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) this.fail(`“${character}” is missing`);
  }

  /** Calls `item` before each item of a list that has just been opened, and passes over its closing character. */
  eachItem(close: string, item: () => void): void {
    if (this.take(close)) return;
    do item();
    while (this.take(','));
    this.expect(close);
  }

  string(): string {
    this.#skipBlanks();
    const start = this.#position;
    if (this.#text[start] !== '"') this.fail('a string is missing');
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) this.fail('a string is not closed');
    this.#position = end + 1;
    try {
      // A string in quotes gives a string.
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      this.#position = start;
      return this.fail('a string has a control character, or an escape that JSON does not know');
    }
  }

  /** A value as the text of a column; null for null. */
  value(): string | null {
    this.#skipBlanks();
    const start = this.#position;
    if (this.#text[start] === '"') return this.string();
    this.#pass(0);
    const text = this.#text.slice(start, this.#position);
    return text === 'null' ? null : text;
  }

  fail(message: string): never {
    throw new JsonFault(message, this.#position);
  }

  #pass(depth: number): void {
    if (depth > DEEPEST) this.fail('objects and arrays are nested too deeply');
    this.#skipBlanks();
    const first = this.#text[this.#position];
    if (first === '"') this.string();
    else if (this.take('['))
      this.eachItem(']', () => {
        this.#pass(depth + 1);
      });
    else if (this.take('{'))
      this.eachItem('}', () => {
        this.string();
        this.expect(':');
        this.#pass(depth + 1);
      });
    else this.#passWord();
  }

  #passWord(): void {
    WORD.lastIndex = this.#position;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) this.fail('a value is missing');
    else this.#position += word.length;
  }

  #skipBlanks(): void {
    while (BLANKS.has(this.#text.charCodeAt(this.#position))) this.#position += 1;
  }

  /** A quote behind an odd number of backslashes. */
  #isEscaped(quote: number): boolean {
    let at = quote;
    while (this.#text[at - 1] === '\\') at -= 1;
    return (quote - at) % 2 === 1;
  }
}

/** The text is no JSON, or not the JSON that is wanted. */
export class JsonFault extends Error {
  /** Of the text, from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const DEEPEST = 500;
/** Space, tab, line feed, carriage return. */
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const WORD = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;
