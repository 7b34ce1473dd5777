import { Class, classOf, continuesName } from './character-class.js';
import { byteAt, type Input } from './input.js';

/**
 * What the lexer is inside of: strings, quoted identifiers, dollar quotes, block comments. Rules: scan.l of PostgreSQL.
 *
 * A string may go on after white space with a line break in it (`'a'⏎ 'b'`), as the same kind of string. So the kind of
 * the last string is remembered until something else than white space and line comments comes.
 */
export class Quotation {
  #open: Quote | undefined;
  #commentDepth = 0;
  #tag: Buffer = Buffer.alloc(0);
  #lastString: StringQuote | undefined;
  #lineBreakSince = false;

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The opening quote itself is behind. */
  open(quote: Exclude<Quote, 'dollar'>): void {
    this.#open = quote;
    this.#commentDepth = 1;
    this.#lastString = undefined;
  }

  /** Opens a dollar quote when its tag stands at the position; returns the position behind the tag. */
  openDollar(input: Input, position: number): number | undefined {
    const end = dollarTagEnd(input, position);
    if (end === undefined) return undefined;
    this.#open = 'dollar';
    this.#tag = input.bytes.subarray(position, end);
    return end;
  }

  /** A line break that is no part of anything quoted. */
  lineBreak(): void {
    this.#lineBreakSince = true;
  }

  /** Something that a string cannot go on behind. */
  forgetString(): void {
    this.#lastString = undefined;
  }

  /** The kind of the string that a quote would continue here, if any. */
  get continued(): StringQuote | undefined {
    return this.#lineBreakSince ? this.#lastString : undefined;
  }

  reset(): void {
    this.#open = undefined;
    this.#lastString = undefined;
  }

  /** Returns the position behind the closing quote, or the end of the input when it is not there. */
  skip(input: Input): number {
    switch (this.#open) {
      case 'string':
      case 'escape':
        return this.#skipString(input, this.#open);
      case 'identifier':
        return this.#skipIdentifier(input);
      case 'dollar':
        return this.#skipDollar(input);
      case 'comment':
        return this.#skipComment(input);
      case undefined:
        return input.position;
    }
  }

  #skipString({ bytes, position, end }: Input, kind: StringQuote): number {
    for (let index = position; index < end; index += 1) {
      const byte = bytes[index];
      if (byte === BACKSLASH && kind === 'escape') index += 1;
      else if (byte !== QUOTE) continue;
      else if (index + 1 < end && bytes[index + 1] === QUOTE) index += 1;
      else {
        this.#open = undefined;
        this.#lastString = kind;
        this.#lineBreakSince = false;
        return index + 1;
      }
    }
    return end;
  }

  #skipIdentifier({ bytes, position, end }: Input): number {
    for (let index = position; index < end; index += 1) {
      if (bytes[index] !== DOUBLE_QUOTE) continue;
      if (index + 1 < end && bytes[index + 1] === DOUBLE_QUOTE) index += 1;
      else {
        this.#open = undefined;
        return index + 1;
      }
    }
    return end;
  }

  #skipDollar({ bytes, position, end }: Input): number {
    const tag = this.#tag;
    for (let index = position; index + tag.length <= end; index += 1) {
      if (bytes[index] !== DOLLAR || !bytes.subarray(index, index + tag.length).equals(tag)) continue;
      this.#open = undefined;
      return index + tag.length;
    }
    return end;
  }

  #skipComment({ bytes, position, end }: Input): number {
    for (let index = position; index + 1 < end; index += 1) {
      const byte = bytes[index];
      const next = bytes[index + 1];
      if (byte === SLASH && next === STAR) this.#commentDepth += 1;
      else if (byte === STAR && next === SLASH) this.#commentDepth -= 1;
      else continue;
      index += 1;
      if (this.#commentDepth > 0) continue;
      this.#open = undefined;
      return index + 1;
    }
    return end;
  }
}

/** `string`: a backslash is a backslash; `escape`: it escapes (E'…'). */
export type StringQuote = 'string' | 'escape';
export type Quote = StringQuote | 'identifier' | 'dollar' | 'comment';

const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const QUOTE = 0x27;
const STAR = 0x2a;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** Behind `$$` or `$tag$`; the tag is an identifier without `$`. */
function dollarTagEnd(input: Input, position: number): number | undefined {
  let end = position + 1;
  if (classOf(byteAt(input, end)) === Class.Digit) return undefined;
  while (continuesName(byteAt(input, end))) end += 1;
  return byteAt(input, end) === DOLLAR ? end + 1 : undefined;
}
