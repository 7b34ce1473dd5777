import type { FunctionName } from '../../script/query-shape.js';
import { quoteLiteral } from '../../script/variables.js';
import type { ExplainConnection } from './connection.js';
import { textsOf, type PlanNode } from './plan-tree.js';
import type { Factor } from './trials.js';

/**
 * Functions that are not PARALLEL SAFE, of those that a statement and its plan name. A name alone does not tell which of
 * several functions is meant: which of them matters is found by the trials.
 */
export async function functionFactors(
  connection: ExplainConnection,
  named: readonly FunctionName[],
  plans: readonly PlanNode[],
): Promise<readonly Factor[]> {
  const functions = [...named, ...textsOf(plans).flatMap(calledIn)];
  if (functions.length === 0) return [];
  const names = [...new Set(functions.map(({ name }) => quoteLiteral(name)))];
  const rows = await connection.rows(`
    SELECT p.oid::pg_catalog.regprocedure, n.nspname, p.proname, p.proparallel, p.prokind
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proparallel <> 's' AND p.proname IN (${names.join(', ')})
     ORDER BY 1`);
  return rows
    .filter(([, schema, name]) =>
      functions.some((call) => call.name === name && (call.schema === undefined || call.schema === schema)),
    )
    .map(([signature, , , parallel, kind]) =>
      factorOf(signature ?? '', parallel === 'r' ? 'RESTRICTED' : 'UNSAFE', kind === 'a'),
    );
}

function factorOf(signature: string, mark: 'RESTRICTED' | 'UNSAFE', isAggregate: boolean): Factor {
  const alter = `ALTER FUNCTION ${signature} PARALLEL SAFE`;
  return {
    sql: alter,
    change: `${signature} PARALLEL SAFE`,
    reasons: [
      {
        kind: 'function',
        text: `function ${signature} is PARALLEL ${mark}`,
        fix: isAggregate
          ? `create the aggregate with PARALLEL = SAFE, if it is`
          : `if it neither writes nor keeps state: ${alter}`,
      },
    ],
  };
}

/** `schema.name(` in an expression of a plan, quoted or not. */
function calledIn(text: string): readonly FunctionName[] {
  const unquote = (name: string | undefined): string | undefined =>
    name?.startsWith('"') === true ? name.slice(1, -1).replaceAll('""', '"') : name;
  return [...text.matchAll(/(?:("(?:[^"]|"")+"|[\w$]+)\.)?("(?:[^"]|"")+"|[\w$]+)\(/g)].map(
    ([, schema, name]) => ({ schema: unquote(schema), name: unquote(name) ?? '' }),
  );
}
