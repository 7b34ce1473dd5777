import { references } from '../../catalog/references.js';
import type { CatalogObject, Constraint, Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';

/**
 * What DROP … CASCADE of relations takes along, where that is nothing but views, and foreign keys of tables that stay: so most
 * scripts begin that make their tables anew. Anything else that depends on them (functions and columns of a row's type, heirs,
 * defaults) is not followed.
 *
 * A foreign key to a partitioned table leads to each of its partitions, too, and goes as a whole with any of them.
 *
 * Source: src/backend/catalog/dependency.c, findDependentObjects; src/backend/commands/tablecmds.c, addFkRecurseReferenced.
 */
export interface Cascade {
  readonly views: readonly Relation[];
  /** Tables that stay, without the keys that go. */
  readonly kept: readonly { readonly table: Relation; readonly lost: readonly Constraint[] }[];
}

/** Undefined: there is more. `isPart`: it goes with it in any case. */
export function cascadeOf(
  dropped: readonly CatalogObject[],
  scope: Scope,
  isPart: (other: CatalogObject, of: CatalogObject) => boolean,
): Cascade | undefined {
  const gone = new Map(dropped.map((object) => [object.id, object]));
  const views: Relation[] = [];
  const holders = new Map<number, Relation>();
  /** What foreign keys lead to that go. */
  const targets = new Set<number>();
  // What is found is looked at, too.
  for (const object of gone.values()) {
    if (scope.catalog.hidden.has(object.id)) return undefined;
    for (const other of scope.catalog.dependents(object.id)) {
      if (gone.has(other.id)) continue;
      if (isPart(other, object) || isPartitionOf(other, object)) gone.set(other.id, other);
      else if (other.class !== 'relation') return undefined;
      else if (other.kind === 'view' || other.kind === 'materialized view') {
        gone.set(other.id, other);
        views.push(other);
      } else holders.set(other.id, other);
    }
    for (const above of partitionedAbove(object, scope)) {
      targets.add(above.id);
      for (const referrer of scope.catalog.referrers(above.id)) holders.set(referrer.id, referrer);
    }
  }
  for (const id of gone.keys()) targets.add(id);
  const kept = [...holders.values()]
    .filter(({ id }) => !gone.has(id))
    .map((table) => ({ table, lost: table.constraints.filter((one) => leadsTo(one, targets)) }));
  return kept.every((one) => isFree(one, gone)) ? { views, kept } : undefined;
}

export function withoutKeys({ table, lost }: Cascade['kept'][number]): Relation {
  return { ...table, constraints: table.constraints.filter((one) => !lost.includes(one)) };
}

/** Partitions go without CASCADE, too. */
function isPartitionOf(other: CatalogObject, { id }: CatalogObject): boolean {
  return other.class === 'relation' && other.isPartition === true && other.parents.includes(id);
}

/** The tables that a partition is a part of. */
export function partitionedAbove(object: CatalogObject, { follower }: Scope): readonly Relation[] {
  return object.class === 'relation' && object.isPartition === true ? follower.ancestors(object) : [];
}

function leadsTo(constraint: Constraint, targets: ReadonlySet<number>): boolean {
  return constraint.type === 'foreign key' && targets.has(constraint.target);
}

/** But for the keys nothing of it depends on what goes. */
function isFree(one: Cascade['kept'][number], gone: ReadonlyMap<number, unknown>): boolean {
  return [...references(withoutKeys(one))].every((id) => !gone.has(id));
}
