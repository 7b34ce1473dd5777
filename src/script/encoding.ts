import { isUtf8 } from 'node:buffer';
import type { Fault } from './faults.js';
import type { SourceLine } from './source-line.js';
import type { LineAndColumn } from './template.js';

/**
 * Text that is not what it says it is would reach the server garbled, so it is refused, with the place of the first byte
 * that is wrong. Not so the data of COPY: they are sent as they are, and the server reads them by its client_encoding.
 */
export type EncodingFault = Fault & { readonly at: LineAndColumn };

/** Of one line; `offset` in the message counts the bytes of the script from 0. */
export function lineFault(line: SourceLine): EncodingFault | undefined {
  const bytes = line.bytes.subarray(line.start, line.end);
  if (line.isDecoded && bytes.includes(REPLACEMENT)) return undecodedFault(line, bytes.indexOf(REPLACEMENT));
  if (isUtf8(bytes) && !bytes.includes(0)) return undefined;
  const wrong = isUtf8(bytes) ? bytes.indexOf(0) : firstInvalidIn(bytes);
  const position = line.start + wrong;
  const at = { line: line.number, column: line.column(position) };
  return { at, ...explain(bytes[wrong] ?? 0, line.offsetOf(position)) };
}

/** What no character stands for is a replacement character once it is decoded, and could not be sent again. */
function undecodedFault(line: SourceLine, found: number): EncodingFault {
  return {
    at: { line: line.number, column: line.column(line.start + found) },
    message: 'this is no character of the encoding that the script is said to be in',
    hint: 'check PGCLIENTENCODING, \\encoding and SET client_encoding, or convert the script to UTF-8 with iconv',
  };
}

const REPLACEMENT = Buffer.from('\ufffd');

/** Of a whole text. */
export function checkEncoding(bytes: Buffer): EncodingFault | undefined {
  const offset = isUtf8(bytes) ? bytes.indexOf(0) : firstInvalidByte(bytes);
  if (offset < 0) return undefined;
  return { at: placeOf(bytes, offset), ...explain(bytes[offset] ?? 0, offset) };
}

function explain(byte: number, offset: number): Fault {
  if (byte === 0) {
    return {
      message: `a zero byte at offset ${offset}: this is not UTF-8 text`,
      hint: 'if it is UTF-16 text, convert it: iconv -f UTF-16 -t UTF-8',
    };
  }
  const value = `0x${byte.toString(16).padStart(2, '0')}`;
  return {
    message: `byte ${value} at offset ${offset} is not UTF-8`,
    hint: 'say which encoding it is, with PGCLIENTENCODING, \\encoding or SET client_encoding, or convert the file with iconv -f LATIN1 -t UTF-8',
  };
}

function firstInvalidByte(bytes: Buffer): number {
  // Lines first, so that only one has to be looked at character by character: no UTF-8 character holds a line feed.
  let start = 0;
  for (;;) {
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed;
    if (!isUtf8(bytes.subarray(start, end))) return start + firstInvalidIn(bytes.subarray(start, end));
    if (lineFeed < 0) return -1;
    start = lineFeed + 1;
  }
}

function firstInvalidIn(bytes: Buffer): number {
  let position = 0;
  while (position < bytes.length) {
    const length = characterLength(bytes[position] ?? 0);
    if (!isUtf8(bytes.subarray(position, position + length))) break;
    position += length;
  }
  return position;
}

/** Bytes of the UTF-8 character that begins with this byte; 1 for a byte that begins none. */
function characterLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

function placeOf(bytes: Buffer, offset: number): LineAndColumn {
  const before = bytes.subarray(0, offset);
  const lineStart = before.lastIndexOf(LINE_FEED) + 1;
  let line = 1;
  for (let at = before.indexOf(LINE_FEED); at >= 0; at = before.indexOf(LINE_FEED, at + 1)) line += 1;
  return { line, column: before.toString('utf8', lineStart).replace(/^\uFEFF/u, '').length + 1 };
}

const LINE_FEED = 0x0a;
