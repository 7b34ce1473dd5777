import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunStatus } from '../../../src/model/event.js';
import type { Edge, Plan } from '../../../src/model/plan.js';
import { criticalPath } from '../../../src/plan/graph.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import type { SchedulerOptions } from '../../../src/run/scheduler-options.js';
import { script } from '../plan/scripts.js';
import { VirtualExecutor } from './virtual-executor.js';

const only = script(0, [{}]);
const query = { statement: only.statements[0]!, place: only.statements[0]!.place };
const insert = {
  ...query,
  statement: { ...query.statement, facts: { ...query.statement.facts, node: 'InsertStmt' } },
};

type Link = readonly [from: number, to: number, kind?: Edge['kind']];

/** A plan by its jobs' weights (0: a gate) and its edges; with a session, of small jobs that may share it. */
function graph(weights: readonly number[], links: readonly Link[] = [], session?: string): Plan {
  const step = session === undefined ? query : insert;
  return {
    scripts: [only],
    jobs: weights.map((weight, id) => ({
      id,
      name: `job ${id}`,
      script: 0,
      steps: weight === 0 ? [] : [step],
      transaction: 'each',
      context: [],
      weight,
      ...(session === undefined ? {} : { session }),
    })),
    edges: links.map(([from, to, kind = 'needs']) => ({ from, to, kind, reason: 'test' })),
  };
}

interface Ran {
  readonly status: RunStatus;
  readonly executor: VirtualExecutor;
  readonly events: readonly RunEvent[];
  readonly ended: (type: RunEvent['type']) => readonly number[];
}

interface Setting extends Partial<SchedulerOptions> {
  readonly fails?: readonly number[];
  readonly duration?: (job: number) => number;
  readonly interruptAt?: number;
  /** Connections that cannot be opened. */
  readonly closed?: readonly number[];
}

async function run(plan: Plan, setting: Setting = {}): Promise<Ran> {
  const { fails = [], duration, interruptAt, closed = [], ...options } = setting;
  const events: RunEvent[] = [];
  const executor = new VirtualExecutor(
    (job) => duration?.(job.id) ?? job.weight,
    (job) => fails.includes(job.id),
    new Set(closed),
  );
  const scheduler = new Scheduler(
    plan,
    {
      executor,
      clock: executor.clock,
      emit: (event) => {
        events.push(event);
        if (event.type === 'job-finished' && event.job === interruptAt) scheduler.interrupt('SIGINT');
      },
    },
    { connections: 2, keepGoing: false, onError: 'finish', ...options },
  );
  const status = await scheduler.run();
  const ended = (type: RunEvent['type']): readonly number[] =>
    events.flatMap((event) => (event.type === type && 'job' in event ? [event.job] : []));
  return { status, executor, events, ended };
}

const randomGraph = fc
  .integer({ min: 1, max: 40 })
  .chain((size) =>
    fc.record({
      weights: fc.array(
        fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 100 }) }, fc.constant(0)),
        {
          minLength: size,
          maxLength: size,
        },
      ),
      links: fc.array(
        fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom('needs' as const, 'order' as const)),
        { maxLength: 3 * size },
      ),
      connections: fc.integer({ min: 1, max: 8 }),
      fails: fc.array(fc.nat(size - 1), { maxLength: 3 }),
      keepGoing: fc.boolean(),
    }),
  )
  .map(({ links, ...rest }) => ({
    ...rest,
    links: links
      .filter(([from, to]) => from !== to)
      .map(([a, b, kind]): Link => [Math.min(a, b), Math.max(a, b), kind]),
  }));

describe.each([
  ['any graph', undefined],
  ['any graph of jobs that may share a session', 'shared'],
])('%s', (_, session) => {
  it('starts a job only when all before it have ended, one job a connection, and ends every job once', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async ({ weights, links, fails, ...options }) => {
        const plan = graph(weights, links, session);
        const { executor, ended, status } = await run(plan, { ...options, fails });
        const span = new Map(executor.spans.map((one) => [one.job, one]));
        for (const { from, to } of plan.edges) {
          const [before, behind] = [span.get(from), span.get(to)];
          if (before && behind) expect(behind.start).toBeGreaterThanOrEqual(before.end);
        }
        for (const one of executor.spans) {
          expect(one.connection).toBeLessThan(options.connections);
          const clashes = executor.spans.filter(
            (other) =>
              other !== one &&
              other.connection === one.connection &&
              other.start < one.end &&
              one.start < other.end,
          );
          expect(clashes).toEqual([]);
        }
        const all = [...ended('job-finished'), ...ended('job-failed'), ...ended('job-skipped')];
        const real = plan.jobs.filter((job) => job.steps.length > 0).map((job) => job.id);
        expect(all.toSorted((a, b) => a - b)).toEqual(real);
        expect(status === 'failed').toBe(ended('job-failed').length > 0);
      }),
    );
  });

  it('stays within the list-scheduling bound, critical path + work / N', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async ({ weights, links, connections }) => {
        const plan = graph(weights, links, session);
        const { executor } = await run(plan, { connections });
        const work = weights.reduce((sum, weight) => sum + weight, 0);
        expect(executor.clock.now()).toBeLessThanOrEqual(criticalPath(plan) + work / connections);
      }),
    );
  });

  it('with --keep-going skips exactly what needs a failed job, directly or through others', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async ({ weights, links, connections, fails }) => {
        const plan = graph(weights, links, session);
        const { ended } = await run(plan, { connections, fails, keepGoing: true });
        const failed = new Set(fails.filter((job) => weights[job] !== 0));
        const doomed = new Set<number>();
        const skipped = plan.jobs.filter(({ id, steps }) => {
          const needs = plan.edges.filter((edge) => edge.to === id && edge.kind === 'needs');
          const lost = needs.some(({ from }) => doomed.has(from) || (failed.has(from) && !doomed.has(from)));
          if (lost) doomed.add(id);
          return lost && steps.length > 0;
        });
        expect(ended('job-skipped').toSorted((a, b) => a - b)).toEqual(skipped.map((job) => job.id));
      }),
    );
  });
});

it('starts the longest remaining path first', async () => {
  // Jobs 0 to 2 are short, job 3 begins a long path: with one connection it goes first.
  const { executor } = await run(graph([1, 1, 1, 1, 50], [[3, 4]]), { connections: 1 });
  expect(executor.spans.map((span) => span.job)).toEqual([3, 4, 0, 1, 2]);
});

it('keeps the written order among equals, and uses no more connections than it needs', async () => {
  const { executor } = await run(
    graph(
      [5, 5, 5],
      [
        [0, 1],
        [1, 2],
      ],
    ),
    { connections: 4 },
  );
  expect(executor.spans.map(({ job, connection }) => [job, connection])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
});

it('comes within 3 % of max(critical path, work / N) for 1,000 jobs in a random graph over 64 connections', async () => {
  const size = 1000;
  const random = fc.sample(fc.integer({ min: 20, max: 500 }), { numRuns: size, seed: 7 });
  const links = fc
    .sample(fc.tuple(fc.nat(size - 1), fc.nat(40)), { numRuns: 600, seed: 8 })
    .map(([from, ahead]): Link => [from, Math.min(size - 1, from + 200 + ahead)])
    .filter(([from, to]) => from < to);
  const plan = graph(random, links);
  const { executor } = await run(plan, { connections: 64 });
  const work = random.reduce((sum, weight) => sum + weight, 0);
  expect(executor.clock.now()).toBeLessThanOrEqual(1.03 * Math.max(criticalPath(plan), work / 64));
});

describe('jobs that wait for each other', () => {
  const chain = graph(
    [1, 1, 1, 1],
    [
      [0, 1],
      [1, 2, 'order'],
      [2, 3],
    ],
    'shared',
  );
  /** Starts and ends, in their order. */
  const told = (events: readonly RunEvent[]): readonly string[] =>
    events.flatMap((event) =>
      event.type.startsWith('job-') && 'job' in event ? `${event.type} ${event.job}` : [],
    );

  it('go to their connection together, and each begins when the one before has ended', async () => {
    const { executor, events } = await run(chain);
    expect(executor.chains).toEqual([[0, 1, 2, 3]]);
    const ids = [0, 1, 2, 3];
    expect(told(events)).toEqual(ids.flatMap((id) => [`job-started ${id}`, `job-finished ${id}`]));
  });

  it('do not, where one waits for another job, too', async () => {
    const plan = graph(
      [9, 1, 1, 1],
      [
        [0, 3],
        [1, 2],
        [2, 3],
      ],
      'shared',
    );
    const { executor } = await run(plan, { connections: 2 });
    expect(executor.chains).toEqual([[1, 2]]);
    expect(executor.spans.find(({ job }) => job === 3)?.start).toBe(9);
  });

  it('leave the connection to what is more urgent', async () => {
    const { executor } = await run(graph([9, 1, 5], [[0, 1]], 'shared'), { connections: 1 });
    expect(executor.chains).toEqual([]);
    expect(executor.spans.map(({ job }) => job)).toEqual([0, 2, 1]);
  });

  it('end with the first that fails; what does not need it still runs with --keep-going', async () => {
    const stopped = await run(chain, { fails: [1] });
    expect(told(stopped.events)).toEqual([
      ...['job-started 0', 'job-finished 0', 'job-started 1', 'job-failed 1'],
      ...['job-skipped 2', 'job-skipped 3'],
    ]);
    const { executor, ended } = await run(chain, { fails: [1], keepGoing: true });
    expect(executor.chains).toEqual([
      [0, 1, 2, 3],
      [2, 3],
    ]);
    expect(ended('job-finished')).toEqual([0, 2, 3]);
  });

  it('do not go on when the run stops', async () => {
    const plan = graph(
      [3, 3, 3, 4],
      [
        [0, 1],
        [1, 2],
      ],
      'shared',
    );
    const { ended, status } = await run(plan, { connections: 2, fails: [3] });
    expect(status).toBe('failed');
    // The second had begun.
    expect(ended('job-finished')).toEqual([0, 1]);
    expect(ended('job-skipped')).toEqual([2]);
  });
});

describe('failures', () => {
  it('starts nothing new by default, and lets running jobs finish', async () => {
    const { ended, status, executor } = await run(graph([1, 5, 1, 1]), {
      fails: [1],
      duration: (job) => (job === 1 ? 2 : 5),
    });
    expect(status).toBe('failed');
    expect(ended('job-failed')).toEqual([1]);
    expect(ended('job-finished')).toEqual([0]);
    expect(ended('job-skipped')).toEqual([2, 3]);
    expect(executor.cancelled).toBe(0);
  });

  it('cancels running jobs with --on-error=cancel', async () => {
    const { ended, events, executor } = await run(graph([9, 5, 1]), {
      fails: [1],
      onError: 'cancel',
      duration: (job) => (job === 1 ? 2 : 50),
    });
    expect(executor.clock.now()).toBe(2);
    expect(ended('job-failed').toSorted()).toEqual([0, 1]);
    const marks = events.flatMap((event) =>
      event.type === 'job-failed' ? [[event.job, event.cancelled]] : [],
    );
    expect(marks).toEqual([
      [1, false],
      [0, true],
    ]);
  });

  it('names the root cause of what is skipped, also through gates', async () => {
    const plan = graph(
      [1, 0, 1, 1],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    );
    const { events } = await run(plan, { fails: [0], keepGoing: true });
    const causes = events.flatMap((event) =>
      event.type === 'job-skipped' ? [[event.job, event.reason, event.cause]] : [],
    );
    expect(causes).toEqual([
      [2, 'dependency', 0],
      [3, 'dependency', 0],
    ]);
  });

  it('with --keep-going goes on behind a failure where only the order asks to wait', async () => {
    const { ended } = await run(graph([1, 1], [[0, 1, 'order']]), { fails: [0], keepGoing: true });
    expect(ended('job-finished')).toEqual([1]);
  });

  it('keeps the written order behind a skipped job', async () => {
    // 1 needs the failed 0 and comes after the slow 3 in the written order; 2 must still wait for 3.
    const plan = graph(
      [1, 1, 1, 9],
      [
        [0, 1],
        [3, 1, 'order'],
        [1, 2, 'order'],
      ],
    );
    const { executor } = await run(plan, { fails: [0], keepGoing: true });
    expect(executor.spans.find((span) => span.job === 2)?.start).toBe(9);
  });
});

it('when interrupted cancels what runs, starts nothing new, and says so', async () => {
  const { status, ended, events } = await run(graph([50, 5, 1]), { interruptAt: 1 });
  expect(status).toBe('interrupted');
  expect(ended('job-failed')).toEqual([0]);
  expect(ended('job-skipped')).toEqual([2]);
  expect(events.filter((event) => event.type === 'run-cancelling')).toHaveLength(1);
});

describe('connections that cannot be opened', () => {
  it('are done without, as long as there is another', async () => {
    const { status, executor, ended, events } = await run(graph([5, 5, 5]), {
      connections: 3,
      closed: [0, 2],
    });
    expect(status).toBe('done');
    expect(ended('job-finished')).toEqual([0, 1, 2]);
    expect(new Set(executor.spans.map((span) => span.connection))).toEqual(new Set([1]));
    expect(events.filter((event) => event.type === 'warning')).toHaveLength(2);
  });

  it('end the run when there is none', async () => {
    const { status, ended } = await run(graph([5, 5]), { connections: 2, closed: [0, 1] });
    expect(status).toBe('failed');
    expect(ended('job-skipped')).toEqual([0, 1]);
  });
});

it('says loudly when the graph has a cycle', () => {
  expect(
    () =>
      new Scheduler(
        graph(
          [1, 1],
          [
            [0, 1],
            [1, 0],
          ],
        ),
        ports(),
        { connections: 1, keepGoing: false, onError: 'finish' },
      ),
  ).toThrow(/cycle/);
});

function ports(): ConstructorParameters<typeof Scheduler>[1] {
  const executor = new VirtualExecutor(() => 1);
  return { executor, clock: executor.clock, emit: () => undefined };
}
