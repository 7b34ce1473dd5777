import type { Decoder } from './encodings.js';

/** Where a line stands: `[start, end)` of the bytes it is in, which begin at byte `offset` of the script. */
export interface LineInBytes {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  /** From 1. */
  readonly number: number;
}

/** One line of a script, without its line feed, as UTF-8. */
export class SourceLine {
  readonly bytes: Buffer;
  readonly start: number;
  /** Behind its last byte; the line feed, if there is one, stands here. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
  /** Of the line, in the script's own bytes. */
  readonly #from: number;
  readonly #to: number;
  readonly #isDecoded: boolean;
  /** The column that was asked for last, and its position: columns are mostly asked for from left to right. */
  #position: number;
  #column = 1;

  constructor(bytes: Buffer, line: LineInBytes, original?: { readonly from: number; readonly to: number }) {
    this.bytes = bytes;
    this.start = line.start;
    this.end = line.end;
    this.number = line.number;
    this.#from = original?.from ?? line.start + line.offset;
    this.#to = original?.to ?? line.end + line.offset;
    this.#isDecoded = original !== undefined;
    this.#position = line.start;
  }

  /** A line in another encoding, made UTF-8, with a line feed behind it as in the script. */
  static decoded(bytes: Buffer, line: LineInBytes, decode: Decoder): SourceLine {
    const text = Buffer.from(`${decode(bytes.subarray(line.start, line.end))}\n`);
    const original = { from: line.start + line.offset, to: line.end + line.offset };
    return new SourceLine(text, { start: 0, end: text.length - 1, offset: 0, number: line.number }, original);
  }

  /** The script has it in another encoding. */
  get isDecoded(): boolean {
    return this.#isDecoded;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** The byte of the script that stands at this position; in a line of another encoding, where the line begins or ends. */
  offsetOf(position: number): number {
    if (!this.#isDecoded) return this.#from + position - this.start;
    return position <= this.start ? this.#from : this.#to + Math.max(0, position - this.end);
  }

  /** The column of a byte of the line, from 1, in characters. */
  column(position: number): number {
    if (position < this.#position) {
      this.#position = this.start;
      this.#column = 1;
    }
    for (; this.#position < position; this.#position += 1) {
      if (!isContinuation(this.bytes[this.#position])) this.#column += 1;
    }
    return this.#column;
  }

  /** As people read it. */
  get text(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }
}

/** A byte of a UTF-8 character that is not its first. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
