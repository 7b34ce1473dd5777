import type { DirectiveWord } from './directive-words.js';
import type { Value } from './directive-values.js';
import type { TableName } from '../model/script.js';

/** What a split over a table's rows names: the table, and of `range=` its columns. Names are folded as SQL folds them. */
export interface SplitKey {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/** `t.c`, `s.t.c`, `t.(a,b)`, `"My Table"."Id"` */
export function readRangeKey(word: DirectiveWord): Value<SplitKey> {
  const { value = '' } = word;
  const [, table = '', single, list] = RANGE.exec(value.trim()) ?? [];
  const columns = list === undefined ? (single === undefined ? [] : [single]) : list.split(LIST_COMMA);
  const names = namesOf(table);
  if (names === undefined || columns.length === 0) return fault(word, RANGE_HINT);
  return { value: { table: names, columns: columns.map((column) => fold(column.trim())) } };
}

/** `t`, `s.t` */
export function readBlocksTable(word: DirectiveWord): Value<SplitKey> {
  const names = TABLE.test((word.value ?? '').trim()) ? namesOf((word.value ?? '').trim()) : undefined;
  return names === undefined ? fault(word, BLOCKS_HINT) : { value: { table: names, columns: [] } };
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s",.'();]+)`;
const QUALIFIED = String.raw`${NAME}(?:\.${NAME})?`;
const TABLE = new RegExp(`^${QUALIFIED}$`, 'u');
const RANGE = new RegExp(
  String.raw`^(${QUALIFIED})\.(?:(${NAME})|\((\s*${NAME}\s*(?:,\s*${NAME}\s*)*)\))$`,
  'u',
);
/** Not within quotes: an even number of them is behind it. */
const LIST_COMMA = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

function namesOf(text: string): TableName | undefined {
  const [first, second] = (text.match(new RegExp(NAME, 'gu')) ?? []).map(fold);
  if (first === undefined) return undefined;
  return second === undefined ? { name: first } : { schema: first, name: second };
}

function fold(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

function fault({ name, value = '' }: DirectiveWord, hint: string): { readonly fault: Fault } {
  const what = name === 'range' ? 'a column of a table' : 'a table';
  return { fault: { message: `${name}= takes ${what}, not “${value}”`, hint } };
}

type Fault = Extract<Value<never>, { readonly fault: unknown }>['fault'];

const RANGE_HINT =
  'write range=table.column, range=schema.table.column, range=table.(a,b), or in quotes range=\'"My Table".id\'';
const BLOCKS_HINT = 'write blocks=table, blocks=schema.table, or in quotes blocks=\'"My Table"\'';
