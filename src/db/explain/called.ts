import type { FunctionName } from '../../script/query-shape.js';
import { quoteLiteral } from '../../script/variables.js';
import type { ExplainConnection } from './connection.js';
import { calledIn, textsOf, type PlanNode } from './plan-tree.js';

/**
 * What a statement calls without being PARALLEL SAFE. Two ways lead there. The names of functions stand in the statement
 * and in its plan; a name alone does not tell which of several functions is meant, so trials must find out. And what a
 * view of the query depends on tells what is hidden behind operators, casts, views and policies, but nothing that came
 * with the server.
 */
export interface Called {
  /** As ALTER FUNCTION takes it: `rate(numeric)`. */
  readonly signature: string;
  readonly mark: 'RESTRICTED' | 'UNSAFE';
  /** Of an operator's function: the operator, `===(integer,integer)`. */
  readonly operator?: string;
  /** Of an aggregate: makes the same one anew, but PARALLEL SAFE; undefined where that cannot be said. */
  readonly remade?: string;
  readonly isAggregate: boolean;
  /** It came with the server, which knows why it is marked so. */
  readonly isBuiltIn: boolean;
}

/** A domain whose constraints a cast has to check. */
export interface CheckedDomain {
  readonly name: string;
  readonly drops: readonly string[];
}

export interface CalledQuery {
  readonly named: readonly FunctionName[];
  readonly plans: readonly PlanNode[];
  /** What is asked; undefined: only names are looked for. */
  readonly query: string | undefined;
}

export async function unsafeCalls(
  connection: ExplainConnection,
  { named, plans, query }: CalledQuery,
): Promise<readonly Called[]> {
  const byName = await namedCalls(connection, [...named, ...textsOf(plans).flatMap(calledIn)]);
  if (query === undefined) return byName;
  const rows = await connection.rows(`${probeView(query)}
    SELECT DISTINCT ON (p.oid) ${CALLED}, o.oid::pg_catalog.regoperator
      FROM used LEFT JOIN pg_catalog.pg_operator o
             ON used.class = 'pg_catalog.pg_operator'::pg_catalog.regclass AND o.oid = used.object
      JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
        OR used.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = used.object ${ITS_SCHEMA}
     WHERE p.proparallel <> 's' ORDER BY p.oid, o.oid NULLS FIRST`);
  const known = new Set(byName.map(({ signature }) => signature));
  return [...byName, ...rows.map(calledOf).filter(({ signature }) => !known.has(signature))];
}

async function namedCalls(
  connection: ExplainConnection,
  functions: readonly FunctionName[],
): Promise<readonly Called[]> {
  if (functions.length === 0) return [];
  const names = [...new Set(functions.map(({ name }) => quoteLiteral(name)))];
  const rows = await connection.rows(`
    SELECT ${CALLED}, NULL, p.proname FROM pg_catalog.pg_proc p ${ITS_SCHEMA}
     WHERE p.proparallel <> 's' AND p.proname IN (${names.join(', ')}) ORDER BY 1`);
  const isMeant = (schema: string | null | undefined, name: string | null | undefined): boolean =>
    functions.some((call) => call.name === name && (call.schema === undefined || call.schema === schema));
  return rows.filter(([, , , schema, , , name]) => isMeant(schema, name)).map(calledOf);
}

/** Domains with constraints (also those of domains beneath) that the query names. */
export async function checkedDomains(
  connection: ExplainConnection,
  query: string | undefined,
): Promise<readonly CheckedDomain[]> {
  if (query === undefined) return [];
  const rows = await connection.rows(`${probeView(query)}
    SELECT t.oid::pg_catalog.regtype, d.clause
      FROM used JOIN pg_catalog.pg_type t ON t.oid = used.object, LATERAL (
           SELECT 'DROP CONSTRAINT ' || pg_catalog.quote_ident(c.conname)
             FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'
           UNION ALL SELECT 'DROP NOT NULL' WHERE t.typnotnull) AS d (clause)
     WHERE used.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.typtype = 'd' ORDER BY 1`);
  const drops = new Map<string, readonly string[]>();
  for (const [name, clause] of rows) {
    const domain = name ?? '';
    drops.set(domain, [...(drops.get(domain) ?? []), `ALTER DOMAIN ${domain} ${clause ?? ''}`]);
  }
  return [...drops].map(([name, ofName]) => ({ name, drops: ofName }));
}

/**
 * A view of the query, and what it depends on: also through other views, policies of tables, and domains. A role that
 * may not make a temporary view learns nothing.
 */
function probeView(query: string): string {
  return `CREATE TEMPORARY VIEW pqrun_probe AS SELECT 1 AS found WHERE EXISTS (\n${query}\n);
  WITH RECURSIVE used (class, object) AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
           'pg_temp.pqrun_probe'::pg_catalog.regclass::pg_catalog.oid
    UNION
    SELECT d.class, d.object FROM used u, LATERAL (
      SELECT d.refclassid, d.refobjid
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'
        JOIN pg_catalog.pg_depend d
          ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
       WHERE u.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND r.ev_class = u.object
      UNION ALL
      SELECT d.refclassid, d.refobjid
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_depend d
          ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = p.oid
       WHERE u.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.polrelid = u.object
      UNION ALL
      SELECT u.class, t.typbasetype FROM pg_catalog.pg_type t
       WHERE u.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.oid = u.object AND t.typtype = 'd'
    ) AS d (class, object))`;
}

/**
 * The same aggregate, PARALLEL SAFE, as far as planning looks at it. CREATE OR REPLACE AGGREGATE is known from
 * PostgreSQL 12 on; elsewhere the trial fails, and says so.
 */
const REMADE = `(SELECT pg_catalog.format('CREATE OR REPLACE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s%s, PARALLEL = SAFE)',
    n.nspname, p.proname, CASE p.pronargs WHEN 0 THEN '*' ELSE pg_catalog.pg_get_function_arguments(p.oid) END,
    a.aggtransfn, pg_catalog.format_type(a.aggtranstype, NULL), pg_catalog.concat(
      CASE WHEN a.aggfinalfn <> 0 THEN pg_catalog.concat(', FINALFUNC = ', a.aggfinalfn) END,
      CASE WHEN a.aggfinalextra THEN ', FINALFUNC_EXTRA' END,
      CASE WHEN a.aggcombinefn <> 0 THEN pg_catalog.concat(', COMBINEFUNC = ', a.aggcombinefn) END,
      CASE WHEN a.aggserialfn <> 0
           THEN pg_catalog.concat(', SERIALFUNC = ', a.aggserialfn, ', DESERIALFUNC = ', a.aggdeserialfn) END,
      ', INITCOND = ' || pg_catalog.quote_literal(a.agginitval)))
  FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid AND a.aggkind = 'n')`;

const CALLED = `p.oid::pg_catalog.regprocedure, p.proparallel, p.prokind, n.nspname, ${REMADE}`;

const ITS_SCHEMA = 'JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace';

function calledOf(row: readonly (string | null)[]): Called {
  const [signature, parallel, kind, schema, remade, operator] = row;
  return {
    signature: signature ?? '',
    mark: parallel === 'r' ? 'RESTRICTED' : 'UNSAFE',
    isAggregate: kind === 'a',
    isBuiltIn: schema === 'pg_catalog',
    ...(typeof operator === 'string' ? { operator } : {}),
    ...(typeof remade === 'string' ? { remade } : {}),
  };
}
