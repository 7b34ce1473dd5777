import { acl, named, nameIn, owner, sorted, type CatalogQuery } from './catalog-query.js';

/** What a database has besides relations, routines and types, and what is said about all of them. */

const SCHEMAS: CatalogQuery = {
  sql: `SELECT 'pg_namespace'::regclass AS classid, n.oid AS objid, ${owner('n.nspowner')} AS owner,
      ${acl('n.nspacl')} AS acl
    FROM pg_namespace n WHERE n.nspname !~ '^pg_'`,
};

const EXTENSIONS: CatalogQuery = {
  sql: `SELECT 'pg_extension'::regclass AS classid, e.oid AS objid, e.extversion AS version,
      ${owner('e.extowner')} AS owner, e.extnamespace::regnamespace AS schema
    FROM pg_extension e`,
};

const DEFAULT_PRIVILEGES: CatalogQuery = {
  sql: `SELECT 'pg_default_acl'::regclass AS classid, d.oid AS objid, ${acl('d.defaclacl')} AS acl FROM pg_default_acl d`,
};

const FOREIGN: readonly CatalogQuery[] = [
  {
    sql: `SELECT 'pg_foreign_data_wrapper'::regclass AS classid, w.oid AS objid, ${owner('w.fdwowner')} AS owner,
        ${acl('w.fdwacl')} AS acl, ${named('w.fdwhandler', 'regproc')} AS handler,
        ${named('w.fdwvalidator', 'regproc')} AS validator, ${sorted('w.fdwoptions')} AS options
      FROM pg_foreign_data_wrapper w`,
  },
  {
    sql: `SELECT 'pg_foreign_server'::regclass AS classid, s.oid AS objid, ${owner('s.srvowner')} AS owner,
        ${acl('s.srvacl')} AS acl, s.srvtype AS type, s.srvversion AS version, ${sorted('s.srvoptions')} AS options,
        ${nameIn('pg_foreign_data_wrapper', { column: 'fdwname', oid: 's.srvfdw' })} AS wrapper
      FROM pg_foreign_server s`,
  },
  {
    // The catalog itself is closed to all but superusers; the view hides options from those who may not see them.
    sql: `SELECT 'pg_user_mapping'::regclass AS classid, m.umid AS objid, ${sorted('m.umoptions')} AS options
      FROM pg_user_mappings m`,
  },
];

const PUBLICATIONS: readonly CatalogQuery[] = [
  {
    sql: `SELECT 'pg_publication'::regclass AS classid, p.oid AS objid, ${owner('p.pubowner')} AS owner,
        p.puballtables AS all_tables, p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete,
        p.pubtruncate AS truncate, p.pubviaroot AS via_root
      FROM pg_publication p`,
  },
  { sql: `SELECT 'pg_publication_rel'::regclass AS classid, r.oid AS objid FROM pg_publication_rel r` },
  {
    since: 15,
    sql: `SELECT 'pg_publication_rel'::regclass AS classid, r.oid AS objid,
        pg_get_expr(r.prqual, r.prrelid) AS rows,
        (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
          WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS columns
      FROM pg_publication_rel r`,
  },
  {
    since: 15,
    sql: `SELECT 'pg_publication_namespace'::regclass AS classid, n.oid AS objid FROM pg_publication_namespace n`,
  },
  {
    sql: `SELECT 'pg_subscription'::regclass AS classid, s.oid AS objid, ${owner('s.subowner')} AS owner,
        s.subenabled AS enabled, s.subslotname AS slot, ${sorted('s.subpublications')} AS publications
      FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()`,
  },
];

export const DATABASE_OBJECT_QUERIES: readonly CatalogQuery[] = [
  SCHEMAS,
  EXTENSIONS,
  DEFAULT_PRIVILEGES,
  ...FOREIGN,
  ...PUBLICATIONS,
];

/** Facts about objects that are described already. Those of the database itself and of large objects are told with these. */
export const REMARK_QUERIES: readonly CatalogQuery[] = [
  {
    has: ['subid'],
    sql: `SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid AS subid, d.description AS comment
      FROM pg_description d WHERE d.classoid <> 'pg_largeobject'::regclass`,
  },
  {
    has: ['subid'],
    sql: `SELECT l.classoid AS classid, l.objoid AS objid, l.objsubid AS subid,
        string_agg(l.provider || ': ' || l.label, ', ' ORDER BY l.provider) AS security_labels
      FROM pg_seclabel l WHERE l.classoid <> 'pg_largeobject'::regclass GROUP BY 1, 2, 3`,
  },
];

/** The database itself, without its name: the two that are compared have different ones. */
export const DATABASE_QUERY = `SELECT pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate,
    d.datctype AS ctype, ${owner('d.datdba')} AS owner, ${acl('d.datacl')} AS acl, d.datconnlimit AS connection_limit,
    ${nameIn('pg_tablespace', { column: 'spcname', oid: 'd.dattablespace' })} AS tablespace,
    shobj_description(d.oid, 'pg_database') AS comment,
    (SELECT string_agg(concat_ws(': ', nullif(s.setrole, 0)::regrole, one), ', '
        ORDER BY nullif(s.setrole, 0)::regrole::text COLLATE "C", one COLLATE "C")
      FROM pg_db_role_setting s, unnest(s.setconfig) AS one WHERE s.setdatabase = d.oid) AS settings
  FROM pg_database d WHERE d.datname = current_database()`;
