import { expect, it } from 'vitest';
import { doneByOneProcess, forbiddenByRule } from '../../../src/db/explain/rules.js';
import { findCauses, type Factor } from '../../../src/db/explain/trials.js';
import { parallelNodes, workersOf, type PlanNode } from '../../../src/db/explain/plan-tree.js';

/** What no test server shows: servers of other versions, and the search for causes by itself. */

const SCAN: PlanNode = { 'Node Type': 'Seq Scan', 'Relation Name': 't', Schema: 'public' };

function ruled(version: number, isolation: string, plan: PlanNode): Parameters<typeof forbiddenByRule>[0] {
  const costs = { setupCost: '1000', tupleCost: '0.1', minTableScanSize: '8MB', minIndexScanSize: '512kB' };
  const facts = { version, isolation, workersPerGather: 2, maxWorkers: 8, ...costs };
  return { plans: [plan], tables: [], facts, aggregates: [] };
}

it('SERIALIZABLE counts on servers before 12 only', () => {
  const kinds = (version: number, isolation: string): readonly string[] =>
    forbiddenByRule(ruled(version, isolation, SCAN)).map(({ kind }) => kind);
  expect(kinds(110_000, 'serializable')).toEqual(['serializable']);
  expect(kinds(120_000, 'serializable')).toEqual([]);
  expect(kinds(110_000, 'read committed')).toEqual([]);
});

it('a FULL JOIN is shared out from 16 on, by hash', () => {
  const join: PlanNode = { 'Node Type': 'Hash Join', 'Join Type': 'Full', Plans: [SCAN] };
  const textOf = (version: number): string | undefined =>
    doneByOneProcess(ruled(version, 'read committed', join))[0]?.text;
  expect(textOf(150_000)).toContain('before PostgreSQL 16');
  expect(textOf(160_000)).toContain('parallel hash join');
});

it('counts workers of real Gathers only', () => {
  const gather: PlanNode = {
    'Node Type': 'Gather',
    'Workers Planned': 1,
    'Single Copy': true,
    Plans: [SCAN],
  };
  expect(workersOf([gather])).toEqual({ planned: 0, launched: undefined });
  const real: PlanNode = { ...gather, 'Single Copy': false, 'Workers Launched': 1 };
  expect(workersOf([real])).toEqual({ planned: 1, launched: 1 });
  expect(parallelNodes([real])).toEqual(['Seq Scan on t']);
});

it('finds each sufficient factor, else the smallest set that is sufficient', async () => {
  const [a, b, c]: readonly Factor[] = ['a', 'b', 'c'].map((change) => ({ change, reasons: [] }));
  const factors = [a!, b!, c!];
  const causes = async (isEnough: (some: readonly Factor[]) => boolean): Promise<readonly string[]> => {
    const found = await findCauses(factors, (some) => Promise.resolve(isEnough(some) ? 2 : 0));
    return found.map((cause) => cause.factors.map(({ change }) => change).join('+'));
  };
  expect(await causes((some) => some.includes(a!) || some.includes(c!))).toEqual(['a', 'c']);
  expect(await causes((some) => some.includes(a!) && some.includes(c!))).toEqual(['a+c']);
  expect(await causes(() => false)).toEqual([]);
});
