import { acl, named, owner, type CatalogQuery } from './catalog-query.js';

/** Types, collations, conversions, casts. Array types and the row types of tables come with what they belong to. */
export const DATA_TYPE_QUERIES: readonly CatalogQuery[] = [
  {
    sql: `SELECT 'pg_type'::regclass AS classid, t.oid AS objid, t.typtype AS kind, ${owner('t.typowner')} AS owner,
        ${acl('t.typacl')} AS acl, CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END AS base,
        t.typnotnull AS not_null, t.typdefault AS default, t.typisdefined AS defined,
        CASE WHEN t.typcollation <> 0 THEN t.typcollation::regcollation::text END AS collation,
        (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
          FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
        concat(t.typlen, ' ', t.typbyval, ' ', t.typcategory, ' ', t.typispreferred, ' ', t.typdelim, ' ', t.typalign,
          ' ', t.typstorage) AS representation,
        concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze)
          AS functions,
        ${named('t.typelem', 'regtype')} AS element
      FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE (c.oid IS NULL OR c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_type a WHERE a.typarray = t.oid)`,
  },
  {
    sql: `SELECT 'pg_type'::regclass AS classid, r.rngtypid AS objid, format_type(r.rngsubtype, NULL) AS subtype,
        CASE WHEN r.rngcollation <> 0 THEN r.rngcollation::regcollation::text END AS subtype_collation,
        (SELECT o.opcnamespace::regnamespace || '.' || o.opcname FROM pg_opclass o WHERE o.oid = r.rngsubopc)
          AS subtype_operator_class,
        ${named('r.rngcanonical', 'regproc')} AS canonical, ${named('r.rngsubdiff', 'regproc')} AS difference
      FROM pg_range r`,
  },
  {
    sql: `SELECT 'pg_cast'::regclass AS classid, c.oid AS objid, ${named('c.castfunc', 'regproc')} AS function,
        c.castcontext AS context, c.castmethod AS method
      FROM pg_cast c`,
  },
  {
    sql: `SELECT 'pg_collation'::regclass AS classid, c.oid AS objid, ${owner('c.collowner')} AS owner,
        c.collprovider AS provider, c.collisdeterministic AS deterministic, c.collencoding AS encoding,
        c.collcollate AS collate, c.collctype AS ctype
      FROM pg_collation c`,
  },
  {
    sql: `SELECT 'pg_conversion'::regclass AS classid, c.oid AS objid, ${owner('c.conowner')} AS owner,
        pg_encoding_to_char(c.conforencoding) AS from_encoding, pg_encoding_to_char(c.contoencoding) AS to_encoding,
        ${named('c.conproc', 'regproc')} AS function, c.condefault AS is_default
      FROM pg_conversion c`,
  },
];
