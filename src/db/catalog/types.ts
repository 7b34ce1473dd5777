import { extensionOf, FIRST_OID, OURS, type Queries } from './queries.js';

/** Multiranges came with this version. */
const MULTIRANGES = 140000;

/** `version`: server_version_num. */
export function typeQueries(version: number): Queries<'types'> {
  const range = version < MULTIRANGES ? 'r.rngtypid = t.oid' : 't.oid IN (r.rngtypid, r.rngmultitypid)';
  return {
    types: `
      SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name, t.typtype::text AS kind,
        CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
          WHEN t.typtype IN ('r', 'm') THEN (SELECT format_type(r.rngsubtype, NULL) FROM pg_range AS r WHERE ${range})
          END AS base,
        pg_get_expr(t.typdefaultbin, 0) AS expression, t.typrelid AS relation, extension.extname AS extension
      FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
        LEFT JOIN pg_class AS c ON c.oid = t.typrelid ${extensionOf('pg_type', 't.oid')}
      WHERE ((${OURS}) OR n.nspname = 'pg_catalog' AND t.oid >= ${FIRST_OID})
        AND NOT (t.typtype = 'b' AND t.typcategory = 'A' AND t.typelem <> 0 AND t.typlen = -1)
        AND (t.typtype <> 'c' OR c.relkind = 'c')`,
  };
}
