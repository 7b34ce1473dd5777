import type { Span } from '../model/place.js';

/**
 * A script's bytes as the lines that psql reads: a line ends at a line feed, which is not part of it; a carriage return
 * is. A byte order mark at the start of the file belongs to no line.
 *
 * Whoever reads a script needs nothing of it but the next line, so that lines may come from a stream as well.
 */
export class SourceLines {
  readonly #bytes: Buffer;
  #position: number;
  #number = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#position = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  }

  /** The next line; undefined at the end of the file. */
  next(): SourceLine | undefined {
    const start = this.#position;
    if (start >= this.#bytes.length) return undefined;
    const lineFeed = this.#bytes.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? this.#bytes.length : lineFeed;
    this.#position = end + 1;
    this.#number += 1;
    return new SourceLine(this.#bytes, { start, end, number: this.#number });
  }

  /**
   * Passes over lines up to one that is this text, and over that one; at the end of the file all there are. Returns what
   * came before it. Only looks for the text, so that data pass at the speed of memory.
   */
  passOver(text: string): PassedLines {
    // Behind a last line without a line feed the position is beyond the end.
    const start = Math.min(this.#position, this.#bytes.length);
    const line = this.#number + 1;
    const marker = Buffer.from(text);
    let found = this.#bytes.indexOf(marker, start);
    while (found >= 0 && !this.#isLine(found, found + marker.length)) {
      found = this.#bytes.indexOf(marker, found + 1);
    }
    const end = found < 0 ? this.#bytes.length : found;
    this.#number += countLines(this.#bytes, start, end);
    this.#position = end;
    if (found >= 0) this.next();
    return { start, end, line };
  }

  /** True when the bytes are a whole line, a carriage return at its end aside. */
  #isLine(start: number, end: number): boolean {
    const before = start === this.#position || this.#bytes[start - 1] === LINE_FEED;
    const behind = this.#bytes[end] === CARRIAGE_RETURN ? this.#bytes[end + 1] : this.#bytes[end];
    return before && (behind === LINE_FEED || behind === undefined);
  }
}

/** Bytes `[start, end)` of the file: whole lines, the first of which has this number. */
export interface PassedLines extends Span {
  readonly line: number;
}

/** Lines that begin in `[start, end)`, where `start` is the beginning of one. */
function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let position = start; position < end; lines += 1) {
    const lineFeed = bytes.indexOf(LINE_FEED, position);
    position = lineFeed < 0 ? end : lineFeed + 1;
  }
  return lines;
}

export class SourceLine {
  readonly bytes: Buffer;
  readonly start: number;
  /** Behind its last byte; the line feed, if there is one, stands here. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
  /** The column that was asked for last, and its position: columns are mostly asked for from left to right. */
  #position: number;
  #column = 1;

  constructor(
    bytes: Buffer,
    line: { readonly start: number; readonly end: number; readonly number: number },
  ) {
    this.bytes = bytes;
    this.start = line.start;
    this.end = line.end;
    this.number = line.number;
    this.#position = line.start;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** True when the line is this text, a carriage return at its end aside. */
  is(text: string): boolean {
    const hasReturn = this.bytes[this.end - 1] === CARRIAGE_RETURN;
    const length = this.end - this.start - (hasReturn ? 1 : 0);
    return length === text.length && this.bytes.toString('utf8', this.start, this.start + length) === text;
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
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A byte of a UTF-8 character that is not its first. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
