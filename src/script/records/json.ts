import { JsonFault, JsonScanner } from './json-scanner.js';
import type { RecordFaults, RecordTable } from './table.js';
import type { ValueRecord } from '../../model/script.js';

/**
 * Records in JSON: an array of objects, or an object a line. The keys of the first object are the columns; the others have
 * the same keys, in whatever order. null is NULL; numbers, objects and arrays are the text they are written in.
 */
export function readJson(text: string, faults: RecordFaults): RecordTable | undefined {
  return readObjects(text, faults, (scanner, object) => {
    if (!scanner.take('[')) scanner.fail('this is no array: “[” is missing');
    scanner.eachItem(']', object);
    if (!scanner.isAtEnd()) scanner.fail('something stands behind the array');
  });
}

export function readJsonLines(text: string, faults: RecordFaults): RecordTable | undefined {
  return readObjects(text, faults, (scanner, object) => {
    while (!scanner.isAtEnd()) {
      const start = scanner.position;
      object();
      const isOneLine = !text.slice(start, scanner.position).includes('\n');
      if (!isOneLine || /[^ \t\r\n]/.test(restOfLine(text, scanner.position)))
        scanner.fail('this is not one object a line');
    }
  });
}

type ReadObjects = (scanner: JsonScanner, object: () => void) => void;

function readObjects(text: string, faults: RecordFaults, read: ReadObjects): RecordTable | undefined {
  const scanner = new JsonScanner(text);
  const lines = new LineCount(text);
  const table = new ObjectTable(faults);
  try {
    read(scanner, () => {
      if (!scanner.take('{')) scanner.fail('a record is no object: “{” is missing');
      const line = lines.at(scanner.position);
      table.add(readPairs(scanner), line);
    });
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const hint =
      'write valid JSON: an array of objects in a .json file, an object a line in .ndjson and .jsonl';
    faults.add(lines.at(error.position), { message: error.message, hint });
    return undefined;
  }
  return table.table;
}

function readPairs(scanner: JsonScanner): readonly (readonly [string, string | null])[] {
  const pairs: [string, string | null][] = [];
  scanner.eachItem('}', () => {
    const key = scanner.string();
    scanner.expect(':');
    pairs.push([key, scanner.value()]);
  });
  return pairs;
}

/** Objects with the keys of the first. */
class ObjectTable {
  readonly #faults: RecordFaults;
  readonly #records: (ValueRecord & { readonly line: number })[] = [];
  #columns: readonly string[] | undefined;
  #columnsLine = 1;

  constructor(faults: RecordFaults) {
    this.#faults = faults;
  }

  get table(): RecordTable {
    return { columns: this.#columns ?? [], columnsLine: this.#columnsLine, records: this.#records };
  }

  add(pairs: readonly (readonly [string, string | null])[], line: number): void {
    const byKey = new Map(pairs);
    if (this.#columns === undefined) {
      // Keys that come twice are told with the other faults of names.
      this.#columns = pairs.map(([key]) => key);
      this.#columnsLine = line;
    } else if (byKey.size < pairs.length) this.#faults.add(line, fault('has a key twice'));
    const columns = this.#columns;
    const missing = columns.find((name) => !byKey.has(name));
    const known = new Set(columns);
    const more = pairs.find(([key]) => !known.has(key))?.[0];
    if (missing !== undefined) this.#faults.add(line, fault(`has no “${missing}”`));
    if (more !== undefined) this.#faults.add(line, fault(`has “${more}”, which the first record has not`));
    this.#records.push({ values: columns.map((name) => byKey.get(name) ?? null), line });
  }
}

function fault(what: string): { readonly message: string; readonly hint: string } {
  return { message: `this record ${what}`, hint: 'give all records the same keys; null is NULL' };
}

function restOfLine(text: string, position: number): string {
  const end = text.indexOf('\n', position);
  return text.slice(position, end < 0 ? undefined : end);
}

/** The line of a position, from 1. Positions are asked for in their order. */
class LineCount {
  readonly #text: string;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(position: number): number {
    for (;;) {
      const next = this.#text.indexOf('\n', this.#counted);
      if (next < 0 || next >= position) return this.#line;
      this.#line += 1;
      this.#counted = next + 1;
    }
  }
}
