import { rowsOf } from './connection.js';
import type { FunctionName } from '../../script/query-shape.js';
import type { Answer } from '../statement-query.js';

/**
 * What EXPLAIN (FORMAT JSON) answers, as far as parallelism goes (PostgreSQL, src/backend/commands/explain.c). It knows
 * no server.
 */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parallel Aware'?: boolean;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Index Name'?: string;
  readonly 'CTE Name'?: string;
  readonly 'Join Type'?: string;
  readonly 'Partial Mode'?: string;
  /** Of an Aggregate with GROUPING SETS. */
  readonly 'Grouping Sets'?: unknown;
  readonly Output?: readonly string[];
  readonly 'Workers Planned'?: number;
  readonly 'Workers Launched'?: number;
  /** Of a Gather that exists only to test (debug_parallel_query). */
  readonly 'Single Copy'?: boolean;
  readonly Plans?: readonly PlanNode[];
}

/** The plans of an EXPLAIN's answer: none for a utility statement, several for one that rules rewrite. */
export function plansOf(answer: Answer): readonly PlanNode[] {
  const text = rowsOf(answer)
    .map(([line]) => line ?? '')
    .join('\n');
  if (text === '') return [];
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'Plan' in entry
      ? // EXPLAIN (FORMAT JSON) promises this shape.
        [entry.Plan as PlanNode]
      : [],
  );
}

export function* nodesOf(plans: readonly PlanNode[]): Generator<PlanNode> {
  for (const plan of plans) {
    yield plan;
    yield* nodesOf(plan.Plans ?? []);
  }
}

/** Workers of all Gathers; `launched` is undefined where the statement was not run. */
export function workersOf(plans: readonly PlanNode[]): {
  readonly planned: number;
  readonly launched: number | undefined;
} {
  const gathers = [...nodesOf(plans)].filter(isGather);
  const sum = (key: 'Workers Planned' | 'Workers Launched'): number =>
    gathers.reduce((total, gather) => total + (gather[key] ?? 0), 0);
  const wasRun = gathers.some((gather) => gather['Workers Launched'] !== undefined);
  return { planned: sum('Workers Planned'), launched: wasRun ? sum('Workers Launched') : undefined };
}

function isGather(node: PlanNode): boolean {
  return (node['Workers Planned'] ?? 0) > 0 && node['Single Copy'] !== true;
}

/** What the workers do, from the leaves up, each thing once. */
export function parallelNodes(plans: readonly PlanNode[]): readonly string[] {
  const gathers = [...nodesOf(plans)].filter(isGather);
  return [...new Set(gathers.flatMap((gather) => (gather.Plans ?? []).flatMap(labels)))];
}

function labels(node: PlanNode): readonly string[] {
  return [...(node.Plans ?? []).flatMap(labels), labelOf(node)];
}

function labelOf(node: PlanNode): string {
  const mode = node['Partial Mode'];
  const words = [
    ...(node['Parallel Aware'] === true ? ['Parallel'] : []),
    ...(mode === undefined || mode === 'Simple' ? [] : [mode]),
    node['Node Type'],
    ...(node['Join Type'] === undefined || node['Join Type'] === 'Inner' ? [] : [`(${node['Join Type']})`]),
  ];
  const on = node['Relation Name'] ?? node['CTE Name'];
  return `${words.join(' ')}${on === undefined ? '' : ` on ${on}`}`;
}

/** The tables that are read, with their schemas where the plan is verbose. */
export function scannedTables(
  plans: readonly PlanNode[],
): readonly { readonly schema: string | undefined; readonly name: string }[] {
  const found = new Map<string, { readonly schema: string | undefined; readonly name: string }>();
  for (const node of nodesOf(plans)) {
    const name = node['Relation Name'];
    if (name === undefined || node['Node Type'] === 'ModifyTable') continue;
    found.set(`${node.Schema ?? ''}.${name}`, { schema: node.Schema, name });
  }
  return [...found.values()];
}

/** All texts of a plan: the expressions in which functions are called. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** `schema.name(` in an expression of a plan, quoted or not. */
export function calledIn(text: string): readonly FunctionName[] {
  const unquote = (name: string | undefined): string | undefined =>
    name?.startsWith('"') === true ? name.slice(1, -1).replaceAll('""', '"') : name;
  return [...text.matchAll(/(?:("(?:[^"]|"")+"|[\w$]+)\.)?("(?:[^"]|"")+"|[\w$]+)\(/g)].map(
    ([, schema, name]) => ({ schema: unquote(schema), name: unquote(name) ?? '' }),
  );
}
