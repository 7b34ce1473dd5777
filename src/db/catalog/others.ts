import { OURS, type Queries } from './queries.js';

/** What only has a name that others may collide with, and the few things of the whole database. */
export const OTHER_QUERIES: Queries<'schemas' | 'roles' | 'extensions' | 'publications' | 'others'> = {
  schemas: `
    SELECT n.nspname::text AS name, pg_get_userbyid(n.nspowner)::text AS owner FROM pg_namespace AS n WHERE ${OURS}`,
  roles: 'SELECT rolname::text AS name FROM pg_roles',
  extensions: `
    SELECT e.extname::text AS name, n.nspname::text AS schema
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace`,
  publications: 'SELECT pubname::text AS name, puballtables AS "allTables" FROM pg_publication',
  others: [
    inSchemas('collation', 'pg_collation', 'coll'),
    inSchemas('conversion', 'pg_conversion', 'con'),
    inSchemas('statistics', 'pg_statistic_ext', 'stx'),
    inSchemas('operator', 'pg_operator', 'opr'),
    inSchemas('operator class', 'pg_opclass', 'opc'),
    inSchemas('operator family', 'pg_opfamily', 'opf'),
    inSchemas('text search configuration', 'pg_ts_config', 'cfg'),
    inSchemas('text search dictionary', 'pg_ts_dict', 'dict'),
    inSchemas('text search parser', 'pg_ts_parser', 'prs'),
    inSchemas('text search template', 'pg_ts_template', 'tmpl'),
    inNone('foreign data wrapper', 'fdwname', 'pg_foreign_data_wrapper'),
    inNone('foreign server', 'srvname', 'pg_foreign_server'),
    inNone('access method', 'amname', 'pg_am WHERE oid >= 16384'),
    inNone('language', 'lanname', "pg_language WHERE lanname NOT IN ('internal', 'c', 'sql', 'plpgsql')"),
    inNone('tablespace', 'spcname', "pg_tablespace WHERE spcname !~ '^pg_'"),
    inNone(
      'subscription',
      'subname',
      'pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
    ),
    `SELECT 'user mapping', '', usename || '@' || srvname FROM pg_user_mappings`,
  ].join('\nUNION\n'),
};

function inSchemas(kind: string, catalog: string, prefix: string): string {
  return `SELECT '${kind}' AS kind, n.nspname::text AS schema, o.${prefix}name::text AS name
    FROM ${catalog} AS o JOIN pg_namespace AS n ON n.oid = o.${prefix}namespace WHERE ${OURS}`;
}

function inNone(kind: string, name: string, from: string): string {
  return `SELECT '${kind}', '', ${name}::text FROM ${from}`;
}
