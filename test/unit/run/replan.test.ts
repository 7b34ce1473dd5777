import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunStatus } from '../../../src/model/event.js';
import type { Job } from '../../../src/model/job.js';
import type { Edge, Plan } from '../../../src/model/plan.js';
import type { Replanner } from '../../../src/run/ports.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import { script } from '../plan/scripts.js';
import { VirtualExecutor } from './virtual-executor.js';

const only = script(0, [{}]);
const query = only.statements[0]!;
/** Uses no parallel workers, so that it may be in a chain. */
const insert = { ...query, facts: { ...query.facts, node: 'InsertStmt' } };
const step = { statement: insert, place: insert.place };

/** A job: its weight (0: a gate); a barrier is opaque. */
interface Made {
  readonly weight: number;
  readonly barrier?: boolean;
  /** May share a session with others, and so be in a chain. */
  readonly session?: string;
  readonly target?: number;
}

type Link = readonly [from: number, to: number, kind?: Edge['kind']];

function edgesOf(links: readonly Link[]): readonly Edge[] {
  return links.map(([from, to, kind = 'order']) => ({ from, to, kind, reason: 'test' }));
}

/** Barriers are fenced in by placeholder edges, as the planner does it: everything waits for the last one. */
function planOf(made: readonly Made[], links: readonly Link[] = []): Plan {
  const isBehind = (from: number, to: number): boolean =>
    (made[from]?.target ?? 0) === (made[to]?.target ?? 0) &&
    (made[from]?.barrier === true || made[to]?.barrier === true);
  const fences = made.flatMap((_, to) =>
    made.slice(0, to).flatMap((__, from): readonly Link[] => (isBehind(from, to) ? [[from, to]] : [])),
  );
  return { scripts: [only], jobs: made.map(jobOf), edges: edgesOf([...fences, ...links]) };
}

function jobOf({ weight, barrier, target, session }: Made, id: number): Job {
  return {
    id,
    name: `job ${id}`,
    script: 0,
    steps: weight === 0 ? [] : [step],
    transaction: 'each',
    context: [],
    weight,
    ...(session === undefined ? {} : { session }),
    ...(barrier === true ? { alone: { reason: 'test', isOpaque: true } } : {}),
    ...(target === undefined ? {} : { target: { index: target, name: `t${target}` } }),
  };
}

interface Setting {
  readonly replan?: Replanner | undefined;
  readonly isOpaque?: (job: Job) => boolean;
  readonly fails?: readonly number[];
  readonly connections?: number;
  readonly targets?: number;
  readonly keepGoing?: boolean;
  readonly shuffle?: number;
}

interface Rig {
  readonly scheduler: Scheduler;
  readonly executor: VirtualExecutor;
  readonly events: readonly RunEvent[];
  readonly ended: (type: RunEvent['type']) => readonly number[];
}

function rig(
  plan: Plan,
  { replan, isOpaque, fails = [], connections = 2, keepGoing = false, ...more }: Setting,
): Rig {
  const events: RunEvent[] = [];
  const executor = new VirtualExecutor(
    ({ weight }) => weight,
    ({ id }) => fails.includes(id),
  );
  const scheduler = new Scheduler(
    plan,
    { executor, clock: executor.clock, emit: (event) => void events.push(event), replan, isOpaque },
    { connections, keepGoing, onError: 'finish', ...more },
  );
  const ended = (type: RunEvent['type']): readonly number[] =>
    events.flatMap((event) => (event.type === type && 'job' in event ? [event.job] : []));
  return { scheduler, executor, events, ended };
}

async function run(plan: Plan, setting: Setting): Promise<Rig & { readonly status: RunStatus }> {
  const made = rig(plan, setting);
  return { ...made, status: await made.scheduler.run() };
}

function started({ executor }: Rig): readonly number[] {
  return executor.spans.map(({ job }) => job);
}

/** Answers when it is told to. */
function held(): {
  readonly replan: Replanner;
  readonly asked: number[];
  readonly answer: (edges?: readonly Edge[]) => void;
} {
  let answer: (edges: readonly Edge[]) => void = () => undefined;
  const asked: number[] = [];
  const replan: Replanner = ({ id }) => {
    asked.push(id);
    return new Promise((resolve) => (answer = resolve));
  };
  return { replan, asked, answer: (edges = []) => answer(edges) };
}

async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const ONE_BARRIER = [{ weight: 1, barrier: true }, { weight: 5 }, { weight: 5 }, { weight: 5 }];

describe('what is behind an opaque barrier', () => {
  it('waits until its edges are known, and then keeps to these', async () => {
    const { replan, asked, answer } = held();
    // By the old edges 3 would wait for 2, and 2 for 1.
    const links: readonly Link[] = [
      [1, 2],
      [2, 3],
    ];
    const made = rig(planOf(ONE_BARRIER, links), { replan });
    const status = made.scheduler.run();
    await aWhile();
    expect(asked).toEqual([0]);
    expect(started(made)).toEqual([0]);
    expect(made.ended('job-finished')).toEqual([0]);
    answer(edgesOf([[1, 3]]));
    expect(await status).toBe('done');
    const at = new Map(made.executor.spans.map(({ job, start }) => [job, start]));
    expect([at.get(1), at.get(2), at.get(3)]).toEqual([1, 1, 6]);
  });

  it('waits even where the plan did not say that the job would be opaque', async () => {
    const { replan, asked, answer } = held();
    const session = 'shared';
    const made = [
      { weight: 1, session },
      { weight: 1, session },
      { weight: 1, session },
    ];
    const links: readonly Link[] = [
      [0, 1],
      [1, 2],
    ];
    // 1 has become opaque; in a chain with the others, 2 would begin at once.
    const going = rig(planOf(made, links), { replan, isOpaque: ({ id }) => id === 1 });
    const status = going.scheduler.run();
    await aWhile();
    expect(asked).toEqual([1]);
    expect(started(going)).toEqual([0, 1]);
    answer([]);
    expect(await status).toBe('done');
    expect(started(going)).toEqual([0, 1, 2]);
  });

  it('is as urgent as the new edges make it', async () => {
    const { executor } = await run(planOf(ONE_BARRIER), {
      connections: 1,
      replan: () => Promise.resolve(edgesOf([[2, 3]])),
    });
    expect(executor.spans.map(({ job }) => job)).toEqual([0, 2, 1, 3]);
  });

  it('may have gates without edges, and edges from what has ended', async () => {
    const made = [{ weight: 1 }, { weight: 1, barrier: true }, { weight: 0 }, { weight: 1 }];
    const { status, ended } = await run(planOf(made), {
      replan: () =>
        Promise.resolve(
          edgesOf([
            [0, 3],
            [1, 2],
            [2, 3],
          ]),
        ),
    });
    expect(status).toBe('done');
    expect(ended('job-finished')).toEqual([0, 1, 3]);
  });

  it('is not asked for behind the last job, nor where nobody can tell', async () => {
    const { replan, asked } = held();
    await run(planOf([{ weight: 1 }, { weight: 1, barrier: true }]), { replan });
    expect(asked).toEqual([]);
    const { status, executor } = await run(planOf(ONE_BARRIER, [[1, 2]]), {});
    expect(status).toBe('done');
    expect(executor.clock.now()).toBe(11);
  });

  it('of one target does not hold up another', async () => {
    const { replan, answer } = held();
    const made = [
      { weight: 1, barrier: true, target: 0 },
      { weight: 9, target: 1 },
      { weight: 1, target: 0 },
      { weight: 9, target: 1 },
    ];
    const two = rig(planOf(made, [[1, 3]]), { replan, targets: 2, connections: 1 });
    const status = two.scheduler.run();
    await aWhile();
    expect(two.ended('job-finished')).toEqual([0, 1, 3]);
    answer();
    expect(await status).toBe('done');
    expect(two.ended('job-finished')).toEqual([0, 1, 3, 2]);
  });

  it('says loudly when the new edges make no sense', async () => {
    const answers: readonly (readonly Link[])[] = [
      [
        [1, 2],
        [2, 1],
      ],
      [[1, 0]],
    ];
    for (const links of answers) {
      const going = run(planOf(ONE_BARRIER), { replan: () => Promise.resolve(edgesOf(links)) });
      await expect(going).rejects.toThrow(/cycle|not behind the barrier/);
    }
  });
});

describe('a catalog that cannot be read again', () => {
  const lost = (): Promise<never> => Promise.reject(new Error('the server has gone'));

  it('ends the run as a failure, and says why', async () => {
    const { status, ended, events } = await run(planOf(ONE_BARRIER), { replan: lost });
    expect(status).toBe('failed');
    expect(ended('job-finished')).toEqual([0]);
    expect(ended('job-skipped')).toEqual([1, 2, 3]);
    const told = events.flatMap((event) => (event.type === 'warning' ? [event.diagnostic] : []));
    expect(told).toEqual([
      {
        severity: 'error',
        message: 'the catalog could not be read again after job 0: the server has gone',
        hint: 'what may overlap behind it is not known, so nothing behind it was run',
      },
    ]);
  });

  it('with --keep-going costs the other targets nothing', async () => {
    const made = [
      { weight: 1, barrier: true, target: 0 },
      { weight: 1, target: 0 },
      { weight: 9, target: 1 },
      { weight: 9, target: 1 },
    ];
    const { status, ended } = await run(planOf(made), { replan: lost, targets: 2, keepGoing: true });
    expect(status).toBe('failed');
    expect(ended('job-finished')).toEqual([0, 2, 3]);
    expect(ended('job-skipped')).toEqual([1]);
  });
});

describe('failures', () => {
  it('of a barrier end the run, and nobody is asked', async () => {
    const { replan, asked } = held();
    const { status, ended } = await run(planOf(ONE_BARRIER), { replan, fails: [0] });
    expect([status, asked]).toEqual(['failed', []]);
    expect(ended('job-skipped')).toEqual([1, 2, 3]);
  });

  it('with --keep-going are asked for, too; what needs the barrier is lost', async () => {
    const plan = planOf(ONE_BARRIER, [[0, 1, 'needs']]);
    const replan = (): Promise<readonly Edge[]> => Promise.resolve(edgesOf([[1, 2, 'needs']]));
    const { ended, events } = await run(plan, { replan, fails: [0], keepGoing: true });
    expect(ended('job-finished')).toEqual([3]);
    const causes = events.flatMap((event) =>
      event.type === 'job-skipped' ? [[event.job, event.cause]] : [],
    );
    expect(causes).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('before the barrier still keep what needs them from running', async () => {
    const made = [{ weight: 1 }, { weight: 1, barrier: true }, { weight: 1 }, { weight: 1 }];
    const plan = planOf(made, [[0, 2, 'needs']]);
    const { ended } = await run(plan, { replan: () => Promise.resolve([]), fails: [0], keepGoing: true });
    expect(ended('job-finished')).toEqual([1, 3]);
    expect(ended('job-skipped')).toEqual([2]);
  });
});

it('what needs a failed job by the new edges is lost, too', async () => {
  const made = [{ weight: 1 }, { weight: 1, barrier: true }, { weight: 1 }, { weight: 1 }];
  const replan = (): Promise<readonly Edge[]> => Promise.resolve(edgesOf([[0, 3, 'needs']]));
  const { ended } = await run(planOf(made), { replan, fails: [0], keepGoing: true });
  expect(ended('job-finished')).toEqual([1, 2]);
  expect(ended('job-skipped')).toEqual([3]);
});

describe('while the answer is awaited', () => {
  it('an interrupt ends the run at once', async () => {
    const { replan, answer } = held();
    const made = rig(planOf(ONE_BARRIER), { replan });
    const status = made.scheduler.run();
    await aWhile();
    made.scheduler.interrupt('SIGINT');
    expect(await status).toBe('interrupted');
    expect(made.ended('job-skipped')).toEqual([1, 2, 3]);
    answer();
    await aWhile();
    expect(started(made)).toEqual([0]);
  });

  it('a failure on another target ends it, too', async () => {
    const { replan } = held();
    const made = [
      { weight: 1, barrier: true, target: 0 },
      { weight: 1, target: 0 },
      { weight: 9, target: 1 },
    ];
    const { status, ended } = await run(planOf(made), { replan, targets: 2, fails: [2] });
    expect(status).toBe('failed');
    expect(ended('job-skipped')).toEqual([1]);
  });
});

const randomRun = fc
  .integer({ min: 1, max: 30 })
  .chain((size) =>
    fc.record({
      made: fc.array(
        fc.record({
          weight: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 50 }) }, fc.constant(0)),
          isBarrier: fc.boolean(),
        }),
        { minLength: size, maxLength: size },
      ),
      links: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size }),
      /** New edges, an answer to each barrier; those that do not fit are left out. */
      answers: fc.array(
        fc.array(
          fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom('needs' as const, 'order' as const)),
          {
            maxLength: 2 * size,
          },
        ),
        { minLength: 1, maxLength: 5 },
      ),
      connections: fc.integer({ min: 1, max: 5 }),
      fails: fc.array(fc.nat(size - 1), { maxLength: 2 }),
      keepGoing: fc.boolean(),
      shuffle: fc.option(fc.nat(), { nil: undefined }),
    }),
  )
  .map(({ made, links, ...rest }) => ({
    ...rest,
    made: made.map(({ weight, isBarrier }, id) => ({
      weight,
      barrier: isBarrier && weight > 0 && id % 3 === 0,
    })),
    links: links.flatMap(([a, b]): readonly Link[] => (a === b ? [] : [[Math.min(a, b), Math.max(a, b)]])),
  }));

it('any graph with any new edges: every job ends once, in an order that the edges in force allow', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async ({ made, links, answers, shuffle, ...setting }) => {
      const plan = planOf(made, links);
      let inForce = plan.edges;
      const replan: Replanner = async ({ id: barrier }) => {
        await Promise.resolve();
        const links = answers[barrier % answers.length]!.flatMap(([a, b, kind]): readonly Link[] =>
          Math.min(a, b) > barrier && a !== b ? [[Math.min(a, b), Math.max(a, b), kind]] : [],
        );
        // As the planner: behind the next barrier there are placeholders again.
        const fences = planOf(made).edges.filter(({ from, to }) => Math.min(from, to) > barrier);
        const edges = [...fences, ...edgesOf(links)];
        const kept = inForce.filter(({ to }) => to <= barrier);
        const fence = plan.jobs.flatMap(({ id }): readonly Link[] => (id > barrier ? [[barrier, id]] : []));
        inForce = [...kept, ...edgesOf(fence), ...edges];
        return edges;
      };
      const { ended, executor, status } = await run(plan, {
        ...setting,
        replan,
        ...(shuffle === undefined ? {} : { shuffle }),
      });
      const all = [...ended('job-finished'), ...ended('job-failed'), ...ended('job-skipped')];
      const real = plan.jobs.filter((job) => job.steps.length > 0).map((job) => job.id);
      expect(all.toSorted((a, b) => a - b)).toEqual(real);
      expect(status === 'failed').toBe(ended('job-failed').length > 0);
      const span = new Map(executor.spans.map((one) => [one.job, one]));
      for (const { from, to } of inForce) {
        const [before, behind] = [span.get(from), span.get(to)];
        if (before && behind) expect(behind.start).toBeGreaterThanOrEqual(before.end);
      }
    }),
    { numRuns: 300 },
  );
});
