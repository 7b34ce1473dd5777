import { CopyCuts } from './copy-cuts.js';
import type { Decoder } from './encodings.js';
import { countLineFeeds } from './line-count.js';
import type { ScriptBytes } from './script-bytes.js';
import { SourceLine } from './source-line.js';
import { SourceWindow } from './source-window.js';
import type { Span } from '../model/place.js';
import type { CopyCut } from '../model/script.js';

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
    // The line feed before the data is the one before a marker on their first line.
    const from = Math.max(this.#window.start, start - 1);
    const behind = this.#window.skip(from, MarkerSearch.OVERLAP, (bytes, at) => search.look(bytes, at));
    this.#position = behind;
    this.#number += search.lines;
    return { start, end: search.marker ?? behind, line, cuts: search.cuts(line) };
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
  /** Where rows of text format begin, every so often. */
  readonly cuts: readonly CopyCut[];
}

/** Looks for the line `\.` in stretches of a script, and counts the lines up to and with it. */
class MarkerSearch {
  /** The beginning of a marker's line with the line feed before it: as much of one as may be cut by a stretch's end. */
  static readonly OVERLAP = 4;
  lines = 0;
  /** Position of the marker's first byte. */
  marker: number | undefined;
  /** Up to where line feeds are counted. */
  #counted: number;
  readonly #start: number;
  readonly #cuts: CopyCuts;

  constructor(start: number) {
    this.#start = start;
    this.#counted = start;
    this.#cuts = new CopyCuts(start);
  }

  /** Their lines count from the one that the data begin on. */
  cuts(first: number): readonly CopyCut[] {
    return this.#cuts.list.map(({ offset, line }) => ({ offset, line: first + line }));
  }

  /** The position behind the marker's line, when it is in this stretch. */
  look(bytes: Buffer, start: number): number | undefined {
    const found = findMarker(bytes, start === this.#start);
    this.#cutUpTo(bytes, start, found?.start ?? bytes.length);
    this.#count(bytes, start, found?.behind ?? bytes.length);
    if (found === undefined) return undefined;
    this.marker = start + found.start;
    return this.#counted;
  }

  /** Cuts behind line feeds that no backslash makes part of a value. */
  #cutUpTo(bytes: Buffer, start: number, end: number): void {
    for (;;) {
      const from = Math.max(this.#cuts.next, this.#counted) - start;
      const lineFeed = from < end ? bytes.indexOf(LINE_FEED, from) : -1;
      if (lineFeed < 0 || lineFeed + 1 >= end) return;
      this.#count(bytes, start, lineFeed + 1);
      if (bytes[lineFeed - 1] !== BACKSLASH)
        this.#cuts.add({ offset: start + lineFeed + 1, line: this.lines });
    }
  }

  #count(bytes: Buffer, start: number, end: number): void {
    this.lines += countLineFeeds(bytes, this.#counted - start, end);
    this.#counted = start + end;
  }
}

interface Marker {
  readonly start: number;
  /** Behind the line feed. */
  readonly behind: number;
}

/** The first marker that stands behind a line feed, or, where the bytes begin with a line, at their beginning. */
function findMarker(bytes: Buffer, beginsLine: boolean): Marker | undefined {
  const first = beginsLine ? markerAt(bytes, 0) : undefined;
  if (first !== undefined) return first;
  for (let at = bytes.indexOf(MARKER); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    const found = markerAt(bytes, at + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `\.`, or that and a carriage return, with a line feed behind it. */
function markerAt(bytes: Buffer, start: number): Marker | undefined {
  if (bytes[start] !== BACKSLASH || bytes[start + 1] !== DOT) return undefined;
  const lineFeed = bytes[start + 2] === CARRIAGE_RETURN ? start + 3 : start + 2;
  return bytes[lineFeed] === LINE_FEED ? { start, behind: lineFeed + 1 } : undefined;
}

const MARKER = Buffer.from('\n\\.');
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DOT = 0x2e;
const BACKSLASH = 0x5c;
