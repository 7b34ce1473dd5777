import { referredBy } from './bound.js';
import type { CatalogObject, Relation } from './objects.js';

/** All objects that one refers to. Gathered by hand: it is asked several times for each object, and most refer to few. */
export function references(object: CatalogObject): ReadonlySet<number> {
  const found = new Set<number>();
  const add = (ids: readonly number[]): void => {
    for (const id of ids) found.add(id);
  };
  switch (object.class) {
    case 'relation':
      addReferences(object, found, add);
      break;
    case 'routine':
      add(referredBy(object.body));
      add(object.types);
      break;
    case 'type':
      add(referredBy(object.checks));
      add(object.parts);
      break;
    case 'plain':
      add(object.refers);
      add(referredBy(object.expressions));
      break;
  }
  return found;
}

function addReferences(relation: Relation, found: Set<number>, add: (ids: readonly number[]) => void): void {
  const { table, ofType } = relation;
  add(relation.parents);
  for (const { type, expression } of relation.columns) {
    if (type !== undefined) found.add(type);
    add(referredBy(expression));
  }
  for (const bound of [relation.query, relation.expressions, relation.partitionKey]) add(referredBy(bound));
  for (const constraint of relation.constraints) {
    if (constraint.type === 'check') add(referredBy(constraint.expression));
    else if (constraint.type === 'foreign key') found.add(constraint.target);
  }
  for (const { routine, when, from } of relation.triggers) {
    if (routine !== undefined) found.add(routine);
    if (from !== undefined) found.add(from);
    add(referredBy(when));
  }
  for (const { actions } of relation.rules) add(referredBy(actions));
  for (const { expressions } of relation.policies) add(referredBy(expressions));
  add(relation.types ?? []);
  if (table !== undefined) found.add(table);
  if (ofType !== undefined) found.add(ofType);
}
