import type { PrintSettings } from '../../model/print.js';
import type { Field, Value } from '../result-taker.js';
import { printable } from './printable.js';
import type { RowWriter } from './row-writer.js';
import { footerText } from './table.js';

/**
 * psql's unaligned format (print.c: print_unaligned_text and print_unaligned_vertical). Values are printed as they are.
 * Expanded: a field a record, two separators between rows, no footer.
 *
 * The last record ends with a newline whatever the separator, unless that is the zero byte (for xargs -0).
 */
export class UnalignedWriter implements RowWriter {
  readonly #print: PrintSettings;
  #headers: readonly string[] = [];
  #rows = 0;
  #isEmpty = true;

  constructor(print: PrintSettings) {
    this.#print = print;
  }

  begin(fields: readonly Field[]): string {
    this.#headers = fields.map(({ name }) => printable(name));
    const { tuplesOnly, title, fieldSeparator } = this.#print;
    if (tuplesOnly) return '';
    const heading = title === undefined ? '' : this.#record(title);
    return this.#isExpanded ? heading : heading + this.#record(this.#headers.join(fieldSeparator));
  }

  row(values: readonly Value[]): string {
    this.#rows += 1;
    if (values.length === 0) return '';
    const { fieldSeparator, recordSeparator } = this.#print;
    const texts = values.map((value) => printable(value ?? this.#print.nullText));
    if (!this.#isExpanded) return this.#record(texts.join(fieldSeparator));
    const lines = texts.map((text, column) => `${this.#headers[column] ?? ''}${fieldSeparator}${text}`);
    return this.#record(lines.join(recordSeparator));
  }

  end(): string {
    const footer = this.#isExpanded ? undefined : footerText(this.#rows, this.#print);
    const last = footer === undefined ? '' : this.#record(footer);
    if (this.#isEmpty) return '';
    return last + (this.#print.recordSeparator === '\0' ? '\0' : '\n');
  }

  get #isExpanded(): boolean {
    return this.#print.expanded === 'on';
  }

  #record(text: string): string {
    const { recordSeparator } = this.#print;
    const separator = this.#isEmpty ? '' : this.#isExpanded ? recordSeparator.repeat(2) : recordSeparator;
    this.#isEmpty = false;
    return separator + text;
  }
}
