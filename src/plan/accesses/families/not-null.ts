import type { Constraint, NotNull } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import type { TableName } from '../auto-names.js';
import { chooseConstraintName } from './constraint-names.js';

/** Columns are NOT NULL; those that are already have a name. */
export function notNull(
  columns: readonly string[],
  { constraints, table }: { readonly constraints: readonly Constraint[]; readonly table: TableName },
  scope: Scope,
): readonly NotNull[] {
  const isKnown = (column: string): boolean =>
    constraints.some((one) => one.type === 'not null' && one.column === column);
  return columns
    .filter((column) => !isKnown(column))
    .map((column) => ({
      type: 'not null',
      name: chooseConstraintName(table, { second: column, label: 'not_null' }, scope),
      column,
    }));
}

/** Of a primary key: its columns are NOT NULL. */
export function keyNotNull(
  constraint: Constraint,
  of: { readonly constraints: readonly Constraint[]; readonly table: TableName },
  scope: Scope,
): readonly NotNull[] {
  if (constraint.type !== 'index' || constraint.isPrimary !== true) return [];
  return notNull(scope.catalog.relation(constraint.index)?.indexed ?? [], of, scope);
}
