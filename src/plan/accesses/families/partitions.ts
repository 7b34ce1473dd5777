import type { Node } from 'libpg-query';
import { joinBounds } from '../../catalog/bound.js';
import type { Relation } from '../../catalog/objects.js';
import { chooseRelationName } from '../auto-names.js';
import { copyNameParts } from '../index-names.js';
import type { Scope } from '../scope.js';

/** The rows of the partition, and of the default one, are looked at. Of indexes: their tables are changed likewise. */
export function changePartition(
  def: Node | undefined,
  { relation, isAdded }: { readonly relation: Relation; readonly isAdded: boolean },
  scope: Scope,
): Relation | undefined {
  if (def === undefined || !('PartitionCmd' in def)) return undefined;
  const { name, concurrent, bound } = def.PartitionCmd;
  if (concurrent === true) scope.touch.alone.push('DETACH CONCURRENTLY waits for older transactions');
  if (bound !== undefined) scope.run(bound);
  const part = scope.relation(name);
  if (part === undefined) return undefined;
  scope.defineTree(part);
  for (const above of scope.follower.ancestors(relation)) scope.define(above);
  const table = part.table === undefined ? undefined : scope.catalog.relation(part.table);
  if (table !== undefined) scope.define(table);
  if (part.kind === 'index') return undefined;
  // Foreign keys of either make triggers on the tables that these lead to.
  for (const { constraints } of [relation, part])
    for (const constraint of constraints) {
      const target =
        constraint.type === 'foreign key' ? scope.catalog.relation(constraint.target) : undefined;
      if (target !== undefined) scope.defineTree(target);
    }
  for (const refers of scope.catalog.dependents(relation.id))
    if (refers.class === 'relation') scope.define(refers);
  useReferrers(relation, scope);
  if (isAdded)
    for (const index of scope.catalog.indexes(relation.id)) defineCopy(index, { of: relation, part }, scope);
  // After DETACH it keeps, as its own, what it had as a partition.
  const above = [relation, ...scope.follower.ancestors(relation)];
  const triggers = above.flatMap((one) => one.triggers.filter(({ isRow }) => isRow));
  const constraints = above.flatMap((one) => one.constraints.filter(({ type }) => type !== 'index'));
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
  const { isPartition: _before, ...rest } = part;
  const parents = part.parents.filter((id) => id !== relation.id);
  scope.catalog.put(
    isAdded
      ? { ...rest, isPartition: true, parents: [...parents, relation.id] }
      : {
          ...rest,
          parents,
          triggers: [...part.triggers, ...triggers],
          constraints: [...part.constraints, ...constraints],
        },
  );
  scope.follow(joinBounds([relation.partitionKey]));
  return undefined;
}

/**
 * A partition gets a copy of an index that it has no like of, under a name of its own: whether it has is not looked at.
 *
 * Source: src/backend/commands/tablecmds.c, AttachPartitionEnsureIndexes; src/backend/commands/indexcmds.c, DefineIndex.
 */
export function defineCopy(
  index: Relation,
  { of, part }: { readonly of: Pick<Relation, 'constraints'>; readonly part: Relation },
  scope: Scope,
): void {
  const constraint = of.constraints.find((one) => one.type === 'index' && one.index === index.id);
  const nameParts = copyNameParts(index, constraint);
  if (nameParts === undefined) scope.touch.unknown.push(`a copy of ${index.name}, whose name is not known`);
  else chooseRelationName(scope, { schema: part.schema, first: part.name, ...nameParts });
}

/** Tables with foreign keys that lead to a partitioned table: one more of its partitions means a constraint more of theirs. */
export function useReferrers(partitioned: Relation, scope: Scope): void {
  for (const { id } of [partitioned, ...scope.follower.ancestors(partitioned)])
    for (const refers of scope.catalog.dependents(id)) {
      const isReferrer =
        refers.class === 'relation' &&
        refers.constraints.some((one) => one.type === 'foreign key' && one.target === id);
      // Its rows may be read meanwhile.
      if (isReferrer) scope.touch.add(refers.id, 'maintain');
    }
}
