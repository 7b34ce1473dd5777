import type { PrintSettings } from '../../model/print.js';
import type { Field, Value } from '../result-taker.js';
import type { RowWriter } from './row-writer.js';

/**
 * Tab-separated values as COPY's text format writes and reads them (PostgreSQL documentation, COPY, “Text Format”): NULL is
 * `\N` unless the user names something else, and tabs, line ends and backslashes in values are escaped.
 */
export class TsvWriter implements RowWriter {
  readonly #print: PrintSettings;
  readonly #nullText: string;

  constructor(print: PrintSettings) {
    this.#print = print;
    this.#nullText = print.nullText === '' ? '\\N' : print.nullText;
  }

  begin(fields: readonly Field[]): string {
    return this.#print.tuplesOnly ? '' : `${fields.map(({ name }) => escaped(name)).join('\t')}\n`;
  }

  row(values: readonly Value[]): string {
    return `${values.map((value) => (value === null ? this.#nullText : escaped(value))).join('\t')}\n`;
  }

  end(): string {
    return '';
  }
}

function escaped(text: string): string {
  return /[\\\b\f\n\r\t\v]/.test(text)
    ? text.replace(/[\\\b\f\n\r\t\v]/g, (found) => ESCAPES[found] ?? found)
    : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
