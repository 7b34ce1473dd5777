import { readFileSync } from 'node:fs';
import { Faults, type Fault, type FileName } from '../faults.js';
import { memoryBytes } from '../script-bytes.js';
import { unreadable } from '../unreadable.js';
import { isVariableName } from '../variable-store.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Place } from '../../model/place.js';
import type { RecordSet } from '../../model/script.js';
import { readCsv } from './csv.js';
import { readJson, readJsonLines } from './json.js';
import type { RecordFaults, RecordTable } from './table.js';

/**
 * The records of a file that `split each=` names, whole and checked. What is wrong with the file as such is told at the
 * directive, what is wrong inside it at the line.
 */
export type ReadRecords =
  | { readonly kind: 'records'; readonly records: RecordSet }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'faults'; readonly diagnostics: readonly Diagnostic[] };

export interface RecordFile {
  /** As printed. */
  readonly name: string;
  readonly path: string;
  /** The directive that names it. */
  readonly from: Place;
}

export function readRecordFile({ name, path, from }: RecordFile): ReadRecords {
  const format = FORMATS.get(/\.[^./\\]*$/.exec(name)?.[0].toLowerCase() ?? '');
  if (format === undefined) return { kind: 'fault', fault: unknownFormat(name) };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { kind: 'fault', fault: { ...unreadable(name, error), hint: PATH_HINT } };
  }
  const found = readTable(bytes, format, { file: name, from });
  if (Array.isArray(found)) return { kind: 'faults', diagnostics: found };
  const { columns, records } = found;
  return { kind: 'records', records: { file: name, columns, records } };
}

type Format = (bytes: Buffer, faults: RecordFaults) => RecordTable | undefined;

/** By the ending of the name. */
const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['.csv', readCsv],
  ['.json', (bytes, faults) => readJson(textOf(bytes), faults)],
  ['.ndjson', (bytes, faults) => readJsonLines(textOf(bytes), faults)],
  ['.jsonl', (bytes, faults) => readJsonLines(textOf(bytes), faults)],
]);

function readTable(bytes: Buffer, format: Format, name: FileName): RecordTable | Diagnostic[] {
  const faults = new Faults(name, () => memoryBytes(bytes));
  const list: RecordFaults = { add: (line, fault) => faults.add({ line, column: 1 }, fault) };
  if (!isUtf8(bytes)) faults.addUnreadable({ line: lineOfBadByte(bytes), column: 1 }, NO_UTF8);
  const table = format(bytes, list);
  if (table !== undefined) checkTable(table, list);
  const diagnostics = faults.list();
  return table === undefined || diagnostics.length > 0 ? [...diagnostics] : table;
}

function checkTable({ columns, columnsLine, records }: RecordTable, faults: RecordFaults): void {
  const seen = new Set<string>();
  for (const name of columns) {
    if (!isVariableName(name)) faults.add(columnsLine, invalidName(name));
    else if (seen.has(name)) faults.add(columnsLine, duplicateName(name));
    seen.add(name);
  }
  for (const { values, line } of records)
    if (values.some((value) => value !== null && UNSENDABLE.test(value))) faults.add(line, NO_TEXT);
}

/** A zero byte, or half of a surrogate pair (which JSON can write): no text of PostgreSQL's. */
const UNSENDABLE = /\0|\p{Surrogate}/u;

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function lineOfBadByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf('\n', start);
    const stop = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop))) return line;
    start = stop + 1;
  }
  return line;
}

const PATH_HINT = 'check the path; it begins at the directory of the script, as with \\ir';

const NO_UTF8: Fault = { message: 'this line is not UTF-8', hint: 'convert the file to UTF-8' };

const NO_TEXT: Fault = {
  message:
    'a value of this record is no text that PostgreSQL takes: it has a zero byte, or half of a character',
  hint: 'remove it from the value',
};

function unknownFormat(name: string): Fault {
  return {
    message: `what ${name} holds is not known from its name`,
    hint: 'records are read from .csv, .json (an array of objects), .ndjson and .jsonl (an object a line)',
  };
}

function invalidName(name: string): Fault {
  return {
    message: name === '' ? 'a column has no name' : `“${name}” cannot be the name of a column`,
    hint: 'columns are variables: use letters, digits and underscores',
  };
}

function duplicateName(name: string): Fault {
  return { message: `two columns have the name “${name}”`, hint: 'rename one of the two' };
}
