import type { ReasonKind } from '../../model/explain.js';
import type { Hindrance, QueryShape } from '../../script/query-shape.js';
import type { ServerFacts, TableFacts } from './facts.js';
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

/** Settings that may be the cause, the most telling first. */
export function settingFactors(facts: ServerFacts, tables: readonly TableFacts[]): readonly Factor[] {
  const { workersPerGather, setupCost, tupleCost } = facts;
  const cost = (kind: ReasonKind, name: string, value: string): Factor => ({
    sql: `SET LOCAL ${name} = 0`,
    change: `${name} = 0`,
    reasons: [
      {
        kind,
        text: `${name} (${value}) outweighs what workers would save`,
        fix: `SET ${name} to less, if starting workers is as cheap as that here; else leave it serial`,
      },
    ],
  });
  return [
    ...(workersPerGather === 0 ? [NO_WORKERS] : []),
    sizeFactor(facts, tables),
    cost('setup-cost', 'parallel_setup_cost', setupCost),
    cost('tuple-cost', 'parallel_tuple_cost', tupleCost),
  ];
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
      { kind: 'scan-size', text, fix: `nothing, while it is as small as that; else SET ${name} to less` },
    ],
  };
}
