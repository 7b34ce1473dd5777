import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunStatus } from '../../../src/model/event.js';
import type { Job } from '../../../src/model/job.js';
import type { Plan } from '../../../src/model/plan.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import { script } from '../plan/scripts.js';
import { VirtualExecutor } from './virtual-executor.js';

const only = script(0, [{}]);
const step = { statement: only.statements[0]!, place: only.statements[0]!.place };

/** So many jobs on each of the targets; in a row, or side by side. */
function planFor(counts: readonly number[], inRow = false): Plan {
  const jobs = counts.flatMap((count, target) => Array.from({ length: count }, () => target));
  return {
    scripts: [only],
    jobs: jobs.map((target, id) => ({
      id,
      name: `job ${id}`,
      script: 0,
      steps: [step],
      transaction: 'each',
      context: [],
      weight: 1 + (id % 3),
      target: { index: target, name: `t${target}` },
    })),
    edges: jobs.flatMap((target, id) =>
      inRow && jobs[id + 1] === target
        ? [{ from: id, to: id + 1, kind: 'order', reason: 'test' } as const]
        : [],
    ),
  };
}

/** Counts connections; closing one takes a moment. */
class Counting extends VirtualExecutor {
  readonly #open = new Set<number>();
  most = 0;

  override async open(connection: number): Promise<string | undefined> {
    const fault = await super.open(connection);
    if (fault !== undefined) return fault;
    this.#open.add(connection);
    this.most = Math.max(this.most, this.#open.size);
    return undefined;
  }

  override async close(connection: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await super.close(connection);
    this.#open.delete(connection);
  }
}

interface Setting {
  readonly connections: number;
  readonly maxConnections?: number;
  readonly keepGoing?: boolean;
  /** Connections that cannot be opened. */
  readonly closed?: readonly number[];
  readonly fails?: (job: Job) => boolean;
  /** When this job is done, there is enough. */
  readonly enough?: number;
}

interface Ran {
  readonly status: RunStatus;
  readonly executor: Counting;
  readonly events: readonly RunEvent[];
  /** By target, the jobs that ended so. */
  count(type: RunEvent['type']): readonly number[];
}

async function run(plan: Plan, targets: number, setting: Setting): Promise<Ran> {
  const { connections, maxConnections, keepGoing = false, closed = [], fails, enough } = setting;
  const executor = new Counting(({ weight, id }) => (id === enough ? 0.5 : weight), fails, new Set(closed));
  const events: RunEvent[] = [];
  const scheduler: Scheduler = new Scheduler(
    plan,
    {
      executor,
      clock: executor.clock,
      emit: (event) => {
        events.push(event);
        if (event.type === 'job-finished' && event.job === enough) scheduler.finishEarly('enough');
      },
    },
    { connections, targets, maxConnections, keepGoing, onError: 'finish' },
  );
  const status = await scheduler.run();
  const count = (type: RunEvent['type']): readonly number[] =>
    Array.from(
      { length: targets },
      (_, target) =>
        events.filter((event) => event.type === type && 'target' in event && event.target === `t${target}`)
          .length,
    );
  return { status, executor, events, count };
}

describe('targets with connections of their own', () => {
  it('are all done, over no more connections than there may be', async () => {
    const counts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 });
    const small = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(counts, small, small, fc.boolean(), async (jobs, connections, most, inRow) => {
        const ran = await run(planFor(jobs, inRow), jobs.length, { connections, maxConnections: most });
        expect(ran.status).toBe('done');
        expect(ran.count('job-finished')).toEqual(jobs);
        expect(ran.executor.most).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('run their jobs over their own connections only', async () => {
    const { executor } = await run(planFor([4, 4, 4]), 3, { connections: 2 });
    expect(executor.spans).toHaveLength(12);
    for (const { job, connection } of executor.spans)
      expect(Math.floor(connection / 2)).toBe(Math.floor(job / 4));
  });

  it('make room for others when they are done', async () => {
    const { executor } = await run(planFor([2, 2, 2], true), 3, { connections: 1, maxConnections: 1 });
    expect(executor.left.slice(0, 2)).toEqual([0, 1]);
    expect(executor.most).toBe(1);
  });

  it('keep their connections without a limit', async () => {
    const { executor } = await run(planFor([1, 3]), 2, { connections: 1 });
    expect(executor.left).toEqual([]);
  });
});

describe('a target that cannot be reached', () => {
  it('loses its jobs with --keep-going, and no other does', async () => {
    const ran = await run(planFor([3, 3, 3]), 3, { connections: 2, keepGoing: true, closed: [2, 3] });
    expect(ran.status).toBe('failed');
    expect(ran.count('job-finished')).toEqual([3, 0, 3]);
    expect(ran.count('job-skipped')).toEqual([0, 3, 0]);
  });

  it('goes on over the connections that could be opened', async () => {
    const ran = await run(planFor([3, 3]), 2, { connections: 2, closed: [2] });
    expect(ran.status).toBe('done');
    expect(ran.count('job-finished')).toEqual([3, 3]);
  });

  it('stops all without', async () => {
    const ran = await run(planFor([9, 9], true), 2, { connections: 1, closed: [1] });
    expect(ran.status).toBe('failed');
    expect(ran.count('job-skipped')[1]).toBe(9);
    expect(ran.count('job-skipped')[0]).toBeGreaterThan(0);
  });

  it('leaves its room to others', async () => {
    const setting = { connections: 1, maxConnections: 1, keepGoing: true, closed: [0] };
    const ran = await run(planFor([2, 2]), 2, setting);
    expect(ran.count('job-finished')).toEqual([0, 2]);
  });
});

describe('enough', () => {
  it('ends the run as done, with what runs cancelled', async () => {
    const ran = await run(planFor([2, 2, 2], true), 3, { connections: 1, enough: 2 });
    expect(ran.status).toBe('done');
    expect(ran.executor.cancelled).toBe(1);
    expect(ran.count('job-finished')).toEqual([0, 1, 0]);
    const failed = ran.events.filter((event) => event.type === 'job-failed');
    expect(failed.map(({ cancelled }) => cancelled)).toEqual([true, true]);
    expect(ran.count('job-skipped')).toEqual([1, 1, 1]);
  });
});
