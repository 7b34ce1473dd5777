import { isIndex } from '../../catalog/catalog.js';
import type { Constraint, Relation } from '../../catalog/objects.js';
import { isIndexed } from '../named-columns.js';
import type { Scope } from '../scope.js';
import { takeNames } from './constraint-names.js';
import { changeForeignKeys } from './partitions.js';

/**
 * ALTER TABLE … DROP COLUMN: the sequence that it owns, and the indexes, keys and statistics that name it, go with it. An heir that is no
 * partition may have the column of its own, or keep it behind ONLY: it stays there, which is more than there is.
 *
 * Source: src/backend/commands/tablecmds.c, ATExecDropColumn (attislocal).
 */
export function dropColumn(name: string, relation: Relation, scope: Scope): Relation {
  const heirs = scope.follower.heirs(relation);
  // Checks and keys that name it go with it: which do is not looked at.
  for (const { schema } of [relation, ...heirs]) takeNames(relation.constraints, schema, scope);
  changeForeignKeys([relation, ...heirs], scope);
  for (const owned of scope.names.owned(relation, name)) {
    scope.define(owned);
    scope.defineSlot('relation', owned.schema, owned.name);
    scope.catalog.remove(owned.id);
  }
  for (const heir of heirs)
    if (heir.isPartition === true)
      scope.catalog.put({ ...heir, columns: heir.columns.filter((column) => column.name !== name) });
  const lost = new Set([relation, ...heirs].flatMap((table) => dropIndexes(name, table, scope)));
  for (const index of lost) scope.catalog.remove(index);
  const isLeft = (one: Constraint): boolean =>
    one.type === 'not null' ? one.column !== name : one.type !== 'index' || !lost.has(one.index);
  return {
    ...relation,
    columns: relation.columns.filter((column) => column.name !== name),
    constraints: relation.constraints.filter(isLeft),
  };
}

/** Those that surely go, by their numbers; of the others nobody knows whether they name it, or whether the table keeps it. */
function dropIndexes(column: string, table: Relation, scope: Scope): readonly number[] {
  const mayKeep = table.parents.length > 0 && table.isPartition !== true;
  const lost: number[] = [];
  for (const part of scope.catalog.dependents(table.id)) {
    const isStatistics = part.class === 'plain' && part.kind === 'statistics';
    const isLost = isIndex(part) && isIndexed(part.indexed, column);
    if (!isStatistics && !isLost) continue;
    scope.define(part);
    scope.defineSlot(isStatistics ? 'statistics' : 'relation', part.schema, part.name);
    if (isLost && part.indexed !== undefined && !mayKeep) lost.push(part.id);
  }
  return lost;
}
