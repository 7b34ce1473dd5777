import type { PrintFormat } from '../../model/print.js';
import type { Field, Value } from '../result-taker.js';
import { jsonEncoder, type JsonEncoder } from './json-value.js';
import type { RowWriter } from './row-writer.js';

/**
 * Rows as JSON objects. `ndjson`: one a line. `json`: elements of one array, each with the comma and the line feed that
 * stand before it; whoever puts the parts of all results together makes the first comma the array's bracket
 * (model/json-array.ts).
 *
 * Columns of the same name are told apart by a number, because an object has a name only once.
 */
export class JsonWriter implements RowWriter {
  readonly #before: string;
  readonly #behind: string;
  #columns: readonly { readonly key: string; readonly encode: JsonEncoder }[] = [];

  constructor(format: 'json' | 'ndjson') {
    this.#before = format === 'json' ? ',\n' : '';
    this.#behind = format === 'json' ? '' : '\n';
  }

  begin(fields: readonly Field[]): string {
    const keys = uniqueNames(fields.map(({ name }) => name));
    this.#columns = fields.map(({ dataTypeID }, column) => ({
      key: JSON.stringify(keys[column]),
      encode: jsonEncoder(dataTypeID),
    }));
    return '';
  }

  row(values: readonly Value[]): string {
    const members = this.#columns.map(({ key, encode }, column) => {
      const value = values[column] ?? null;
      return `${key}:${value === null ? 'null' : encode(value)}`;
    });
    return `${this.#before}{${members.join(',')}}${this.#behind}`;
  }

  /** A line of COPY data: a string. */
  line(text: string): string {
    return `${this.#before}${JSON.stringify(text.replace(/\n$/, ''))}${this.#behind}`;
  }

  end(): string {
    return '';
  }
}

export function isJson(format: PrintFormat): format is 'json' | 'ndjson' {
  return format === 'json' || format === 'ndjson';
}

/** `a, a, b` → `a, a_2, b`, and never a name that another column has. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const given = new Set(names);
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) {
      const next = `${name}_${number}`;
      if (!given.has(next)) unique = next;
    }
    taken.add(unique);
    return unique;
  });
}
