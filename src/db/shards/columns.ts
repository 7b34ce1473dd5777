import pg from 'pg';
import type { Field } from '../result-taker.js';

/** Types with lower numbers are the server's own; others get theirs when they are made, in each database anew. */
const FIRST_OF_USERS = 16_384;

/** The same names in the same order, of the same types as far as numbers of types can tell that. */
export function sameColumns(some: readonly Field[], others: readonly Field[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ name, dataTypeID }, index) => {
      const other = others[index];
      return other?.name === name && kindOf(other.dataTypeID) === kindOf(dataTypeID);
    })
  );
}

function kindOf(dataTypeID: number): number {
  return Math.min(dataTypeID, FIRST_OF_USERS);
}

/** `(id int4, name text)`; `no columns` */
export function describeColumns(columns: readonly Field[]): string {
  if (columns.length === 0) return 'no columns';
  return `(${columns.map(({ name, dataTypeID }) => `${name} ${typeName(dataTypeID)}`).join(', ')})`;
}

const TYPE_NAMES = new Map(
  Object.entries(pg.types.builtins).map(([name, id]): [number, string] => [id, name.toLowerCase()]),
);

function typeName(dataTypeID: number): string {
  return TYPE_NAMES.get(dataTypeID) ?? `type ${dataTypeID}`;
}
