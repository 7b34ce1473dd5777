import { Class, classOf } from '../character-class.js';
import type { Fault } from '../faults.js';
import { byteAt, type Input } from '../input.js';
import { findVariable, substitute } from '../variables.js';
import { UNKNOWN, type VariableValue } from '../variable-store.js';

/**
 * The arguments of a meta-command, one after another, as psql takes them from the rest of the line
 * (src/bin/psql/psqlscanslash.l): blanks separate; '…' quotes with backslash escapes and "…" keeps its quotes; variables
 * are replaced outside quotes, and what is in them is not looked at again; a backslash ends the command.
 *
 * Whether an argument may end in a `;` that does not count is the command's rule, not the reader's.
 */
export interface Argument {
  readonly text: string;
  /** Something of it was quoted, or came from a variable: it means itself. */
  readonly isQuoted: boolean;
  /** It holds a value that only the run knows. */
  readonly isUnknown: boolean;
  /** Bytes at its end that no quote and no variable gave: of these a `;` may be dropped. */
  readonly bareEnd: number;
}

export interface ArgumentContext {
  /** Undefined: not set. Never asked in a branch that is not taken. */
  readonly variable: (name: string) => VariableValue | undefined;
  /** False in a branch that is not taken: nothing is replaced, and a shell command is no fault. */
  readonly active: boolean;
}

export class ArgumentReader {
  readonly #input: Input;
  readonly #context: ArgumentContext;
  readonly #faults: Fault[] = [];

  constructor(input: Input, context: ArgumentContext) {
    this.#input = input;
    this.#context = context;
  }

  /** What was wrong with the arguments read so far. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** Something that psql says and passes over. */
  warn(message: string): void {
    this.fail({ severity: 'warning', message });
  }

  /** Something that is wrong with them; in a branch that is not taken nothing is. */
  fail(fault: Fault): void {
    if (this.#context.active) this.#faults.push(fault);
  }

  /** The next argument; undefined at the end of the command. */
  next(): Argument | undefined {
    this.#skipBlanks();
    const argument = new ArgumentText();
    while (this.#input.position < this.#input.end) {
      if (!this.#step(argument)) break;
    }
    return argument.finish();
  }

  /** As `next`, without a `;` at its end. */
  nextBare(): Argument | undefined {
    const argument = this.next();
    if (argument === undefined) return undefined;
    const bare = argument.text.slice(argument.text.length - argument.bareEnd);
    const kept = bare.replace(/;+$/, '');
    const text = argument.text.slice(0, argument.text.length - bare.length) + kept;
    return text === '' && !argument.isQuoted ? undefined : { ...argument, text };
  }

  /**
   * A file name; one that begins with `|` would be a shell command, and takes the rest of the line. psql runs it also where the `|`
   * comes from quotes or a variable (openQueryOutputFile() in its common.c).
   */
  nextFile(): Argument | undefined {
    this.#skipBlanks();
    if (byteAt(this.#input, this.#input.position) !== PIPE) {
      const argument = this.next();
      if (argument?.isUnknown === false && argument.text.startsWith('|')) this.fail(SHELL);
      return argument;
    }
    const text = this.rest();
    this.fail(SHELL);
    return { text, isQuoted: false, isUnknown: false, bareEnd: 0 };
  }

  /** The rest of the line as it stands. */
  rest(): string {
    this.#skipBlanks();
    const { bytes, position, end } = this.#input;
    this.#input.position = end;
    return bytes.toString('utf8', position, end);
  }

  /** All that are left. */
  all(): readonly Argument[] {
    const list: Argument[] = [];
    for (let next = this.next(); next !== undefined; next = this.next()) list.push(next);
    return list;
  }

  /** The command is at its end: `\\` that separates it from what follows is passed over. */
  finish(): void {
    const { position } = this.#input;
    if (byteAt(this.#input, position) === BACKSLASH && byteAt(this.#input, position + 1) === BACKSLASH)
      this.#input.position = position + 2;
  }

  #skipBlanks(): void {
    while (isBlank(byteAt(this.#input, this.#input.position))) this.#input.position += 1;
  }

  /** Reads on; false when the argument is at its end. */
  #step(argument: ArgumentText): boolean {
    const { position } = this.#input;
    const byte = byteAt(this.#input, position);
    if (isBlank(byte) || byte === BACKSLASH) return false;
    if (byte === QUOTE) this.#readQuoted(argument);
    else if (byte === DOUBLE_QUOTE) this.#readDoubleQuoted(argument);
    else if (byte === BACKQUOTE) this.#readShell(argument);
    else if (byte === COLON) this.#readColon(argument);
    else this.#readPlain(argument);
    return true;
  }

  #readPlain(argument: ArgumentText): void {
    const { bytes, position } = this.#input;
    let end = position + 1;
    while (end < this.#input.end && !isSpecial(bytes[end])) end += 1;
    argument.addBare(bytes.toString('utf8', position, end));
    this.#input.position = end;
  }

  /** A variable; where there is none the colon is itself. */
  #readColon(argument: ArgumentText): void {
    const { bytes, position } = this.#input;
    const use = findVariable(this.#input, position);
    if (use === undefined) {
      argument.addBare(':');
      this.#input.position = position + 1;
      return;
    }
    this.#input.position = use.end;
    const written = bytes.toString('utf8', position, use.end);
    const value = this.#context.active ? this.#context.variable(use.name) : undefined;
    if (value === UNKNOWN) argument.addUnknown(written);
    else if (use.form === 'test') argument.addTest(this.#context.active ? substitute(use, value) : written);
    else argument.addQuoted(value === undefined ? written : substitute(use, value));
  }

  #readQuoted(argument: ArgumentText): void {
    const { bytes } = this.#input;
    const parts: Buffer[] = [];
    let at = this.#input.position + 1;
    for (;;) {
      const byte = byteAt(this.#input, at);
      if (byte === undefined) {
        this.#unterminated();
        break;
      }
      if (byte === QUOTE && byteAt(this.#input, at + 1) !== QUOTE) break;
      const { value, length } = byte === BACKSLASH ? escapeAt(this.#input, at) : plainAt(byte);
      parts.push(value ?? bytes.subarray(at, at + length));
      at += length;
    }
    this.#input.position = Math.min(at + 1, this.#input.end);
    argument.addQuoted(Buffer.concat(parts).toString());
  }

  #readDoubleQuoted(argument: ArgumentText): void {
    const { bytes, position } = this.#input;
    let end = position + 1;
    while (end < this.#input.end && bytes[end] !== DOUBLE_QUOTE) end += 1;
    if (end >= this.#input.end) this.#unterminated();
    this.#input.position = Math.min(end + 1, this.#input.end);
    argument.addQuoted(bytes.toString('utf8', position, this.#input.position));
  }

  #readShell(argument: ArgumentText): void {
    const { bytes, position } = this.#input;
    let end = position + 1;
    while (end < this.#input.end && bytes[end] !== BACKQUOTE) end += 1;
    this.#input.position = Math.min(end + 1, this.#input.end);
    argument.addQuoted('');
    this.fail(SHELL);
  }

  #unterminated(): void {
    this.fail({ message: 'unterminated quoted string', hint: 'close the quote on this line' });
  }
}

/** An argument as it is put together. */
class ArgumentText {
  #text = '';
  #isQuoted = false;
  #isUnknown = false;
  #bareEnd = 0;

  addBare(text: string): void {
    this.#text += text;
    this.#bareEnd += text.length;
  }

  addQuoted(text: string): void {
    this.#text += text;
    this.#isQuoted = true;
    this.#bareEnd = 0;
  }

  /** `:{?name}` is no quoting to psql. */
  addTest(text: string): void {
    this.#text += text;
    this.#bareEnd = 0;
  }

  addUnknown(text: string): void {
    this.addQuoted(text);
    this.#isUnknown = true;
  }

  finish(): Argument | undefined {
    if (this.#text === '' && !this.#isQuoted) return undefined;
    return { text: this.#text, isQuoted: this.#isQuoted, isUnknown: this.#isUnknown, bareEnd: this.#bareEnd };
  }
}

const SHELL: Fault = {
  message: 'this would run a shell command, which pqrun never does',
  hint: 'remove it, or run this script with psql',
};

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKQUOTE = 0x60;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const PIPE = 0x7c;

function isBlank(byte: number | undefined): boolean {
  const kind = classOf(byte);
  return kind === Class.Blank || kind === Class.Newline || byte === VERTICAL_TAB;
}

const VERTICAL_TAB = 0x0b;

function isSpecial(byte: number | undefined): boolean {
  return isBlank(byte) || SPECIAL.has(byte ?? 0);
}

const SPECIAL: ReadonlySet<number> = new Set([QUOTE, DOUBLE_QUOTE, BACKQUOTE, BACKSLASH, COLON]);

interface Unit {
  /** What it stands for; undefined: itself. */
  readonly value?: Buffer;
  readonly length: number;
}

/** Inside quotes; a quote here is the first of two. */
function plainAt(byte: number): Unit {
  return byte === QUOTE ? { value: Buffer.from("'"), length: 2 } : { length: 1 };
}

/** An escape inside quotes: \n \t \b \r \f, \101 octal, \x41 hexadecimal, else the character itself. */
function escapeAt(input: Input, at: number): Unit {
  const text = input.bytes.toString('latin1', at + 1, Math.min(at + 4, input.end));
  const octal = /^[0-7]{1,3}/.exec(text)?.[0];
  if (octal !== undefined)
    return { value: Buffer.from([parseInt(octal, 8) & 0xff]), length: 1 + octal.length };
  const hex = /^x([0-9A-Fa-f]{1,2})/.exec(text)?.[1];
  if (hex !== undefined) return { value: Buffer.from([parseInt(hex, 16)]), length: 2 + hex.length };
  const [letter = ''] = text;
  if (letter === '') return { length: 1 };
  const control = CONTROLS.get(letter);
  if (control !== undefined) return { value: Buffer.from(control), length: 2 };
  return { value: Buffer.from(input.bytes.subarray(at + 1, at + 2)), length: 2 };
}

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['b', '\b'],
  ['r', '\r'],
  ['f', '\f'],
]);

/** The name of a command: up to a blank or the next backslash. */
export function readCommandName(input: Input): string {
  const start = input.position;
  while (
    input.position < input.end &&
    !isBlank(input.bytes[input.position]) &&
    input.bytes[input.position] !== BACKSLASH
  )
    input.position += 1;
  return input.bytes.toString('utf8', start, input.position);
}
