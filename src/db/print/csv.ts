import type { PrintSettings } from '../../model/print.js';
import type { Field, Value } from '../result-taker.js';
import { printable } from './printable.js';
import type { RowWriter } from './row-writer.js';

/** psql's CSV (print.c: print_csv_text and print_csv_vertical): no title, no footer, every line ends with a newline. */
export class CsvWriter implements RowWriter {
  readonly #print: PrintSettings;
  readonly #nullText: string;
  readonly #needsQuotes: (text: string) => boolean;
  #headers: readonly string[] = [];

  constructor(print: PrintSettings) {
    this.#print = print;
    this.#nullText = printable(print.nullText);
    this.#needsQuotes = quoteRule(print.csvFieldSeparator);
  }

  begin(fields: readonly Field[]): string {
    this.#headers = fields.map(({ name }) => printable(name));
    return this.#isExpanded || this.#print.tuplesOnly ? '' : this.#line(this.#headers);
  }

  row(values: readonly Value[]): string {
    // Without columns psql prints cell by cell, and there is none.
    if (values.length === 0) return '';
    const texts = values.map((value) => (value === null ? this.#nullText : printable(value)));
    if (!this.#isExpanded) return this.#line(texts);
    return texts.map((text, column) => this.#line([this.#headers[column] ?? '', text])).join('');
  }

  end(): string {
    return '';
  }

  get #isExpanded(): boolean {
    return this.#print.expanded === 'on';
  }

  #line(texts: readonly string[]): string {
    let line = '';
    for (const [column, text] of texts.entries()) {
      if (column > 0) line += this.#print.csvFieldSeparator;
      line += this.#needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text;
    }
    return `${line}\n`;
  }
}

/** In quotes where it must be, and where COPY would take the line for the end of its data. */
function quoteRule(separator: string): (text: string) => boolean {
  if (separator === '\\' || separator === '.') return () => true;
  if (separator === ',') return (text) => /[",\r\n]/.test(text) || text === '\\.';
  return (text) => text.includes(separator) || /["\r\n]/.test(text) || text === '\\.';
}
