/**
 * UTF-8 text that the lexer reads: a line of a script without its line break, or the value of a variable. `position`
 * moves forward as it is read; nothing at or behind `end` is looked at.
 */
export interface Input {
  readonly bytes: Buffer;
  position: number;
  readonly end: number;
}

/** Undefined at and behind the end. */
export function byteAt({ bytes, end }: Input, position: number): number | undefined {
  return position < end ? bytes[position] : undefined;
}
