import type { Diagnostic, Excerpt } from '../model/diagnostic.js';
import type { LineAndColumn } from './template.js';

/**
 * The faults found in one script, each with the line it is on. Faults come in any order and are listed as they stand in
 * the script.
 */
export class Faults {
  readonly #file: string;
  readonly #lines: LineTexts;
  readonly #diagnostics: (Diagnostic & { readonly place: LineAndColumn & { readonly file: string } })[] = [];

  constructor(file: string, bytes: Buffer) {
    this.#file = file;
    this.#lines = new LineTexts(bytes);
  }

  add(at: LineAndColumn, fault: Fault): void {
    const { severity = 'error', message, hint } = fault;
    const place = { file: this.#file, line: at.line, column: at.column };
    const excerpt: Excerpt = { text: this.#lines.text(at.line), column: at.column };
    this.#diagnostics.push({ severity, message, place, excerpt, ...(hint === undefined ? {} : { hint }) });
  }

  list(): readonly Diagnostic[] {
    return this.#diagnostics.toSorted(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column);
  }
}

export interface Fault {
  readonly severity?: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * The text of any line. Looks forward from the line asked for last, because faults mostly come in the order of the
 * script; gives the same string again for the same line, because thousands of faults may be on one long line.
 */
class LineTexts {
  readonly #bytes: Buffer;
  #line = 1;
  #start = 0;
  #text: string | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  text(line: number): string {
    if (line < this.#line) this.#moveTo(1, 0);
    while (this.#line < line) {
      const lineFeed = this.#bytes.indexOf(LINE_FEED, this.#start);
      if (lineFeed < 0) return '';
      this.#moveTo(this.#line + 1, lineFeed + 1);
    }
    this.#text ??= this.#decode();
    return this.#text;
  }

  #moveTo(line: number, start: number): void {
    this.#line = line;
    this.#start = start;
    this.#text = undefined;
  }

  #decode(): string {
    const lineFeed = this.#bytes.indexOf(LINE_FEED, this.#start);
    const text = this.#bytes.toString('utf8', this.#start, lineFeed < 0 ? this.#bytes.length : lineFeed);
    // A byte order mark is no character of the line, neither is the carriage return of a line end.
    return text.replace(/^\uFEFF/u, '').replace(/\r$/, '');
  }
}

const LINE_FEED = 0x0a;
