import type { Constraint, Relation } from '../../catalog/objects.js';
import type { Name } from '../mentions.js';
import type { Scope } from '../scope.js';
import { constraintsNamed, takeNames } from './constraint-names.js';
import { move } from './move.js';

/** Columns, constraints, triggers …: the table is another. */
export function renamePart(
  kind: string,
  { name, from, to }: { readonly name: Name; readonly from: string; readonly to: string },
  scope: Scope,
): void {
  const relation = scope.relation(name);
  if (relation === undefined) return;
  scope.defineTree(relation);
  const renamed = <T extends { readonly name: string }>(one: T): T =>
    one.name === from ? { ...one, name: to } : one;
  const renamedIn = (one: Constraint): Constraint =>
    one.type === 'not null' && one.column === from ? { ...one, column: to } : one;
  for (const table of [relation, ...scope.follower.heirs(relation)])
    scope.catalog.put({
      ...table,
      ...(kind === 'OBJECT_COLUMN'
        ? { columns: table.columns.map(renamed), constraints: table.constraints.map(renamedIn) }
        : {}),
      ...(kind === 'OBJECT_TRIGGER' ? { triggers: table.triggers.map(renamed) } : {}),
      ...(kind === 'OBJECT_RULE' ? { rules: table.rules.map(renamed) } : {}),
      ...(kind === 'OBJECT_POLICY' ? { policies: table.policies.map(renamed) } : {}),
      ...(kind === 'OBJECT_TABCONSTRAINT' ? { constraints: renamedConstraints(table, { from, to }) } : {}),
    });
  if (kind === 'OBJECT_COLUMN')
    for (const table of [relation, ...scope.follower.heirs(relation)])
      for (const part of scope.catalog.dependents(table.id))
        if (part.class === 'relation') renameIn(part, { from, to }, scope);
  if (kind === 'OBJECT_TABCONSTRAINT' || kind === 'OBJECT_TRIGGER')
    for (const { schema } of [relation, ...scope.follower.heirs(relation)])
      takeNames([{ name: from }, { name: to }], schema, scope);
  // A key's index has the constraint's name.
  const index =
    kind === 'OBJECT_TABCONSTRAINT' ? scope.catalog.relationNamed(relation.schema, from) : undefined;
  if (index?.table === relation.id) move(index, { schema: relation.schema, name: to }, scope);
}

/** Where it is not told which one it is, those that it may be have either name. */
function renamedConstraints(
  { constraints }: Relation,
  { from, to }: { readonly from: string; readonly to: string },
): readonly Constraint[] {
  const { meant, isTold } = constraintsNamed(from, constraints);
  const renamed = meant.map((one) => ({ ...one, name: to }));
  return [...(isTold ? constraints.filter((one) => !meant.includes(one)) : constraints), ...renamed];
}

/** What an index or a sequence knows of a column by its name. */
function renameIn(
  part: Relation,
  { from, to }: { readonly from: string; readonly to: string },
  scope: Scope,
): void {
  const { column, indexed } = part;
  if (column !== from && indexed?.includes(from) !== true) return;
  scope.catalog.put({
    ...part,
    ...(column === from ? { column: to } : {}),
    ...(indexed === undefined ? {} : { indexed: indexed.map((name) => (name === from ? to : name)) }),
  });
}
