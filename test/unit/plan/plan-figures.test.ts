import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeText, type Edge } from '../../../src/model/plan.js';
import { directEdges } from '../../../src/plan/direct-edges.js';
import { criticalPath } from '../../../src/plan/graph.js';
import { planFigures } from '../../../src/plan/plan-figures.js';
import { conflict, planOf, smallPlan, turn, type MadeJob } from './made-plan.js';

const randomPlan = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc
    .record({
      made: fc.array(fc.record({ isGate: fc.boolean(), weight: fc.nat(9) }), {
        minLength: size,
        maxLength: size,
      }),
      links: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 4 * size }),
    })
    .map(({ made, links }) =>
      planOf(
        made.map(({ isGate, weight }): MadeJob => ({ isGate, weight: isGate ? 0 : weight })),
        links.flatMap(([a, b]) => (a === b ? [] : [turn(Math.min(a, b), Math.max(a, b))])),
      ),
    ),
);

/** Pairs of jobs, the first of which is before the second. */
function reach(edges: readonly Edge[], size: number): ReadonlySet<string> {
  const before = Array.from({ length: size }, () => new Set<number>());
  for (let to = 0; to < size; to++)
    for (const edge of edges.filter((one) => one.to === to))
      for (const from of [edge.from, ...before[edge.from]!]) before[to]!.add(from);
  return new Set(before.flatMap((from, to) => [...from].map((one) => `${one} ${to}`)));
}

describe('direct edges', () => {
  it('say the same as all edges, and none can be spared', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const direct = directEdges(plan);
        const size = plan.jobs.length;
        expect(reach(direct, size)).toEqual(reach(plan.edges, size));
        for (const { from, to } of direct) {
          const others = direct.filter((edge) => edge.from !== from || edge.to !== to);
          expect(reach(others, size).has(`${from} ${to}`)).toBe(false);
        }
      }),
    );
  });

  it('are all reasons of those that stay, and what was asked for by hand', () => {
    const edges = [
      turn(0, 1),
      conflict([0, 1], 'table public.t', ['define', 'read']),
      turn(1, 2),
      turn(0, 2),
      { from: 0, to: 2, kind: 'needs', reason: 'after=x' } as const,
    ];
    const direct = directEdges(planOf([{}, {}, {}], edges));
    expect(direct.map((edge) => `${edge.from} ${edge.to} ${edgeText(edge)}`)).toEqual([
      '0 1 written order',
      '0 1 table public.t: define, then read',
      '1 2 written order',
      '0 2 after=x',
    ]);
  });
});

describe('figures', () => {
  it('of any plan: a path of the critical weight, levels that hold every job', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const figures = planFigures(plan);
        const real = plan.jobs.filter(({ steps }) => steps.length > 0);
        expect(figures.jobs).toBe(real.length);
        expect(figures.criticalPath.weight).toBe(criticalPath(plan));
        const order = reach(plan.edges, plan.jobs.length);
        for (const [index, id] of figures.criticalPath.jobs.slice(1).entries())
          expect(order.has(`${figures.criticalPath.jobs[index]!} ${id}`)).toBe(true);
        expect(figures.width).toBeLessThanOrEqual(real.length);
        expect(figures.width > 0).toBe(real.length > 0);
        expect(figures.speedup).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('of a small plan', () => {
    expect(planFigures(smallPlan())).toEqual({
      jobs: 10,
      edges: 22,
      barriers: 1,
      width: 4,
      weight: 29,
      criticalPath: { jobs: [0, 1, 6, 8, 9], weight: 11 },
      speedup: 29 / 11,
      bounds: [
        {
          kind: 'conflict',
          object: 'table public.t',
          conflict: { object: 'table public.t', from: 'define', to: 'append' },
          steps: 2,
        },
        {
          kind: 'barrier',
          reason: 'what CREATE EXTENSION makes cannot be told',
          remedy: 'put it first',
          steps: 2,
        },
      ],
      joined: [],
    });
  });

  it('look through gates', () => {
    const made = [{}, {}, { isGate: true }, {}, {}];
    const edges = [turn(0, 2), turn(1, 2), turn(2, 3), turn(2, 4)];
    const { width, criticalPath: path, bounds, speedup } = planFigures(planOf(made, edges));
    expect({ width, path, bounds, speedup }).toEqual({
      width: 2,
      path: { jobs: [0, 3], weight: 2 },
      bounds: [{ kind: 'reason', reason: 'written order', steps: 1 }],
      speedup: 2,
    });
  });

  it('of nothing', () => {
    expect(planFigures(planOf([], []))).toMatchObject({ jobs: 0, width: 0, speedup: 1, bounds: [] });
  });
});
