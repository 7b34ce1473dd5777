import { isIndex } from '../../catalog/catalog.js';
import type { Constraint, Relation } from '../../catalog/objects.js';
import { isIndexed } from '../indexed-columns.js';
import type { Scope } from '../scope.js';

/** ALTER TABLE … DROP COLUMN: the sequence that it owns, and the indexes, keys and statistics that name it, go with it. */
export function dropColumn(name: string, relation: Relation, scope: Scope): Relation {
  for (const owned of scope.catalog.dependents(relation.id))
    if (owned.class === 'relation' && owned.kind === 'sequence' && owned.column === name) {
      scope.define(owned);
      scope.defineSlot('relation', owned.schema, owned.name);
      scope.catalog.remove(owned.id);
    }
  for (const heir of scope.follower.heirs(relation))
    scope.catalog.put({ ...heir, columns: heir.columns.filter((column) => column.name !== name) });
  const lost = new Set(
    [relation, ...scope.follower.heirs(relation)].flatMap((table) => dropIndexes(name, table, scope)),
  );
  const isLeft = (constraint: Constraint): boolean =>
    constraint.type !== 'index' || !lost.has(constraint.index);
  return {
    ...relation,
    columns: relation.columns.filter((column) => column.name !== name),
    constraints: relation.constraints.filter(isLeft),
  };
}

function dropIndexes(column: string, table: Relation, scope: Scope): readonly number[] {
  const lost: number[] = [];
  for (const part of scope.catalog.dependents(table.id)) {
    const isStatistics = part.class === 'plain' && part.kind === 'statistics';
    const isLost = isIndex(part) && isIndexed(part.indexed, column);
    if (!isStatistics && !isLost) continue;
    scope.define(part);
    scope.defineSlot(isStatistics ? 'statistics' : 'relation', part.schema, part.name);
    // Of the others nobody knows whether they name it.
    if (!isLost || part.indexed === undefined) continue;
    scope.catalog.remove(part.id);
    lost.push(part.id);
  }
  return lost;
}
