import type { Node } from 'libpg-query';
import { joinBounds } from '../../catalog/bound.js';
import type { Constraint, IndexConstraint, Relation } from '../../catalog/objects.js';
import { chooseRelationName } from '../auto-names.js';
import { copyNameParts } from '../index-names.js';
import type { Scope } from '../scope.js';
import type { TableName } from '../auto-names.js';
import { addIndex } from './columns.js';

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
  if (isAdded && isCircle(relation, part, scope)) return undefined;
  for (const above of scope.follower.ancestors(relation)) scope.define(above);
  const table = part.table === undefined ? undefined : scope.catalog.relation(part.table);
  if (table !== undefined) scope.define(table);
  if (part.kind === 'index') return undefined;
  const above = [relation, ...scope.follower.ancestors(relation)];
  changeForeignKeys([part, ...above], scope);
  for (const refers of scope.catalog.dependents(relation.id))
    if (refers.class === 'relation') scope.define(refers);
  useReferrers(relation, scope);
  // After DETACH it keeps, as its own, what it had as a partition.
  const triggers = above.flatMap((one) => one.triggers.filter(({ isRow }) => isRow));
  const constraints = inheritedConstraints(above);
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
  const { isPartition: _before, ...rest } = part;
  const parents = part.parents.filter((id) => id !== relation.id);
  if (isAdded) {
    scope.catalog.put({
      ...withIdentities(rest, relation),
      isPartition: true,
      parents: [...parents, relation.id],
    });
    for (const heir of scope.follower.heirs(part)) scope.catalog.put(withIdentities(heir, relation));
    for (const index of scope.catalog.indexes(relation.id))
      for (const one of [part, ...scope.follower.heirs(part)])
        giveCopy(index, { of: relation, to: one }, scope);
  } else
    scope.catalog.put({
      ...rest,
      parents,
      triggers: [...part.triggers, ...triggers],
      constraints: [...part.constraints, ...constraints],
    });
  followKeys(relation, scope);
  return undefined;
}

/**
 * Foreign keys of these tables may come, go, or be made again: the triggers of the tables that they lead to do, too.
 *
 * Source: src/backend/commands/tablecmds.c, ATPostAlterTypeCleanup; src/backend/catalog/pg_constraint.c, RemoveConstraintById.
 */
export function changeForeignKeys(tables: readonly Pick<Relation, 'constraints'>[], scope: Scope): void {
  for (const target of targetsOf(tables, scope)) scope.defineTree(target);
}

/**
 * Those that a new partition gets lock the tables that they lead to.
 *
 * Source: src/backend/commands/tablecmds.c, CloneFkReferencing.
 */
export function lockTargets(root: Relation, scope: Scope): void {
  for (const target of targetsOf([root, ...scope.follower.ancestors(root)], scope))
    for (const { id } of [target, ...scope.follower.heirs(target)]) scope.touch.add(id, 'maintain');
}

function targetsOf(
  tables: readonly Pick<Relation, 'constraints'>[],
  { catalog }: Scope,
): readonly Relation[] {
  return tables.flatMap(({ constraints }) =>
    constraints.flatMap((one) => (one.type === 'foreign key' ? (catalog.relation(one.target) ?? []) : [])),
  );
}

/**
 * Identity columns of a partitioned table are those of its partitions, too, and draw from one sequence (from PostgreSQL 17 on).
 *
 * Source: src/backend/commands/tablecmds.c, MergeAttributesIntoExisting and ATExecAddIdentity.
 */
export function withIdentities(part: Relation, { columns }: Pick<Relation, 'columns'>): Relation {
  const identities = columns.filter(({ isIdentity }) => isIdentity === true);
  const others = part.columns.filter(({ name }) => !identities.some((one) => one.name === name));
  return identities.length === 0 ? part : { ...part, columns: [...others, ...identities] };
}

/** Rows are looked at, whether they belong to a partition: by the keys of all the tables that it is a part of. */
export function followKeys(root: Relation, scope: Scope): void {
  const above = [root, ...scope.follower.ancestors(root)];
  scope.follow(joinBounds(above.map(({ partitionKey }) => partitionKey)));
}

/** What a table that leaves those above it keeps of their constraints, as its own. Foreign keys only partitions have from them. */
export function inheritedConstraints(above: readonly Relation[]): readonly Constraint[] {
  return above.flatMap(({ kind, constraints }) =>
    constraints.filter(
      ({ type }) =>
        type === 'check' || type === 'not null' || (type === 'foreign key' && kind === 'partitioned table'),
    ),
  );
}

/** The table would inherit from itself: PostgreSQL refuses that, or something else is known of the tables when it comes to it. */
export function isCircle(parent: Relation, child: Relation, scope: Scope): boolean {
  const isOne = [parent, ...scope.follower.ancestors(parent)].some(({ id }) => id === child.id);
  if (isOne) scope.touch.unknown.push(`${child.name} is above ${parent.name} already`);
  return isOne;
}

/**
 * A partition gets a copy of an index that it has no like of, under a name of its own. Whether it has is not looked at: one index is more
 * than there is.
 *
 * Source: src/backend/commands/tablecmds.c, AttachPartitionEnsureIndexes; src/backend/commands/indexcmds.c, DefineIndex.
 */
export function giveCopy(
  index: Relation,
  { of, to }: { readonly of: Pick<Relation, 'constraints'>; readonly to: TableName },
  scope: Scope,
): void {
  const constraint = copyIndex(index, { of, table: to, isDoubtful: true }, scope);
  const table = scope.catalog.relation(to.id);
  if (table !== undefined && constraint !== undefined)
    scope.catalog.put({ ...table, constraints: [...table.constraints, constraint] });
}

/**
 * What it gives is the constraint that the copy is for. Its functions must be immutable still, if there are no rows to evaluate
 * them for, either.
 *
 * Source: src/backend/parser/parse_utilcmd.c, generateClonedIndexStmt; src/backend/commands/indexcmds.c, ComputeIndexAttrs.
 */
export function copyIndex(
  index: Relation,
  {
    of,
    table,
    isDoubtful = false,
  }: {
    readonly of: Pick<Relation, 'constraints'>;
    readonly table: TableName;
    readonly isDoubtful?: boolean;
  },
  scope: Scope,
): IndexConstraint | undefined {
  const constraint = constraintOf(index, of);
  const name = chooseCopyName(index, { constraint, table }, scope);
  if (name === undefined) return undefined;
  const { expressions, isUnique = false, indexed, keys } = index;
  scope.follow(expressions);
  const id = addIndex(scope, { table, name, expressions, isUnique, indexed, keys, isDoubtful });
  return constraint && { ...constraint, name, index: id };
}

/** An index goes, and with it those of the table's partitions that are copies of it: which are is not known. */
export function doubtCopies(index: Relation, scope: Scope): void {
  const table = index.table === undefined ? undefined : scope.catalog.relation(index.table);
  const parts = table === undefined ? [] : scope.follower.heirs(table);
  for (const { id, isPartition } of parts) {
    if (isPartition !== true) continue;
    for (const copy of scope.catalog.indexes(id)) {
      if (copy.keys?.join() !== index.keys?.join()) continue;
      scope.define(copy);
      scope.defineSlot('relation', copy.schema, copy.name);
      scope.catalog.put({ ...copy, isDoubtful: true });
    }
  }
}

/** The constraint that an index of a table is for. */
function constraintOf(
  { id }: Relation,
  { constraints }: Pick<Relation, 'constraints'>,
): IndexConstraint | undefined {
  return constraints.find((one): one is IndexConstraint => one.type === 'index' && one.index === id);
}

/** How the copy of an index is called on this table. */
function chooseCopyName(
  index: Relation,
  { constraint, table }: { readonly constraint: IndexConstraint | undefined; readonly table: TableName },
  scope: Scope,
): string | undefined {
  const nameParts = copyNameParts(index, constraint);
  if (nameParts !== undefined)
    return chooseRelationName(scope, { schema: table.schema, first: table.name, ...nameParts });
  scope.touch.unknown.push(`a copy of the index ${index.name}, whose name is not known`);
  return undefined;
}

/** Tables with foreign keys that lead to a partitioned table: one more of its partitions means a constraint more of theirs. */
export function useReferrers(partitioned: Relation, scope: Scope): void {
  for (const { id } of [partitioned, ...scope.follower.ancestors(partitioned)])
    // Their rows may be read meanwhile.
    for (const referrer of scope.catalog.referrers(id)) scope.touch.add(referrer.id, 'maintain');
}
