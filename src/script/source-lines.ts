import type { Decoder } from './encodings.js';
import type { ScriptBytes } from './script-bytes.js';
import { SourceLine } from './source-line.js';
import { SourceWindow } from './source-window.js';
import type { Span } from '../model/place.js';

/**
 * A script as the lines that psql reads: a line ends at a line feed, which is not part of it; a carriage return is. A
 * byte order mark at the start of the file belongs to no line.
 *
 * A stretch of the script is in memory at a time. A line keeps the stretch that it is in; nobody else does.
 */
export class SourceLines {
  readonly #source: ScriptBytes;
  readonly #window: SourceWindow;
  #position = 0;
  #number = 0;

  constructor(source: ScriptBytes) {
    this.#source = source;
    this.#window = new SourceWindow(source);
    while (this.#window.end < BYTE_ORDER_MARK.length && this.#window.grow(0));
    if (this.#window.bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) this.#position = BYTE_ORDER_MARK.length;
  }

  /** The next line, as UTF-8 when it is in an encoding that a decoder is given for; undefined at the end of the file. */
  next(decoder?: Decoder): SourceLine | undefined {
    const start = this.#position;
    const lineFeed = this.#find(start);
    const end = lineFeed ?? this.#window.end;
    if (lineFeed === undefined && start >= end) return undefined;
    this.#position = end + 1;
    this.#number += 1;
    const { bytes, start: offset } = this.#window;
    const place = { start: start - offset, end: end - offset, offset, number: this.#number };
    return decoder === undefined ? new SourceLine(bytes, place) : SourceLine.decoded(bytes, place, decoder);
  }

  /**
   * Passes over lines of COPY data up to one that is `\.` (a carriage return at its end aside), and over that one; where
   * there is none, all there are. Returns what came before it. A last line without a line feed is no end marker to psql
   * (src/bin/psql/copy.c, handleCopyIn): what it means is left to the server.
   */
  passData(): PassedLines {
    // Behind a last line without a line feed the position is beyond the end.
    const start = Math.min(this.#position, this.#window.end);
    const line = this.#number + 1;
    const search = new MarkerSearch(start);
    const behind = this.#window.skip(start, MarkerSearch.OVERLAP, (bytes, at) => search.look(bytes, at));
    this.#position = behind;
    this.#number += search.lines;
    return { start, end: search.marker ?? behind, line };
  }

  close(): void {
    this.#source.close();
  }

  /** The position of the next line feed; undefined when there is none up to the end. */
  #find(start: number): number | undefined {
    let from = start;
    for (;;) {
      const { bytes, start: offset, end } = this.#window;
      const found = from < end ? bytes.indexOf(LINE_FEED, from - offset) : -1;
      if (found >= 0) return found + offset;
      from = Math.max(start, end);
      if (!this.#window.grow(Math.min(start, end))) return undefined;
    }
  }
}

/** Bytes `[start, end)` of the file: whole lines, the first of which has this number. */
export interface PassedLines extends Span {
  readonly line: number;
}

/** Looks for the line `\.` in stretches of a script, and counts the lines up to and with it. */
class MarkerSearch {
  /** A marker with its line feed and the line feed before it, less one byte. */
  static readonly OVERLAP = 4;
  lines = 0;
  /** Position of the marker's first byte. */
  marker: number | undefined;
  /** Where the line begins that is being looked at, and up to where line feeds are counted. */
  #lineStart: number;
  #counted: number;

  constructor(start: number) {
    this.#lineStart = start;
    this.#counted = start;
  }

  /** The position behind the marker's line, when it is in this stretch. */
  look(bytes: Buffer, start: number): number | undefined {
    let lineStart = this.#lineStart - start;
    for (let index = this.#counted - start; index < bytes.length; index += 1) {
      if (bytes[index] !== LINE_FEED) continue;
      this.lines += 1;
      if (index - lineStart <= 3 && isMarker(bytes, lineStart, index)) {
        this.marker = start + lineStart;
        return start + index + 1;
      }
      lineStart = index + 1;
    }
    this.#lineStart = start + lineStart;
    this.#counted = start + bytes.length;
    return undefined;
  }
}

/** The line `[start, end)` is `\.`, or that and a carriage return. A start before the stretch is one of a longer line. */
function isMarker(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== BACKSLASH || bytes[start + 1] !== DOT) return false;
  return end === start + 2 || (end === start + 3 && bytes[start + 2] === CARRIAGE_RETURN);
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DOT = 0x2e;
const BACKSLASH = 0x5c;
