import type { CatalogRows } from '../../model/catalog-rows.js';
import type { Parser } from '../../script/syntax.js';
import { Catalog } from '../catalog/catalog.js';
import { Resources } from '../catalog/resources.js';
import { RelationParts } from './load-relations.js';
import { Loading } from './loading.js';

/**
 * Rows of the live catalogs → the symbolic catalog. Objects get their numbers first, without what they rest on; then texts
 * (queries, defaults, bodies …) are parsed and bound, as if the statements that made them were run again, in which order does not
 * matter any more.
 */
export function loadCatalog(rows: CatalogRows, parser: Parser, resources = new Resources()): Catalog {
  const catalog = new Catalog(resources);
  const loading = new Loading(catalog, parser);
  for (const { name } of rows.schemas) loading.plain('schema', '', name);
  for (const name of rows.roles) loading.plain('role', '', name);
  for (const { name } of rows.extensions) loading.plain('extension', '', name);
  for (const { kind, schema, name } of rows.others)
    if (kind !== 'statistics') loading.plain(kind, schema, name);
  for (const type of rows.types) loading.type(type);
  for (const routine of rows.routines) loading.routine(routine);
  for (const relation of rows.relations) loading.relation(relation);
  for (const type of rows.types) loading.typeParts(type, rows);
  for (const routine of rows.routines) loading.routineParts(routine);
  const parts = new RelationParts(rows, loading);
  for (const relation of rows.relations) parts.load(relation);
  for (const row of rows.statistics) loading.statistics(row);
  for (const { routine } of rows.hidden) loading.hidden(routine);
  for (const { enabled, routine } of rows.eventTriggers) if (enabled !== 'D') loading.eventTrigger(routine);
  if (rows.relations.some(({ owner }) => owner !== rows.session.user)) catalog.meetOthers();
  catalog.forget();
  return catalog;
}

/** Without a database: what a new one has. */
export function emptyCatalog(resources = new Resources()): Catalog {
  const catalog = new Catalog(resources);
  for (const [kind, name] of NEW) {
    const id = resources.fresh(`${kind} ${name}`);
    catalog.put({ class: 'plain', kind, id, schema: '', name, refers: [] });
  }
  catalog.forget();
  return catalog;
}

const NEW = [
  ['schema', 'public'],
  ['extension', 'plpgsql'],
] as const;
