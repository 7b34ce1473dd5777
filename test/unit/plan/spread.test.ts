import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build.js';
import type { Plan } from '../../../src/model/plan.js';
import { alignment } from '../../../src/plan/alignment.js';
import { spread } from '../../../src/plan/spread.js';
import { withResultFiles } from '../../../src/plan/result-files.js';
import { rows, script } from './scripts.js';

type Statements = Parameters<typeof script>[1];

function planFor(statements: Statements, target: { readonly index: number; readonly count: number }): Plan {
  return planOf([script(0, statements)], target);
}

function planOf(
  scripts: readonly ReturnType<typeof script>[],
  target: { readonly index: number; readonly count: number },
): Plan {
  const built = buildPlan(scripts, {
    order: 'sequential',
    connections: 2,
    singleTransaction: false,
    snapshot: false,
    splitCopy: 'never',
    autoSplit: false,
    target,
  });
  if (!built.ok) throw new Error('no plan');
  return built.value.plan;
}

function dealt(count: number, into?: number): ReturnType<typeof rows> {
  const { split } = rows(count, into);
  return { split: { ...split, isDealt: true } };
}

function targetsOf(count: number, statements: (index: number) => Statements): Plan {
  const names = Array.from({ length: count }, (_, index) => `t${index}`);
  return spread(
    names.map((_, index) => planFor(statements(index), { index, count })),
    names,
  );
}

const someStatements = fc.array(
  fc.oneof(
    fc.constant({}),
    fc.integer({ min: 1, max: 6 }).map((count) => dealt(count)),
  ),
  { maxLength: 8 },
);

describe('a plan for many targets', () => {
  it('has dense ids, and edges that stay on a target and lead forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), someStatements, (count, statements) => {
        const plan = targetsOf(count, () => statements);
        expect(plan.jobs.map(({ id }) => id)).toEqual(plan.jobs.map((_, index) => index));
        for (const { from, to } of plan.edges) {
          expect(from).toBeLessThan(to);
          expect(plan.jobs[from]?.target).toEqual(plan.jobs[to]?.target);
        }
        const unions = plan.jobs.map(({ union = -1 }) => union);
        expect(unions).toEqual([...unions].sort((one, other) => one - other));
        for (const union of new Set(unions)) {
          const members = plan.jobs.filter((job) => job.union === union);
          const targets = members.map(({ target }) => target?.index ?? -1);
          expect(targets).toEqual([...new Set(targets)].sort((one, other) => one - other));
        }
      }),
    );
  });

  it('gives each of the targets all that its own plan has, in that order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), someStatements, (count, statements) => {
        const plan = targetsOf(count, () => statements);
        for (let index = 0; index < count; index += 1) {
          const own = planFor(statements, { index, count });
          const there = plan.jobs.filter(({ target }) => target?.index === index);
          expect(there.map(({ name }) => name)).toEqual(own.jobs.map(({ name }) => `${name}@t${index}`));
          const edges = plan.edges.filter(({ from }) => plan.jobs[from]?.target?.index === index);
          expect(edges).toHaveLength(own.edges.length);
        }
      }),
    );
  });

  it('deals out a split so that the pieces of all targets cover 1..N once', () => {
    const into = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 500 }),
        into,
        (count, n, parts) => {
          const { jobs } = targetsOf(count, () => [dealt(n, parts)]);
          const pieces = jobs.flatMap(({ piece }) => (piece?.unit === 'rows' ? piece : []));
          const inOrder = pieces.toSorted((one, other) => one.index - other.index);
          expect(inOrder.map(({ index }) => index)).toEqual(inOrder.map((_, index) => index));
          expect(new Set(pieces.map((piece) => piece.count))).toEqual(new Set([pieces.length]));
          let next = 1;
          for (const { lo, hi, rows: size } of inOrder) {
            expect([lo, hi - lo + 1]).toEqual([next, size]);
            next = hi + 1;
          }
          expect(next - 1).toBe(n);
        },
      ),
    );
  });

  it('unites the results behind a split that leaves some targets without a piece', () => {
    const plan = targetsOf(4, () => [dealt(2), {}]);
    const behind = plan.jobs.filter(({ piece, steps }) => piece === undefined && steps.length > 0);
    expect(behind.map(({ target }) => target?.name)).toEqual(['t0', 't1', 't2', 't3']);
    expect(new Set(behind.map(({ union }) => union)).size).toBe(1);
  });

  it('names files of results alike on all targets, each time in a directory of their own', () => {
    const names = ['..', 'a/b', 'a_b'];
    const plans = names.map((_, index) =>
      planOf([script(0, [{}], { name: 'x.sql' }), script(1, [{}], { name: 'y.sql' })], { index, count: 3 }),
    );
    const { jobs } = withResultFiles(spread(plans, names), 'DIR');
    expect(jobs.flatMap(({ resultFiles = [] }) => resultFiles)).toEqual([
      'DIR/_../x.1',
      'DIR/a_b/x.1',
      'DIR/a_b-2/x.1',
      'DIR/_../y.1',
      'DIR/a_b/y.1',
      'DIR/a_b-2/y.1',
    ]);
  });
});

describe('lists are aligned', () => {
  const groups = (...lists: readonly string[]): string =>
    alignment(lists.map((list) => Array.from(list)))
      .map((group) => group.map(({ list, index }) => lists[list]?.[index]).join(''))
      .join(' ');

  it.each([
    [['abc', 'abc'], 'aa bb cc'],
    [['abd', 'acd'], 'aa b c dd'],
    [['d', 'abcd'], 'a b c dd'],
    [['aab', 'ab'], 'aa a bb'],
    [['', 'a'], 'a'],
    [['ab', 'ba'], 'a bb a'],
  ])('%j', (lists, expected) => {
    expect(groups(...lists)).toBe(expected);
  });

  it('with every word once, in the order of its list', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (lists) => {
        const all = alignment(lists).flat();
        for (const [number, list] of lists.entries()) {
          const own = all.filter((member) => member.list === number).map(({ index }) => index);
          expect(own).toEqual(list.map((_, index) => index));
        }
      }),
    );
  });
});
