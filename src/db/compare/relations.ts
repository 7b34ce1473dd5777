import { acl, nameIn, named, owner, sorted, type CatalogQuery } from './catalog-query.js';

/** Tables, views and whatever else has columns; their indexes and constraints. */

const TABLESPACE = nameIn('pg_tablespace', { column: 'spcname', oid: 'c.reltablespace' });
const ACCESS_METHOD = nameIn('pg_am', { column: 'amname', oid: 'c.relam' });

/** The parents of a partition or of a child table, in their order. */
const PARENTS = `(SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
  FROM pg_inherits WHERE inhrelid = c.oid)`;

const RELATIONS: CatalogQuery = {
  sql: `SELECT 'pg_class'::regclass AS classid, c.oid AS objid,
      c.relkind AS kind, c.relpersistence AS persistence, ${owner('c.relowner')} AS owner, ${acl('c.relacl')} AS acl,
      ${sorted('c.reloptions')} AS options,
      (SELECT ${sorted('toast.reloptions')} FROM pg_class toast WHERE toast.oid = c.reltoastrelid) AS toast_options,
      ${ACCESS_METHOD} AS access_method, ${TABLESPACE} AS tablespace, ${named('c.reloftype', 'regtype')} AS of_type,
      c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced_row_security,
      c.relreplident AS replica_identity, c.relispopulated AS populated, ${PARENTS} AS parents,
      pg_get_partkeydef(c.oid) AS partition_key, pg_get_expr(c.relpartbound, c.oid) AS partition_bound,
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
      srvname AS server, ${sorted('ftoptions')} AS foreign_options
    FROM pg_class c LEFT JOIN (pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver) ON ftrelid = c.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'`,
};

/**
 * Minor releases since 15.20 mark a column with the position in the WAL at which it got its type: an option that nobody can
 * set, of which no two databases have the same value. pg_dump of those releases leaves it out, too.
 */
const OWN_OPTIONS = `ARRAY(SELECT one FROM unnest(a.attoptions) AS one WHERE one NOT LIKE 'pg\\_attver=%')`;

function columns(newer: string): string {
  return `SELECT 'pg_class'::regclass AS classid, a.attrelid AS objid, a.attnum AS subid, a.attrelid AS parent,
      (SELECT count(*) FROM pg_attribute b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum
         AND NOT b.attisdropped) AS position,
      format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS default,
      a.attnotnull AS not_null, a.attidentity AS identity, a.attgenerated AS generated,
      CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation::text END AS collation, a.attstorage AS storage,
      nullif(a.attstattarget, -1) AS statistics_target, ${sorted(OWN_OPTIONS)} AS options,
      ${sorted('a.attfdwoptions')} AS foreign_options, ${acl('a.attacl')} AS acl,
      a.attislocal AS is_local, a.attinhcount AS inherited${newer}
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
      AND c.relpersistence <> 't'`;
}

const COLUMNS: readonly CatalogQuery[] = [
  { has: ['subid', 'parent'], sql: columns('') },
  // Overrides the facts of the one before.
  { since: 14, has: ['subid', 'parent'], sql: columns(', a.attcompression AS compression') },
];

const INDEXES: CatalogQuery = {
  has: ['parent'],
  sql: `SELECT 'pg_class'::regclass AS classid, c.oid AS objid, i.indrelid AS parent,
      pg_get_indexdef(c.oid) AS definition, ${owner('c.relowner')} AS owner, ${TABLESPACE} AS tablespace,
      i.indisvalid AS valid, i.indisready AS ready, i.indisclustered AS clustered, i.indisreplident AS replica_identity,
      i.indisprimary AS primary, i.indisunique AS unique, i.indimmediate AS immediate, ${PARENTS} AS parents,
      (SELECT string_agg(a.attnum || ':' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics_targets
    FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.relkind IN ('i', 'I') AND c.relpersistence <> 't'
      AND c.relnamespace <> (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'pg_toast')`,
};

/** Foreign keys are kept by triggers without a name of their own, which can be disabled. */
const CONSTRAINTS: CatalogQuery = {
  has: ['parent'],
  sql: `SELECT 'pg_constraint'::regclass AS classid, c.oid AS objid, nullif(c.conrelid, 0) AS parent,
      pg_get_constraintdef(c.oid) AS definition, c.convalidated AS validated, c.connoinherit AS no_inherit,
      c.conislocal AS is_local, c.coninhcount AS inherited, c.conparentid <> 0 AS has_parent,
      ${named('c.conindid', 'regclass')} AS index,
      (SELECT string_agg(concat(t.tgrelid::regclass, ' ', t.tgfoid::regproc, ' ', t.tgenabled), ', '
          ORDER BY t.tgrelid::regclass::text COLLATE "C", t.tgfoid::regproc::text COLLATE "C", t.tgenabled)
        FROM pg_trigger t WHERE t.tgconstraint = c.oid AND t.tgisinternal) AS triggers
    FROM pg_constraint c LEFT JOIN pg_class r ON r.oid = c.conrelid
    WHERE r.relpersistence IS DISTINCT FROM 't'`,
};

/** Parameters only; where a sequence stands is asked of each. */
const SEQUENCES: CatalogQuery = {
  has: ['parent'],
  sql: `SELECT 'pg_class'::regclass AS classid, s.seqrelid AS objid,
      format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS minimum,
      s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,
      (SELECT concat(d.deptype, ' ', d.refobjid::regclass, '.', a.attname) FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i')) AS owned_by,
      (SELECT d.refobjid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) AS parent
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relpersistence <> 't'`,
};

export const RELATION_QUERIES: readonly CatalogQuery[] = [
  RELATIONS,
  ...COLUMNS,
  INDEXES,
  CONSTRAINTS,
  SEQUENCES,
];
