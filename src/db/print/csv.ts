import type { PrintSettings } from '../../model/print.js';
import type { Field, Value } from '../result-taker.js';
import { printable } from './printable.js';
import type { RowWriter } from './row-writer.js';

/** psql's CSV (print.c: print_csv_text and print_csv_vertical): no title, no footer, every line ends with a newline. */
export class CsvWriter implements RowWriter {
  readonly #print: PrintSettings;
  readonly #nullText: string;
  readonly #separator: string;
  readonly #needsQuotes: (text: string) => boolean;
  readonly #isPlain: RegExp;
  #headers: readonly string[] = [];

  constructor(print: PrintSettings) {
    this.#print = print;
    this.#nullText = printable(print.nullText);
    this.#separator = print.csvFieldSeparator;
    this.#needsQuotes = quoteRule(print.csvFieldSeparator);
    this.#isPlain = print.csvFieldSeparator === ',' ? PLAIN : NEVER;
  }

  begin(fields: readonly Field[]): string {
    this.#headers = fields.map(({ name }) => printable(name));
    return this.#isExpanded || this.#print.tuplesOnly ? '' : this.#line(this.#headers);
  }

  row(values: readonly Value[]): string {
    // Without columns psql prints cell by cell, and there is none.
    if (values.length === 0) return '';
    if (!this.#isExpanded) return this.#line(values);
    return values.map((value, column) => this.#line([this.#headers[column] ?? '', value])).join('');
  }

  end(): string {
    return '';
  }

  get #isExpanded(): boolean {
    return this.#print.expanded === 'on';
  }

  /** Every value of every row comes by here: most are plain, which one look tells. */
  #line(values: readonly Value[]): string {
    let line = '';
    for (let column = 0; column < values.length; column += 1) {
      if (column > 0) line += this.#separator;
      const value = values[column] ?? null;
      if (value === null) line += this.#quoted(this.#nullText);
      else line += this.#isPlain.test(value) ? value : this.#quoted(printable(value));
    }
    return `${line}\n`;
  }

  #quoted(text: string): string {
    return this.#needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

/** Nothing to quote, nothing that is not printed, and not COPY's end of data. */
const PLAIN = /^[^",\r\n\\\uD800-\uDFFF]*$/;
const NEVER = /(?!)/;

/** In quotes where it must be, and where COPY would take the line for the end of its data. */
function quoteRule(separator: string): (text: string) => boolean {
  if (separator === '\\' || separator === '.') return () => true;
  if (separator === ',') return (text) => /[",\r\n]/.test(text) || text === '\\.';
  return (text) => text.includes(separator) || /["\r\n]/.test(text) || text === '\\.';
}
