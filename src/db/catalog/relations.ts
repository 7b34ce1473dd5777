import { existing, extensionOf, OURS, type Queries } from './queries.js';

/** Tables, views, sequences, indexes: their columns, and how they belong together. */
export const RELATION_QUERIES: Queries<'relations' | 'columns' | 'inheritance' | 'sequences'> = {
  relations: existing(
    `SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
      pg_get_userbyid(c.relowner)::text AS owner, c.relpersistence = 'u' AS "isUnlogged",
      c.relispartition AS "isPartition", pg_get_expr(c.relpartbound, c.oid) AS "partitionBound",
      c.relrowsecurity AS "rowSecurity",
      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionKey",
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS query,
      c.relkind = 'v' AND coalesce(array_to_string(c.reloptions, ' ') ~ 'check_option=', false) AS "checkOption",
      CASE WHEN c.relkind = 'c' THEN c.reltype ELSE c.reloftype END AS "ofType",
      c.reltype AS "rowType", extension.extname AS extension
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace ${extensionOf('pg_class', 'c.oid')}
    WHERE ${OURS}`,
    "query IS NOT NULL OR kind NOT IN ('v', 'm')",
  ),
  columns: `
    SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name,
      format_type(a.atttypid, a.atttypmod) AS type,
      CASE WHEN t.typlen = -1 AND t.typelem <> 0 THEN t.typelem ELSE a.atttypid END AS "typeOid",
      pg_get_expr(d.adbin, d.adrelid) AS expression,
      a.attgenerated <> '' AS "isGenerated", a.attidentity <> '' AS "isIdentity"
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
    ORDER BY a.attrelid, a.attnum`,
  inheritance: `
    SELECT i.inhrelid AS child, i.inhparent AS parent
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${OURS} ORDER BY i.inhrelid, i.inhseqno`,
  sequences: `
    SELECT c.oid, coalesce(d.refobjid, 0) AS owner, coalesce(d.refobjsubid, 0) AS "column",
      (SELECT s.seqcache > 1 FROM pg_sequence AS s WHERE s.seqrelid = c.oid) AS "isCached"
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    WHERE ${OURS} AND c.relkind = 'S'`,
};
