import type { Diagnostic, Excerpt } from '../model/diagnostic.js';
import type { Place } from '../model/place.js';
import type { ScriptBytes } from './script-bytes.js';
import { SourceLines } from './source-lines.js';
import type { LineAndColumn } from './template.js';

/** A file as messages name it. */
export interface FileName {
  readonly file: string;
  /** The `\i` that led to it. */
  readonly from?: Place;
}

/**
 * The faults found in one script, each with the line it is on. Faults come in any order and are listed as they stand in
 * the script.
 */
export class Faults {
  readonly #name: FileName;
  readonly #lines: LineTexts;
  readonly #diagnostics: (Diagnostic & { readonly place: Place })[] = [];
  #unreadable: (Diagnostic & { readonly place: Place }) | undefined;

  /** `open`: called when the text of a line is wanted. */
  constructor(name: FileName, open: () => ScriptBytes) {
    this.#name = name;
    this.#lines = new LineTexts(open);
  }

  add(at: LineAndColumn, fault: Fault): void {
    this.#diagnostics.push(this.#diagnostic(at, fault));
  }

  /** The text is not text from here on: whatever else seems wrong may only seem so, and is not listed. */
  addUnreadable(at: LineAndColumn, fault: Fault): void {
    this.#unreadable ??= this.#diagnostic(at, fault);
  }

  /** Those that are errors; they are not listed any more. */
  takeErrors(): readonly (Diagnostic & { readonly place: Place })[] {
    if (this.#unreadable !== undefined) this.#diagnostics.unshift(this.#unreadable);
    this.#unreadable = undefined;
    if (this.#diagnostics.length === 0) return NONE;
    const all = this.#diagnostics.splice(0);
    this.#diagnostics.push(...all.filter(({ severity }) => severity !== 'error'));
    return all.filter(({ severity }) => severity === 'error');
  }

  get isUnreadable(): boolean {
    return this.#unreadable !== undefined;
  }

  list(): readonly Diagnostic[] {
    if (this.#unreadable !== undefined) return [this.#unreadable];
    return this.#diagnostics.toSorted(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column);
  }

  #diagnostic({ line, column }: LineAndColumn, fault: Fault): Diagnostic & { readonly place: Place } {
    const { severity = 'error', message, hint } = fault;
    const excerpt: Excerpt = { text: this.#lines.text(line), column };
    return {
      severity,
      message,
      place: { ...this.#name, line, column },
      excerpt,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}

const NONE: readonly never[] = [];

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
  readonly #open: () => ScriptBytes;
  #lines: SourceLines | undefined;
  #number = 0;
  #text = '';

  constructor(open: () => ScriptBytes) {
    this.#open = open;
  }

  text(number: number): string {
    if (number < this.#number) this.#close();
    this.#lines ??= new SourceLines(this.#open());
    while (this.#number < number) {
      const line = this.#lines.next();
      if (line === undefined) return '';
      this.#number += 1;
      // The carriage return of a line end is no character of the line.
      if (this.#number === number) this.#text = line.text.replace(/\r$/, '');
    }
    return this.#text;
  }

  #close(): void {
    this.#lines?.close();
    this.#lines = undefined;
    this.#number = 0;
  }
}
