import { FIRST_OID, type Queries } from './queries.js';

/** Subscripting by a function came with this version. */
const SUBSCRIPTS = 140000;

/** Functions that are called without being named. `version`: server_version_num. */
export function hiddenQueries(version: number): Queries<'hidden'> {
  return { hidden: [OPERATORS, CASTS, OPERATOR_CLASSES, types(version), RANGES].join('\nUNION\n') };
}

const OPERATORS = `
  SELECT 'operator' AS kind, n.nspname || '.' || o.oprname AS name, f.routine
  FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace,
    unnest(ARRAY[o.oprcode, o.oprrest, o.oprjoin]::oid[]) AS f(routine)
  WHERE f.routine >= ${FIRST_OID}`;

const CASTS = `
  SELECT 'cast', 'cast (' || format_type(castsource, NULL) || ' as ' || format_type(casttarget, NULL) || ')', castfunc
  FROM pg_cast WHERE castfunc >= ${FIRST_OID}`;

const OPERATOR_CLASSES = `
  SELECT 'operator class', n.nspname || '.' || f.opfname, p.amproc::oid
  FROM pg_amproc AS p JOIN pg_opfamily AS f ON f.oid = p.amprocfamily JOIN pg_namespace AS n ON n.oid = f.opfnamespace
  WHERE p.amproc::oid >= ${FIRST_OID}`;

function types(version: number): string {
  const subscript = version < SUBSCRIPTS ? '' : ', t.typsubscript';
  return `
  SELECT 'type', format_type(t.oid, NULL), f.routine
  FROM pg_type AS t, unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,
    t.typanalyze${subscript}]::oid[]) AS f(routine)
  WHERE f.routine >= ${FIRST_OID}`;
}

const RANGES = `
  SELECT 'type', format_type(r.rngtypid, NULL), f.routine
  FROM pg_range AS r, unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) AS f(routine)
  WHERE f.routine >= ${FIRST_OID}`;
