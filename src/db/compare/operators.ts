import { nameIn, named, namedOperator, owner, type CatalogQuery } from './catalog-query.js';

/** Members of an extension's family belong to the extension, but do not say so. */
const OWN_FAMILY = (column: string): string => `NOT EXISTS (SELECT FROM pg_depend e
  WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = ${column} AND e.deptype = 'e')`;

/** Operators, their classes and families, access methods. Members of families are objects of their own. */
export const OPERATOR_QUERIES: readonly CatalogQuery[] = [
  {
    sql: `SELECT 'pg_operator'::regclass AS classid, o.oid AS objid, ${owner('o.oprowner')} AS owner,
        ${named('o.oprcode', 'regproc')} AS function, format_type(o.oprresult, NULL) AS result,
        ${namedOperator('o.oprcom')} AS commutator, ${namedOperator('o.oprnegate')} AS negator,
        ${named('o.oprrest', 'regproc')} AS restrict, ${named('o.oprjoin', 'regproc')} AS join,
        o.oprcanmerge AS merges, o.oprcanhash AS hashes
      FROM pg_operator o`,
  },
  {
    sql: `SELECT 'pg_opfamily'::regclass AS classid, f.oid AS objid, ${owner('f.opfowner')} AS owner FROM pg_opfamily f`,
  },
  {
    sql: `SELECT 'pg_opclass'::regclass AS classid, c.oid AS objid, ${owner('c.opcowner')} AS owner,
        (SELECT f.opfnamespace::regnamespace || '.' || f.opfname FROM pg_opfamily f WHERE f.oid = c.opcfamily) AS family,
        format_type(c.opcintype, NULL) AS type, c.opcdefault AS is_default, ${named('c.opckeytype', 'regtype')} AS storage
      FROM pg_opclass c`,
  },
  {
    sql: `SELECT 'pg_amop'::regclass AS classid, m.oid AS objid, ${namedOperator('m.amopopr')} AS operator,
        m.amoppurpose AS purpose,
        (SELECT f.opfnamespace::regnamespace || '.' || f.opfname FROM pg_opfamily f WHERE f.oid = m.amopsortfamily)
          AS sort_family
      FROM pg_amop m WHERE ${OWN_FAMILY('m.amopfamily')}`,
  },
  {
    sql: `SELECT 'pg_amproc'::regclass AS classid, m.oid AS objid, m.amproc::oid::regprocedure AS function FROM pg_amproc m
      WHERE ${OWN_FAMILY('m.amprocfamily')}`,
  },
  {
    sql: `SELECT 'pg_am'::regclass AS classid, a.oid AS objid, a.amtype AS type,
        ${named('a.amhandler', 'regproc')} AS handler FROM pg_am a`,
  },
  {
    sql: `SELECT 'pg_ts_config'::regclass AS classid, c.oid AS objid, ${owner('c.cfgowner')} AS owner,
        ${nameIn('pg_ts_parser', { column: 'prsname', oid: 'c.cfgparser' })} AS parser,
        (SELECT string_agg(concat(m.maptokentype, ': ', m.mapdict::regdictionary), ', '
            ORDER BY m.maptokentype, m.mapseqno)
          FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) AS dictionaries
      FROM pg_ts_config c`,
  },
  {
    sql: `SELECT 'pg_ts_dict'::regclass AS classid, d.oid AS objid, ${owner('d.dictowner')} AS owner,
        ${nameIn('pg_ts_template', { column: 'tmplname', oid: 'd.dicttemplate' })} AS template,
        d.dictinitoption AS options
      FROM pg_ts_dict d`,
  },
  {
    sql: `SELECT 'pg_ts_parser'::regclass AS classid, p.oid AS objid,
        concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype) AS functions
      FROM pg_ts_parser p`,
  },
  {
    sql: `SELECT 'pg_ts_template'::regclass AS classid, t.oid AS objid,
        concat_ws(' ', t.tmplinit, t.tmpllexize) AS functions
      FROM pg_ts_template t`,
  },
];
