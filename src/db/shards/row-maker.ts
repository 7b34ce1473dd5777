import pg from 'pg';
import { InputError } from '../../model/diagnostic.js';
import type { Field } from '../result-taker.js';
import type { UnionRow } from './arrival.js';

/** A column of a result, as node-postgres tells it. */
export interface ShardField {
  readonly name: string;
  /** The server's number of the type. */
  readonly dataTypeID: number;
}

/** Its types know only some numbers of types; others give a parser that leaves texts as they are. */
const parserOf = pg.types.getTypeParser as (id: number, format: 'text') => (text: string) => unknown;

const TARGET: ShardField = { name: 'target', dataTypeID: 25 };

interface Column {
  readonly name: string;
  readonly index: number;
  readonly parse: (text: string) => unknown;
}

/** Makes objects of rows, with values as node-postgres gives them: its own parsers of types, applied to the server's texts. */
export class RowMaker {
  readonly fields: readonly ShardField[];
  readonly #columns: readonly Column[];
  readonly #withTarget: boolean;

  constructor(columns: readonly Field[], withTarget: boolean) {
    this.#withTarget = withTarget;
    const fields = columns.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    this.fields = withTarget ? [...fields, TARGET] : fields;
    this.#columns = columns.map(({ name, dataTypeID }, index) => ({
      name,
      index,
      parse: parserOf(dataTypeID, 'text'),
    }));
    if (withTarget && columns.some(({ name }) => name === TARGET.name)) throw new InputError([TAKEN]);
  }

  /** Of columns with the same name the last one stays. */
  make({ run, values }: UnionRow): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    for (const { name, index, parse } of this.#columns) {
      const text = values[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    if (this.#withTarget) row[TARGET.name] = run.shard.name;
    return row;
  }
}

const TAKEN = {
  severity: 'error',
  message: 'withTarget adds a column "target", and the query has one of that name',
  hint: 'name the column of the query otherwise: target AS aim',
} as const;
