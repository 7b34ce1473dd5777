import type { ReasonKind, SerialReason } from '../../model/explain.js';
import type { ServerFacts, TableFacts } from './facts.js';
import { nodesOf, scannedTables, textsOf, type PlanNode } from './plan-tree.js';

/**
 * Reasons that no experiment can show, because the statement would be another one: what PostgreSQL's documentation says
 * it never does in parallel ("When Can Parallel Query Be Used?", "Parallel Safety"), found in the plan.
 */
export interface RuledPlan {
  readonly plans: readonly PlanNode[];
  readonly tables: readonly TableFacts[];
  readonly facts: ServerFacts;
  /** Those without a COMBINEFUNC. */
  readonly aggregates: readonly string[];
}

type Reason = Omit<SerialReason, 'proof'>;

const byRule = (kind: ReasonKind, text: string, fix: string): SerialReason => ({
  kind,
  text,
  fix,
  proof: { kind: 'rule' },
});

/** What forbids a parallel plan. */
export function forbiddenByRule(plan: RuledPlan): readonly SerialReason[] {
  const { facts, plans } = plan;
  return [
    ...(facts.version < 120_000 && facts.isolation === 'serializable' ? [SERIALIZABLE] : []),
    ...readByOneProcess(plan),
    ...(scannedTables(plans).length > 0 ? [] : [NO_TABLE]),
  ];
}

/** What only one process may read, so that its rows cannot be shared out. */
export function readByOneProcess({ plans, tables }: RuledPlan): readonly SerialReason[] {
  const temporary = tables.filter(({ isTemporary }) => isTemporary).map(({ name }) => name);
  const nodes = [...nodesOf(plans)];
  const foreign = nodes.filter((node) => node['Node Type'] === 'Foreign Scan');
  const names = foreign.flatMap((node) => node['Relation Name'] ?? []).join(', ');
  const ctes = cteNames(plans);
  return [
    ...(temporary.length === 0
      ? []
      : [
          byRule(
            'temporary-table',
            `temporary table ${temporary.join(', ')}: workers cannot read it`,
            'make it an UNLOGGED table',
          ),
        ]),
    ...(foreign.length === 0
      ? []
      : [
          byRule(
            'foreign-table',
            `foreign table ${names}: its wrapper has no scan that workers share`,
            'copy what is read into a local table, or let the other server do the work',
          ),
        ]),
    ...(ctes === '' ? [] : [{ ...cteReason(ctes), ...cteFix(nodes), proof: { kind: 'rule' as const } }]),
  ];
}

export function cteNames(plans: readonly PlanNode[]): string {
  return [...new Set([...nodesOf(plans)].flatMap((node) => node['CTE Name'] ?? []))].join(', ');
}

export function cteReason(names: string): Reason {
  return {
    kind: 'cte-scan',
    text: `CTE ${names} is computed apart, and read by one process`,
    fix: `write ${names} AS NOT MATERIALIZED, or make it a table first (CREATE TABLE … AS)`,
  };
}

/** What is recursive cannot be merged into the query around it. */
function cteFix(nodes: readonly PlanNode[]): Partial<Reason> {
  const isRecursive = nodes.some((node) => node['Node Type'] === 'Recursive Union');
  return isRecursive ? { fix: 'make it a table first (CREATE TABLE … AS): recursion is never parallel' } : {};
}

/** What must be done behind the Gather, by one process, so that all rows must pass to it. */
export function doneByOneProcess({ plans, facts, aggregates }: RuledPlan): readonly SerialReason[] {
  const nodes = [...nodesOf(plans)];
  const whole = nodes.some(
    (node) =>
      node['Node Type'] === 'Aggregate' &&
      textsOf(node.Output).some((text) => /\bWITHIN GROUP \(|\((?:DISTINCT |.*\bORDER BY )/.test(text)),
  );
  const full = nodes.some((node) => node['Join Type'] === 'Full');
  return [
    ...(whole ? [WHOLE_AGGREGATE] : []),
    ...(aggregates.length === 0 ? [] : [wholeAggregate(aggregates)]),
    ...(nodes.some((node) => node['Grouping Sets'] !== undefined) ? [GROUPING_SETS] : []),
    ...(nodes.some((node) => node['Node Type'] === 'WindowAgg') ? [WINDOW] : []),
    ...(full ? [facts.version < 160_000 ? FULL_JOIN_OLD : FULL_JOIN] : []),
  ];
}

function wholeAggregate(names: readonly string[]): SerialReason {
  return byRule(
    'whole-aggregate',
    `${names.join(', ')} cannot be computed in parts: the aggregate has no COMBINEFUNC`,
    'create the aggregate with a COMBINEFUNC (string_agg and array_agg have one from PostgreSQL 16 on)',
  );
}

const SERIALIZABLE = byRule(
  'serializable',
  'the transaction is SERIALIZABLE, and the server older than PostgreSQL 12',
  'use another isolation level, or a newer server',
);
const NO_TABLE = byRule('no-table', 'no table is read whose scan could be shared out', 'nothing to do');
const WHOLE_AGGREGATE = byRule(
  'whole-aggregate',
  'an ordered-set aggregate, or one with DISTINCT or ORDER BY, needs all rows in one process',
  'reduce the rows first in a query of their own (GROUP BY, CREATE TABLE … AS)',
);
const GROUPING_SETS = byRule(
  'whole-aggregate',
  'GROUPING SETS, CUBE and ROLLUP are computed by one process',
  'write them as several GROUP BY with UNION ALL',
);
const WINDOW = byRule(
  'window',
  'window functions need all rows in one process',
  'reduce the rows first in a query of their own (CREATE TABLE … AS)',
);
const FULL_JOIN_OLD = byRule(
  'full-join',
  'servers before PostgreSQL 16 never share out a FULL JOIN',
  'make it a LEFT JOIN UNION ALL what has no partner, or use a newer server',
);
const FULL_JOIN = byRule(
  'full-join',
  'a FULL JOIN can be shared out only as a parallel hash join',
  'make it a LEFT JOIN UNION ALL what has no partner',
);
