import type { Failure } from '../../model/failure.js';
import type { VariableStore } from '../../script/variable-store.js';
import { quoteLiteral } from '../../script/variables.js';
import { isSpecial } from '../../script/special-variables.js';
import type { ResultSet } from '../result-taker.js';
import type { Column } from './describe-query.js';

export type Rows = Extract<ResultSet, { readonly kind: 'rows' }>;

export interface StoreOptions {
  readonly prefix: string;
  /** Gets what is left out. */
  readonly warn: (message: string) => void;
}

/** `\gset`: the one row's columns become variables; NULL unsets. Returns why that cannot be. */
export function storeRow(
  variables: VariableStore,
  { fields, rows }: Rows,
  { prefix, warn }: StoreOptions,
): Failure | undefined {
  const [row, second] = rows;
  if (row === undefined) return { kind: 'client', message: 'no rows returned for \\gset' };
  if (second !== undefined) return { kind: 'client', message: 'more than one row returned for \\gset' };
  for (const [index, { name }] of fields.entries()) {
    const variable = prefix + name;
    // psql's own switches are not for the data to change.
    if (isSpecial(variable)) {
      warn(`\\gset leaves ${variable} as it is, because psql itself listens to it`);
      continue;
    }
    const value = row[index] ?? null;
    if (value === null) {
      // Whatever its name is: psql does not mind when what it unsets cannot be.
      variables.unset(variable);
      continue;
    }
    const fault = variables.set(variable, value);
    if (fault !== undefined)
      return { kind: 'client', message: fault.message, hint: 'give the column a name with AS' };
  }
  return undefined;
}

/** The query by which psql shows what `\gdesc` found (src/bin/psql/common.c, DescribeQuery). */
export function describeText(columns: readonly Column[]): string {
  const rows = columns.map(
    ({ name, dataTypeID, dataTypeModifier }) =>
      `(${quoteLiteral(name)}, '${dataTypeID}'::pg_catalog.oid, ${dataTypeModifier})`,
  );
  return `SELECT name AS "Column", pg_catalog.format_type(tp, tpm) AS "Type"\nFROM (VALUES ${rows.join(',')}) s(name, tp, tpm)`;
}
