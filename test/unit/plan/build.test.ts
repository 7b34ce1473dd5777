import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan.js';
import type { Script } from '../../../src/model/script.js';
import { buildPlan } from '../../../src/plan/build.js';
import { topologicalOrder } from '../../../src/plan/graph.js';
import type { PlanOptions } from '../../../src/plan/options.js';
import { after, rows, script } from './scripts.js';

const defaults: PlanOptions = {
  order: 'sequential',
  connections: 4,
  singleTransaction: false,
  snapshot: false,
  splitCopy: 'never',
  autoSplit: false,
};

function plan(scripts: readonly Script[], options: Partial<PlanOptions> = {}): Plan {
  const built = buildPlan(scripts, { ...defaults, ...options });
  if (!built.ok) throw new Error(built.diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return built.value.plan;
}

function faults(scripts: readonly Script[], options: Partial<PlanOptions> = {}): readonly string[] {
  const built = buildPlan(scripts, { ...defaults, ...options });
  return built.ok ? [] : built.diagnostics.map((diagnostic) => diagnostic.message);
}

/** True when b waits for a, directly or through others. */
function waits(made: Plan, a: number, b: number): boolean {
  const reached = new Set([a]);
  for (const id of topologicalOrder(made)) {
    for (const edge of made.edges) if (edge.from === id && reached.has(id)) reached.add(edge.to);
  }
  return reached.has(b);
}

describe('sequential order', () => {
  it('fuses neighbouring statements into one chain a script', () => {
    const made = plan([script(0, [{}, {}, {}]), script(1, [{}, {}])]);
    expect(made.jobs.map((job) => job.steps.length)).toEqual([3, 2]);
    expect(made.edges).toEqual([{ from: 0, to: 1, kind: 'order', reason: 'written order' }]);
  });

  it('puts the pieces of a split side by side, between what is before and what is behind', () => {
    const made = plan([script(0, [{}, rows(100, 3), {}])]);
    expect(made.jobs.map((job) => job.name)).toEqual([
      '0.sql:1',
      '0.sql:2 [1/3]',
      '0.sql:2 [2/3]',
      '0.sql:2 [3/3]',
      '0.sql:3',
    ]);
    for (const piece of [1, 2, 3]) {
      expect(waits(made, 0, piece)).toBe(true);
      expect(waits(made, piece, 4)).toBe(true);
    }
    expect(waits(made, 1, 2)).toBe(false);
  });

  it('keeps the number of edges in the sum, not the product, of two neighbouring splits', () => {
    const made = plan([script(0, [rows(5000, 1000), rows(5000, 1000)])]);
    expect(made.edges.length).toBeLessThanOrEqual(2000);
    expect(waits(made, 0, made.jobs.length - 1)).toBe(true);
  });

  it('skips over a split of no rows', () => {
    const made = plan([script(0, [{}, rows(0), {}])]);
    expect(made.jobs.map((job) => job.name)).toEqual(['0.sql:1', '0.sql:3']);
    expect(waits(made, 0, 1)).toBe(true);
  });

  it('carries settings over a split, and forgets those of a block that rolls back', () => {
    const made = plan([
      script(0, [
        { session: 'setting', text: 'SET a = 1' },
        { control: 'begin' },
        { session: 'setting', text: 'SET b = 1' },
        { control: 'rollback' },
        rows(10, 2),
        { control: 'begin' },
        { session: 'setting', text: 'SET c = 1' },
        { control: 'commit' },
        rows(10, 2),
      ]),
    ]);
    const contexts = made.jobs.map((job) => job.context.map((step) => step.statement.index));
    expect(contexts).toEqual([[], [0], [0], [0], [0, 6], [0, 6]]);
  });

  it('keeps a script with session-tied statements in one job, its split inside, and says so', () => {
    const built = buildPlan([script(0, [{ session: 'tied' }, rows(10, 4), {}])], defaults);
    if (!built.ok) throw new Error('not built');
    expect(built.value.plan.jobs.map((job) => job.steps.length)).toEqual([6]);
    expect(built.warnings).toHaveLength(1);
    expect(built.warnings[0]?.message).toMatch(/one after another/);
  });

  it('makes each script one job of one transaction under --single-transaction', () => {
    const made = plan([script(0, [{}, rows(4, 2)])], { singleTransaction: true });
    expect(made.jobs.map(({ transaction, steps }) => [transaction, steps.length])).toEqual([['single', 3]]);
  });

  it('refuses a split inside a transaction block', () => {
    expect(faults([script(0, [{ control: 'begin' }, rows(10), { control: 'commit' }])])).toEqual([
      'a split inside a transaction block cannot run on several connections',
    ]);
  });
});

it('refuses what cannot be in a transaction where there is one', () => {
  const vacuum = [{}, { alone: true }];
  expect(faults([script(0, vacuum)])).toEqual([]);
  expect(faults([script(0, vacuum)], { singleTransaction: true })[0]).toMatch(
    /cannot run inside a transaction, which/,
  );
  const block = [{ control: 'begin' as const }, { noTransaction: true }, { control: 'commit' as const }];
  expect(faults([script(0, block)])).toEqual(['this statement cannot run inside a transaction']);
});

describe('stages', () => {
  it('runs neighbouring scripts of one number side by side, stage after stage', () => {
    const stages = [1, 1, 2, 2, undefined, 1];
    const made = plan(
      stages.map((stage, id) => script(id, [{}], { stage })),
      { order: 'stages' },
    );
    const real = made.jobs.filter((job) => job.steps.length > 0);
    const idOf = (nth: number): number => real[nth]?.id ?? -1;
    expect(waits(made, idOf(0), idOf(1))).toBe(false);
    for (const earlier of [0, 1])
      for (const later of [2, 3]) expect(waits(made, idOf(earlier), idOf(later))).toBe(true);
    expect(waits(made, idOf(3), idOf(4))).toBe(true);
    expect(waits(made, idOf(4), idOf(5))).toBe(true);
  });
});

describe('no order', () => {
  it('lets every statement overlap, but keeps transaction blocks whole', () => {
    const made = plan([script(0, [{}, { control: 'begin' }, {}, { control: 'commit' }, {}])], {
      order: 'none',
    });
    expect(made.jobs.map((job) => job.steps.length)).toEqual([1, 3, 1]);
    expect(made.edges).toEqual([]);
  });

  it('respects file order=sequential and file order=none', () => {
    const sequential = { mode: { session: false, order: 'sequential' as const } };
    const made = plan([script(0, [{}, {}], sequential), script(1, [{}, {}])], { order: 'none' });
    expect(made.jobs.map((job) => job.steps.length)).toEqual([2, 1, 1]);
    const none = { mode: { session: false, order: 'none' as const } };
    const mixed = plan([script(0, [{}]), script(1, [{}, {}], none), script(2, [{}])]);
    expect(waits(mixed, 1, 2)).toBe(false);
    expect([1, 2].every((job) => waits(mixed, 0, job) && waits(mixed, job, 3))).toBe(true);
  });
});

describe('order made by hand', () => {
  it('makes after= wait for every job of the label, and need it', () => {
    const made = plan([script(0, [{ ...rows(4, 2), label: 'load' }, { after: after('load') }])], {
      order: 'none',
    });
    expect(made.edges.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [0, 2, 'needs'],
      [1, 2, 'needs'],
    ]);
  });

  it('names unknown and repeated labels and impossible waits', () => {
    expect(faults([script(0, [{ after: after('nowhere') }])])).toEqual([
      'no statement has the label “nowhere”',
    ]);
    expect(faults([script(0, [{ label: 'a' }, { label: 'a' }])])).toEqual(['the label “a” is used twice']);
    expect(faults([script(0, [{ after: after('late') }, { label: 'late' }])])[0]).toMatch(
      /can never be satisfied/,
    );
    expect(faults([script(0, [{ label: 'me', after: after('me') }])], { order: 'none' })[0]).toMatch(/never/);
  });

  it('lets nothing pass a barrier, whatever the order', () => {
    const statement = fc.record({ barrier: fc.boolean() });
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 12 }), (statements) => {
        const made = plan([script(0, statements)], { order: 'none' });
        statements.forEach(({ barrier }, index) => {
          if (!barrier) return;
          made.jobs.forEach((job) => {
            if (job.id < index) expect(waits(made, job.id, index)).toBe(true);
            if (job.id > index) expect(waits(made, index, job.id)).toBe(true);
          });
        });
      }),
    );
  });
});

it('puts every statement into exactly one job (every split: the pieces of it)', () => {
  const made = fc.oneof(
    fc.constant({}),
    fc.constant(rows(7, 3)),
    fc.constant({ session: 'setting' as const }),
  );
  const orders = fc.constantFrom('sequential' as const, 'stages' as const, 'none' as const);
  fc.assert(
    fc.property(fc.array(fc.array(made, { maxLength: 8 }), { maxLength: 4 }), orders, (files, order) => {
      const scripts = files.map((statements, id) =>
        script(
          id,
          statements.map(({ ...fields }) => fields),
        ),
      );
      const { jobs } = plan(scripts, { order });
      const seen = jobs.flatMap((job) => job.steps.map((step) => `${step.place.file}:${step.place.line}`));
      const wanted = scripts.flatMap((one) =>
        one.statements.flatMap(({ place, directives }) =>
          Array.from({ length: directives.split ? 3 : 1 }, () => `${place.file}:${place.line}`),
        ),
      );
      expect(seen).toEqual(wanted);
    }),
  );
});
