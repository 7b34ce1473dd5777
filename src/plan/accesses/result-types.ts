import type { Bound } from '../catalog/bound.js';
import type { Catalog } from '../catalog/catalog.js';

/**
 * Types that the columns of a query's result may have: those it names, those of the columns that it reads, those that its
 * functions take and give. What each column is, is not reckoned: too many do no harm.
 */
export function resultTypes(query: Bound, catalog: Catalog): readonly number[] {
  const types = new Set<number>();
  const seen = new Set<number>();
  const open = [query];
  for (let bound = open.pop(); bound !== undefined; bound = open.pop()) {
    for (const id of bound.types) types.add(id);
    for (const id of bound.routines) for (const type of catalog.routine(id)?.types ?? []) types.add(type);
    for (const { id } of bound.relations) {
      const relation = catalog.relation(id);
      if (relation === undefined || seen.has(id)) continue;
      seen.add(id);
      for (const { type } of relation.columns) if (type !== undefined) types.add(type);
      for (const type of relation.types ?? []) types.add(type);
      if (relation.query !== undefined) open.push(relation.query);
    }
  }
  return [...types];
}
