/**
 * A query for one kind of object: `classid` and `objid` say which object; every other column is a fact about it. Names, extension members and PostgreSQL's own objects are taken care of
 * around it.
 */
export interface CatalogQuery {
  /** The first major version that has all of its columns. */
  readonly since?: number;
  /** Columns that are no facts: the number of a part of the object, and the OID of the relation it belongs to. */
  readonly has?: readonly ('subid' | 'parent')[];
  readonly sql: string;
}

/**
 * The catalog that a query's objects have rows in; undefined: they are of several. Every query for one kind begins with it.
 */
export function catalogOf({ sql }: CatalogQuery): string | undefined {
  return /^SELECT '(pg_\w+)'::regclass AS classid/.exec(sql)?.[1];
}

/** Access privileges as a sorted list: the order of GRANTs means nothing. */
export function acl(column: string): string {
  return sorted(column);
}

/** An array of things that have no order. */
export function sorted(array: string): string {
  return `(SELECT string_agg(one::text, ', ' ORDER BY one::text COLLATE "C") FROM unnest(${array}) AS one)`;
}

export function owner(column: string): string {
  return `pg_get_userbyid(${column})`;
}

/** regproc, regtype … of a column that is 0 for none. */
export function named(column: string, type: 'regproc' | 'regtype' | 'regclass'): string {
  return `CASE WHEN ${column} <> 0 THEN ${column}::oid::${type}::text END`;
}

/** As `named`; a commutator that was only announced may have been dropped, and its number stays behind. */
export function namedOperator(column: string): string {
  return `(SELECT named.oid::regoperator::text FROM pg_operator AS named WHERE named.oid = ${column})`;
}

/** The name of what has a row in this catalog. */
export function nameIn(catalog: string, { column, oid }: { column: string; oid: string }): string {
  return `(SELECT named.${column} FROM ${catalog} AS named WHERE named.oid = ${oid})`;
}
