import { Class, classOf, continuesIdentifier } from './character-class.js';
import { byteAt, type Input } from './input.js';

/*
 * Where tokens that begin at a position end: the position behind their last byte.
 */

/** Of a line comment: at the line break, which is not part of it. */
export function lineEnd(input: Input, start: number): number {
  let end = start;
  while (end < input.end && classOf(input.bytes[end]) !== Class.Newline) end += 1;
  return end;
}

export function identifierEnd(input: Input, start: number): number {
  let end = start;
  while (continuesIdentifier(byteAt(input, end))) end += 1;
  return end;
}

function digitsEnd(input: Input, start: number): number {
  let end = start;
  while (classOf(byteAt(input, end)) === Class.Digit) end += 1;
  return end;
}

/** A number with the letters that touch it: the server refuses them as junk, and no E'…' begins in them. */
export function numberEnd(input: Input, start: number): number {
  let end = digitsEnd(input, start);
  if (byteAt(input, end) === DOT && byteAt(input, end + 1) !== DOT) end = digitsEnd(input, end + 1);
  return classOf(byteAt(input, end)) === Class.Letter ? identifierEnd(input, end) : end;
}

const DOT = 0x2e;
