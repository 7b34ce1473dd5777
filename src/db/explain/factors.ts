import type { Hindrance, QueryShape } from '../../script/query-shape.js';
import type { ServerFacts, TableFacts } from './facts.js';
import type { PlanNode } from './plan-tree.js';
import { cteNames, cteReason } from './rules.js';
import type { Factor } from './trials.js';

/*
 * What is changed, one thing at a time, to see what keeps a plan serial: the statement's own words, and the planner's
 * settings (PostgreSQL documentation, "When Can Parallel Query Be Used?" and "Planner Cost Constants").
 */

interface Words {
  readonly text: (verb: string) => string;
  readonly fix: string;
  readonly change: string;
}

export const HINDRANCES: Readonly<Record<Hindrance, Words>> = {
  writes: {
    text: (verb) => `${verb} writes rows`,
    fix: 'let CREATE TABLE … AS do the work and write its result, or cut the statement into pieces (-- pqrun: split)',
    change: 'its query alone',
  },
  'writing-cte': {
    text: () => 'a CTE (WITH) writes rows',
    fix: 'make the writing part a statement of its own',
    change: 'its query alone',
  },
  locks: {
    text: () => 'it locks rows (FOR UPDATE or its like)',
    fix: 'leave the locking clause out, or lock in a statement of its own',
    change: 'no locking clause',
  },
  cursor: {
    text: () => 'queries of cursors are never run in parallel',
    fix: 'run the SELECT without a cursor',
    change: 'its query alone',
  },
};

/** The same query without what its words forbid; undefined when there is nothing to leave out, or no way to. */
export function wordsFactor({ verb, hindrances, without }: QueryShape): Factor | undefined {
  if (without === undefined) return undefined;
  return {
    text: without,
    change: [...new Set(hindrances.map((hindrance) => HINDRANCES[hindrance].change))].join(' and '),
    reasons: hindrances.map((hindrance) => hindranceReason(hindrance, verb)),
  };
}

export function hindranceReason(hindrance: Hindrance, verb: string): Factor['reasons'][number] {
  const { text, fix } = HINDRANCES[hindrance];
  return { kind: hindrance, text: text(verb), fix };
}

/** The CTEs that the plan computes apart from the query: they may be merged into it. */
export function cteFactor({ inlined }: QueryShape, plans: readonly PlanNode[]): Factor | undefined {
  const ctes = cteNames(plans);
  if (inlined === undefined || ctes === '') return undefined;
  return { text: inlined, change: `${ctes} AS NOT MATERIALIZED`, reasons: [cteReason(ctes)] };
}

/** Tables that were taken out of parallelism by hand. Workers of the planner's choice are tried. */
export function tableFactor(tables: readonly TableFacts[]): Factor | undefined {
  const out = tables.filter(({ isOptedOut }) => isOptedOut);
  if (out.length === 0) return undefined;
  const resets = out.map(({ identifier }) => `ALTER TABLE ${identifier} RESET (parallel_workers)`);
  const names = out.map(({ name }) => name).join(', ');
  return {
    sql: resets.join('; '),
    change: `parallel_workers of ${names} reset`,
    reasons: [
      {
        kind: 'table-workers',
        text: `${out.length === 1 ? 'table' : 'tables'} ${names}: storage parameter parallel_workers is 0`,
        fix: resets.join('; '),
      },
    ],
  };
}

/** Settings that may be the cause, the most telling first. */
export function settingFactors(facts: ServerFacts, tables: readonly TableFacts[]): readonly Factor[] {
  const { workersPerGather, setupCost, tupleCost } = facts;
  return [
    ...(workersPerGather === 0 ? [NO_WORKERS] : []),
    sizeFactor(facts, tables),
    costFactor('parallel_setup_cost', {
      kind: 'setup-cost',
      text: `parallel_setup_cost (${setupCost}), for starting workers, outweighs what they would save`,
      fix: 'leave it serial; SET parallel_setup_cost to less only if workers start faster here',
    }),
    costFactor('parallel_tuple_cost', {
      kind: 'tuple-cost',
      text: `parallel_tuple_cost (${tupleCost}), for each row that workers hand over, outweighs what they would save`,
      fix: 'let the query give fewer rows (WHERE, GROUP BY), or SET parallel_tuple_cost to less',
    }),
  ];
}

function costFactor(name: string, reason: Factor['reasons'][number]): Factor {
  return { sql: `SET LOCAL ${name} = 0`, change: `${name} = 0`, reasons: [reason] };
}

const NO_WORKERS: Factor = {
  sql: 'SET LOCAL max_parallel_workers_per_gather = 8',
  change: 'max_parallel_workers_per_gather = 8',
  reasons: [
    {
      kind: 'workers-per-gather',
      text: 'max_parallel_workers_per_gather is 0',
      fix: 'SET max_parallel_workers_per_gather = 2 (the default) or more',
    },
  ],
};

function sizeFactor(facts: ServerFacts, tables: readonly TableFacts[]): Factor {
  const { minTableScanSize, minIndexScanSize } = facts;
  const small = tables.filter(({ isSmall }) => isSmall);
  const names = small.map(({ name, size }) => `${name} (${size})`).join(', ');
  const text =
    small.length === 0
      ? `what is read of an index is smaller than min_parallel_index_scan_size (${minIndexScanSize})`
      : small.length === 1
        ? `table ${names} is smaller than min_parallel_table_scan_size (${minTableScanSize})`
        : `tables ${names} are smaller than min_parallel_table_scan_size (${minTableScanSize})`;
  const name = small.length === 0 ? 'min_parallel_index_scan_size' : 'min_parallel_table_scan_size';
  return {
    sql: 'SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL min_parallel_index_scan_size = 0',
    change: `${name} = 0`,
    reasons: [
      {
        kind: 'scan-size',
        text,
        fix: `nothing to do while ${small.length > 1 ? 'they are' : 'it is'} so small; else SET ${name} to less`,
      },
    ],
  };
}
