import type { Node } from 'libpg-query';
import { slotKey } from '../../catalog/catalog.js';
import { LONGEST_NAME, objectName, type TableName } from '../auto-names.js';
import { namedColumns } from '../named-columns.js';
import type { Scope } from '../scope.js';

/**
 * Names of constraints. Where nobody gives one, PostgreSQL chooses `t_a_check`, `t_a_fkey` or (18) `t_a_not_null`, and puts a number
 * behind it when any constraint of a table or a domain in the schema is called so; the names of indexes that come with a key
 * are chosen likewise, and no constraint may have them either. So whoever brings such a name into a schema, or takes it away, tells
 * who chooses it what it will be.
 *
 * A name and the same with a number are one slot: who chooses tries one after the other. A number may cost a long name a letter,
 * which makes another slot of it; three digits are looked at.
 *
 * Source: src/backend/catalog/pg_constraint.c, ChooseConstraintName; src/backend/commands/indexcmds.c, ChooseRelationName.
 */
export function chooseConstraintName(
  { schema, name: table }: TableName,
  { second, label }: { readonly second: string; readonly label: string },
  scope: Scope,
): string {
  const name = objectName(table, second, label);
  const numbers = Buffer.byteLength(name) > LONGEST_NAME - 3 ? ['1', '11', '111'] : [];
  const numbered = numbers.map((number) => withoutNumber(objectName(table, second, `${label}${number}`)));
  for (const slot of new Set([name, ...numbered])) scope.defineSlot('constraint', schema, slot);
  return name;
}

/**
 * A CHECK is called after its column if it names exactly one, wherever it is written.
 *
 * Source: src/backend/catalog/heap.c, AddRelationNewConstraints.
 */
export function chooseCheckName(expression: Node | undefined, table: TableName, scope: Scope): string {
  const columns = namedColumns(expression);
  const [only = ''] = columns;
  const after = (second: string): string => chooseConstraintName(table, { second, label: 'check' }, scope);
  if (columns.length !== 1 || only === '*') return after('');
  // Or a whole row, which is no column.
  if (only === table.name) after('');
  return after(only);
}

const CHOSEN = /_(?:check|fkey|not_null)(?=\d*$)/;
const CHOSEN_FOR_INDEX = /_(?:pkey|key|excl)\d*$/;

function withoutNumber(name: string): string {
  return name.replace(/\d+$/, '');
}

/**
 * The constraints of a table that may be meant by a name: the one that has it, or all that may have it, because a number behind what
 * PostgreSQL chose is not known.
 */
export function constraintsNamed<C extends { readonly name: string }>(
  name: string,
  constraints: readonly C[],
): { readonly meant: readonly C[]; readonly isTold: boolean } {
  const exact = constraints.filter((one) => one.name === name);
  if (exact.length === 1 || !CHOSEN.test(name)) return { meant: exact, isTold: exact.length < 2 };
  const isLong = Buffer.byteLength(name) > LONGEST_NAME - 3;
  const mayBe = (own: string): boolean =>
    withoutNumber(own) === withoutNumber(name) || (isLong && CHOSEN.test(own));
  return { meant: constraints.filter((one) => mayBe(one.name)), isTold: false };
}

/** Constraints come into a schema under these names, or go. Names that nobody would choose tell nobody anything. */
export function takeNames(
  constraints: readonly { readonly name: string; readonly type?: string }[],
  schema: string,
  scope: Scope,
): void {
  for (const { name, type } of constraints) {
    if (CHOSEN.test(name)) scope.useSlot(slotKey('constraint', schema, withoutNumber(name)));
    // A key's own index takes its name.
    else if (type !== 'index' && CHOSEN_FOR_INDEX.test(name))
      scope.useSlot(slotKey('relation', schema, name));
  }
}
