import type { CatalogObject, Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import { takeNames } from './constraint-names.js';
import { defineRelationSlots } from './tables.js';

export function defineSlotOf(object: CatalogObject, scope: Scope): void {
  scope.defineSlot(object.class === 'plain' ? object.kind : object.class, object.schema, object.name);
}

/** Another name, or another schema: both slots change hands. */
export function move(
  object: CatalogObject,
  to: { readonly schema: string; readonly name: string },
  scope: Scope,
): void {
  scope.define(object);
  for (const part of scope.catalog.dependents(object.id)) scope.use(part.id);
  if (object.class === 'relation') {
    scope.defineTree(object);
    defineRelationSlots(scope, object);
    defineRelationSlots(scope, { ...object, ...to });
    for (const { constraints } of [object, ...scope.follower.ancestors(object)])
      for (const schema of [object.schema, to.schema]) takeNames(constraints, schema, scope);
    const table = object.table === undefined ? undefined : scope.catalog.relation(object.table);
    if (table !== undefined) scope.define(table);
    if (table !== undefined && object.kind === 'index')
      renameConstraint(object, { table, to: to.name }, scope);
  }
  if (object.class === 'type')
    for (const schema of [object.schema, to.schema]) takeNames(object.constraints ?? [], schema, scope);
  defineSlotOf(object, scope);
  const moved = { ...(scope.catalog.get(object.id) ?? object), ...to };
  defineSlotOf(moved, scope);
  scope.catalog.put(moved);
}

/** The constraint that an index is for is called as the index is. */
function renameConstraint(
  { id, name: from, schema }: Relation,
  { table, to }: { readonly table: Relation; readonly to: string },
  scope: Scope,
): void {
  takeNames([{ name: from }, { name: to }], schema, scope);
  scope.catalog.put({
    ...table,
    constraints: table.constraints.map((one) =>
      one.type === 'index' && one.index === id ? { ...one, name: to } : one,
    ),
  });
}
