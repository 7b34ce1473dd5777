import { existing, extensionOf, FIRST_OID, OURS, type Queries } from './queries.js';

/** Bodies in standard SQL came with this version. */
const SQL_BODIES = 140000;

/** Functions, procedures and aggregates. `version`: server_version_num. */
export function routineQueries(version: number): Queries<'routines' | 'eventTriggers'> {
  const body =
    version < SQL_BODIES
      ? 'NULL::text'
      : 'CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END';
  return {
    routines: existing(
      `SELECT p.oid, n.nspname::text AS schema, p.proname::text AS name, p.prokind::text AS kind,
        l.lanname::text AS language, p.provolatile::text AS volatility, p.prosecdef AS "isSecurityDefiner",
        p.prosrc AS source, ${body} AS body, pg_get_function_arguments(p.oid) AS arguments,
        pg_get_function_identity_arguments(p.oid) AS identity,
        CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END AS result,
        coalesce(p.proconfig, '{}') AS settings,
        CASE WHEN p.prokind <> 'a' AND extension.extname IS NULL THEN pg_get_functiondef(p.oid) END AS definition,
        ARRAY(${PARTS}) AS parts, extension.extname AS extension
      FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
        ${extensionOf('pg_proc', 'p.oid')}
      WHERE (${OURS}) OR n.nspname = 'pg_catalog' AND p.oid >= ${FIRST_OID}`,
      'arguments IS NOT NULL',
    ),
    eventTriggers: `
      SELECT evtname::text AS name, evtfoid AS routine, evtevent::text AS event, evtenabled::text AS enabled
      FROM pg_event_trigger`,
  };
}

const PARTS = `
  SELECT part.routine
  FROM pg_aggregate AS a, unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
    a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) AS part(routine)
  WHERE p.prokind = 'a' AND a.aggfnoid = p.oid AND part.routine >= ${FIRST_OID}`;
