import type { Bound } from '../catalog/bound.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Relation } from '../catalog/objects.js';
import { namedColumns } from './named-columns.js';

/**
 * Types that the columns of a query's result may have: those it names, those of the columns that it reads, those that its
 * functions take and give. What each column is, is not reckoned: too many do no harm.
 */
export function resultTypes(query: Bound, tree: unknown, catalog: Catalog): readonly number[] {
  const types = new Set<number>(rowTypes(query, tree));
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
      for (const type of ownTypes(relation)) types.add(type);
      if (relation.query !== undefined) open.push(relation.query);
    }
  }
  return [...types];
}

/** Types that those columns of a relation may have which are not known one by one. */
export function unlistedTypes(relation: Relation, catalog: Catalog): readonly number[] {
  const { query } = relation;
  return [...ownTypes(relation), ...(query === undefined ? [] : resultTypes(query, undefined, catalog))];
}

/** What it reads, if it is a view, is another matter. */
export function ownTypes({ types = [], ofType }: Relation): readonly number[] {
  return ofType === undefined ? types : [...types, ofType];
}

/** Tables whose rows may be a column of the result: one of them is named where a column could be (`SELECT t FROM t`). */
export function rowTypes(query: Bound, tree: unknown): readonly number[] {
  const tables = rangeNames(tree);
  return namedColumns(tree).some((name) => tables.has(name)) ? query.relations.map(({ id }) => id) : [];
}

function rangeNames(tree: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (typeof tree !== 'object' || tree === null) return names;
  for (const [key, inner] of Object.entries(tree)) {
    if (key === 'relname' || key === 'aliasname') names.add(String(inner));
    else rangeNames(inner, names);
  }
  return names;
}
