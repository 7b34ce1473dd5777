import { acl, nameIn, named, namedOperator, owner, type CatalogQuery } from './catalog-query.js';

const AGGREGATE_FUNCTIONS: Readonly<Record<string, string>> = {
  step: 'aggtransfn',
  final: 'aggfinalfn',
  combine: 'aggcombinefn',
  serial: 'aggserialfn',
  deserial: 'aggdeserialfn',
  moving_step: 'aggmtransfn',
  moving_inverse: 'aggminvtransfn',
  moving_final: 'aggmfinalfn',
};

/** Functions, procedures, aggregates, and the languages they are written in. */
export const ROUTINE_QUERIES: readonly CatalogQuery[] = [
  {
    sql: `SELECT 'pg_proc'::regclass AS classid, p.oid AS objid, p.prokind AS kind,
        CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition,
        pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result,
        ${owner('p.proowner')} AS owner, ${acl('p.proacl')} AS acl, p.proparallel AS parallel
      FROM pg_proc p`,
  },
  {
    sql: `SELECT 'pg_proc'::regclass AS classid, g.aggfnoid::oid AS objid, g.aggkind AS aggregate_kind,
        ${Object.entries(AGGREGATE_FUNCTIONS)
          .map(([fact, column]) => `${named(`g.${column}`, 'regproc')} AS ${fact}`)
          .join(', ')},
        g.aggnumdirectargs AS direct_arguments, ${namedOperator('g.aggsortop')} AS sort_operator,
        format_type(g.aggtranstype, NULL) AS state_type, g.aggtransspace AS state_size,
        ${named('g.aggmtranstype', 'regtype')} AS moving_state_type, g.aggmtransspace AS moving_state_size,
        g.aggfinalextra AS final_extra, g.aggmfinalextra AS moving_final_extra, g.aggfinalmodify AS final_modify,
        g.aggmfinalmodify AS moving_final_modify, g.agginitval AS initial, g.aggminitval AS moving_initial
      FROM pg_aggregate g`,
  },
  {
    sql: `SELECT 'pg_language'::regclass AS classid, l.oid AS objid, ${owner('l.lanowner')} AS owner,
        ${acl('l.lanacl')} AS acl, l.lanpltrusted AS trusted, ${named('l.lanplcallfoid', 'regproc')} AS handler,
        ${named('l.laninline', 'regproc')} AS inline, ${named('l.lanvalidator', 'regproc')} AS validator
      FROM pg_language l`,
  },
  {
    sql: `SELECT 'pg_transform'::regclass AS classid, t.oid AS objid, format_type(t.trftype, NULL) AS type,
        ${nameIn('pg_language', { column: 'lanname', oid: 't.trflang' })} AS language,
        ${named('t.trffromsql', 'regproc')} AS from_sql, ${named('t.trftosql', 'regproc')} AS to_sql
      FROM pg_transform t`,
  },
];
