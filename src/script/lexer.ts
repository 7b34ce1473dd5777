import { Class, classOf } from './character-class.js';
import { byteAt, type Input } from './input.js';
import { Quotation, type Quote } from './quotation.js';
import { RoutineBody } from './routine-body.js';
import { identifierEnd, lineEnd, numberEnd } from './token-end.js';
import { findVariable, type VariableUse } from './variables.js';

/**
 * psql's lexer: where a statement ends, where a meta-command begins, where a variable is used.
 *
 * It follows src/fe_utils/psqlscan.l of PostgreSQL: a statement ends at a `;` outside quotes, comments, parentheses and
 * BEGIN ATOMIC bodies; everything else is only looked at as far as it can hide such a `;`. It works on UTF-8 bytes and
 * keeps its state between calls, so that input may come line by line, with the values of variables in between. Each
 * `scan` goes on to the next thing that its caller must act upon, and tells which bytes before it psql would send: white
 * space and line comments before the first token of a statement are not sent.
 *
 * A string that goes on after a line break (`E'a'⏎'b'`) is not known to do so at the end of a line of the script: psql
 * forgets it there, and so do we.
 *
 * It does not know the values of variables, directives, meta-commands, or lines.
 */
export class Lexer {
  /** The server's setting of this name: without it a backslash escapes in every '…' string. */
  standardStrings = true;

  readonly #quotation = new Quotation();
  readonly #body = new RoutineBody();
  #parens = 0;
  #sends = false;
  #hasToken = false;
  /** Where the bytes to be sent begin in this call of `scan`. */
  #from = 0;

  /** True when something of the statement is to be sent: a token or a block comment. */
  get sends(): boolean {
    return this.#sends;
  }

  /** True when the statement has a token: anything but white space and comments. */
  get hasToken(): boolean {
    return this.#hasToken;
  }

  /** True inside quotes and block comments, where psql keeps blank lines. */
  get isQuoted(): boolean {
    return this.#quotation.isOpen;
  }

  /** What must be known to go back to this point of a statement. */
  get mark(): LexerMark {
    return { parens: this.#parens, sends: this.#sends, hasToken: this.#hasToken };
  }

  /** The text read since then is dropped. Quotes and bodies that it opened stay open, as in psql. */
  goBack({ parens, sends, hasToken }: LexerMark): void {
    this.#parens = parens;
    this.#sends = sends;
    this.#hasToken = hasToken;
  }

  /** The statement is complete: the next token is the first of a new one. */
  startStatement(): void {
    this.#sends = false;
    this.#hasToken = false;
  }

  /** Quotes, parentheses and bodies that the statement opened are forgotten. */
  reset(): void {
    this.#quotation.reset();
    this.#body.reset();
    this.#parens = 0;
  }

  /** A variable is sent as it is, or as something that is not lexed (a quoted value, a slot). */
  addToken(): void {
    this.#sends = true;
    this.#hasToken = true;
  }

  /** Goes on from `input.position`, and leaves it behind the stop. */
  scan(input: Input): Stop {
    this.#from = input.position;
    while (input.position < input.end) {
      if (this.#quotation.isOpen) input.position = this.#quotation.skip(input);
      else {
        const stop = this.#step(input, input.position);
        if (stop !== undefined) return stop;
      }
    }
    // psql forgets at the end of an input that a string could go on behind it.
    this.#quotation.forgetString();
    return this.#stop(input, { kind: 'end', start: input.end, end: input.end });
  }

  /** One token, comment or white-space character outside quotes. */
  #step(input: Input, start: number): Stop | undefined {
    const kind = classOf(input.bytes[start]);
    if (kind === Class.Blank || kind === Class.Newline) {
      if (kind === Class.Newline) this.#quotation.lineBreak();
      input.position = start + 1;
      return undefined;
    }
    if (kind === Class.Dash && byteAt(input, start + 1) === DASH) {
      return this.#stop(input, { kind: 'comment', start, end: lineEnd(input, start) });
    }
    if (kind === Class.Slash && byteAt(input, start + 1) === STAR) {
      this.#send(start);
      input.position = this.#open('comment', start + 2);
      return undefined;
    }
    if (kind === Class.Quote) {
      this.#token(start);
      const quote = this.#quotation.continued ?? (this.standardStrings ? 'string' : 'escape');
      input.position = this.#open(quote, start + 1);
      return undefined;
    }
    this.#quotation.forgetString();
    const stop = this.#stopAt(input, start, kind);
    if (stop !== undefined) return this.#stop(input, stop);
    this.#token(start);
    input.position = this.#skipToken(input, start, kind);
    return undefined;
  }

  /** What the caller must act upon, if it begins here. */
  #stopAt(input: Input, start: number, kind: number): Found | undefined {
    switch (kind) {
      case Class.Semicolon:
        if (this.#parens > 0 || this.#body.isOpen) return undefined;
        this.#body.startStatement();
        return { kind: 'semicolon', start, end: start + 1 };
      case Class.Backslash:
        return this.#backslash(input, start);
      case Class.Colon: {
        const variable = findVariable(input, start);
        return variable && { kind: 'variable', start, end: variable.end, variable };
      }
      default:
        return undefined;
    }
  }

  /** `\;` and `\:` stand for their second character, which is sent, and ends or begins nothing. */
  #backslash(input: Input, start: number): Found {
    const next = classOf(byteAt(input, start + 1));
    if (next !== Class.Semicolon && next !== Class.Colon) return { kind: 'backslash', start, end: start + 1 };
    if (next === Class.Semicolon) this.#body.startStatement();
    return { kind: 'escape', start, end: start + 2 };
  }

  /** Returns the position behind the token. */
  #skipToken(input: Input, start: number, kind: number): number {
    switch (kind) {
      case Class.Letter:
        return this.#word(input, start);
      case Class.Digit:
        return numberEnd(input, start);
      case Class.Dot:
        return classOf(byteAt(input, start + 1)) === Class.Digit ? numberEnd(input, start) : start + 1;
      case Class.DoubleQuote:
        return this.#open('identifier', start + 1);
      case Class.Dollar:
        if (classOf(byteAt(input, start + 1)) === Class.Digit) return numberEnd(input, start + 1);
        return this.#quotation.openDollar(input, start) ?? start + 1;
      case Class.Colon:
        return start + (isSecondOfColon(byteAt(input, start + 1)) ? 2 : 1);
      case Class.Open:
        this.#parens += 1;
        return start + 1;
      case Class.Close:
        this.#parens = Math.max(0, this.#parens - 1);
        return start + 1;
      default:
        return start + 1;
    }
  }

  /** An identifier, or what its first letter introduces: E'…', B'…', X'…', N'…', U&'…', U&"…". */
  #word(input: Input, start: number): number {
    const next = byteAt(input, start + 1);
    if (next === QUOTE || next === AMPERSAND) {
      const letter = String.fromCharCode(byteAt(input, start) ?? 0).toLowerCase();
      const third = byteAt(input, start + 2);
      if (next === QUOTE && letter === 'e') return this.#open('escape', start + 2);
      if (next === QUOTE && (letter === 'b' || letter === 'x')) return this.#open('string', start + 2);
      if (next === QUOTE && letter === 'n') return start + 1;
      if (next === AMPERSAND && letter === 'u' && third === QUOTE) return this.#open('string', start + 3);
      if (next === AMPERSAND && letter === 'u' && third === DOUBLE_QUOTE)
        return this.#open('identifier', start + 3);
    }
    const end = identifierEnd(input, start);
    if (this.#body.listens) this.#body.word(input.bytes.toString('latin1', start, end), this.#parens);
    return end;
  }

  #open(quote: Exclude<Quote, 'dollar'>, position: number): number {
    this.#quotation.open(quote);
    return position;
  }

  #token(start: number): void {
    this.#send(start);
    this.#hasToken = true;
  }

  #send(start: number): void {
    if (!this.#sends) this.#from = start;
    this.#sends = true;
  }

  #stop(input: Input, stop: Found): Stop {
    input.position = stop.end;
    return { from: this.#sends ? this.#from : stop.start, ...stop };
  }
}

export interface LexerMark {
  readonly parens: number;
  readonly sends: boolean;
  readonly hasToken: boolean;
}

/**
 * What a scan stopped at, and what it passed on the way.
 *
 * `end`: the input is at its end; `semicolon`: the statement is; `comment`: a line comment (sent when the statement has
 * begun); `escape`: `\;` or `\:`; `backslash`: a meta-command's name follows.
 */
export type Stop = StopKind & {
  /** Bytes `[from, start)` before the stop are to be sent. */
  readonly from: number;
  /** The stop itself. */
  readonly start: number;
  readonly end: number;
};

type StopKind =
  | { readonly kind: 'end' | 'semicolon' | 'comment' | 'escape' | 'backslash' }
  | { readonly kind: 'variable'; readonly variable: VariableUse };

/** A stop as it is found: what to send before it is not known yet. */
type Found = StopKind & { readonly start: number; readonly end: number };

const DOUBLE_QUOTE = 0x22;
const AMPERSAND = 0x26;
const QUOTE = 0x27;
const STAR = 0x2a;
const DASH = 0x2d;
const COLON = 0x3a;
const EQUALS = 0x3d;

/** `::` and `:=` are tokens of their own. */
function isSecondOfColon(byte: number | undefined): boolean {
  return byte === COLON || byte === EQUALS;
}
