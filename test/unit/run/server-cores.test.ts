import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import type { Job } from '../../../src/model/job.js';
import type { Plan } from '../../../src/model/plan.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import type { ServerCoresOptions } from '../../../src/run/server-cores.js';
import { script } from '../plan/scripts.js';
import { VirtualExecutor } from './virtual-executor.js';

const only = script(0, [{}]);
const [statement] = only.statements;
const step = { statement: statement!, place: statement!.place };

/** Jobs without edges, by their weights. */
function independent(weights: readonly number[], node = 'SelectStmt'): Plan {
  const facts = { ...step.statement.facts, node };
  const jobs = weights.map((weight, id): Job => ({
    id,
    name: `job ${id}`,
    script: 0,
    steps: [{ ...step, statement: { ...step.statement, facts } }],
    transaction: 'each',
    context: [],
    weight,
  }));
  return { scripts: [only], jobs, edges: [] };
}

interface Setting {
  readonly connections: number;
  readonly serverCores?: ServerCoresOptions;
  /** Milliseconds that a job takes; its weight where there is nothing else. */
  readonly duration?: (job: number) => number;
}

async function run(
  plan: Plan,
  { connections, serverCores, duration }: Setting,
): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  const executor = new VirtualExecutor((job) => duration?.(job.id) ?? job.weight);
  const ports = { executor, clock: executor.clock, emit: (event: RunEvent) => events.push(event) };
  const more = serverCores === undefined ? {} : { serverCores };
  await new Scheduler(plan, ports, { connections, keepGoing: false, onError: 'finish', ...more }).run();
  return events;
}

/** Workers granted, in the order of the starts. */
async function grants(plan: Plan, setting: Setting): Promise<readonly (number | undefined)[]> {
  const events = await run(plan, setting);
  return events.flatMap((event) => (event.type === 'job-started' ? [event.parallelWorkers] : []));
}

const cores = (count: number, mostWorkers = 1024): ServerCoresOptions => ({ cores: count, mostWorkers });

describe('any run', () => {
  const anyRun = fc.record({
    jobs: fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 100 }), duration: fc.integer({ min: 1, max: 100 }) }),
      { minLength: 1, maxLength: 30 },
    ),
    connections: fc.integer({ min: 1, max: 12 }),
    cores: fc.integer({ min: 1, max: 16 }),
    mostWorkers: fc.integer({ min: 0, max: 20 }),
  });

  it('has no more jobs and workers than cores when it grants some, but in the long tail', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ jobs, connections, ...serverCores }) => {
        const plan = independent(jobs.map(({ weight }) => weight));
        const events = await run(plan, {
          connections,
          serverCores,
          duration: (job) => jobs[job]?.duration ?? 0,
        });
        const running = new Map<number, number>();
        let left = jobs.reduce((sum, { weight }) => sum + weight, 0);
        for (const event of events) {
          if (event.type === 'job-finished') running.delete(event.job);
          if (event.type !== 'job-started') continue;
          const { parallelWorkers: workers = Number.NaN, weight } = event;
          left -= weight;
          const isTail = left < weight * running.size;
          running.set(event.job, workers);
          const granted = [...running.values()].reduce((sum, some) => sum + some, 0);
          expect(granted).toBeLessThanOrEqual(Math.min(serverCores.cores - 1, serverCores.mostWorkers));
          if (workers > 0 && !isTail) expect(running.size + granted).toBeLessThanOrEqual(serverCores.cores);
        }
      }),
    );
  });

  it('of equal jobs that all start at once has exactly the cores at work', async () => {
    const count = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(count, count, async (some, many) => {
        const plan = independent(Array.from({ length: some }, () => 10));
        const granted = await grants(plan, { connections: some, serverCores: cores(many) });
        const all = granted.reduce<number>((sum, workers) => sum + (workers ?? 0), some);
        expect(all).toBe(Math.max(some, many));
      }),
    );
  });
});

it('grants none while the jobs alone fill the cores, and the last job what will be idle', async () => {
  const plan = independent(Array.from({ length: 8 }, () => 10));
  expect(await grants(plan, { connections: 2, serverCores: cores(2) })).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
});

it('shares what is idle, and passes on what a job gives back', async () => {
  const plan = independent([10, 10, 10, 10, 10, 10]);
  // The last one begins when the other is taken to be half done.
  expect(await grants(plan, { connections: 2, serverCores: cores(8) })).toEqual([3, 3, 3, 3, 3, 4]);
  expect(await grants(independent([10]), { connections: 4, serverCores: cores(8) })).toEqual([7]);
});

it('grants no more than the server has', async () => {
  expect(await grants(independent([10]), { connections: 1, serverCores: cores(32, 8) })).toEqual([8]);
  expect(await grants(independent([9, 9]), { connections: 2, serverCores: cores(32, 8) })).toEqual([8, 0]);
});

it('gives a job that is known to outlast the others its workers at once', async () => {
  const plan = independent([100, 10, 10, 10, 10]);
  expect(await grants(plan, { connections: 2, serverCores: cores(2) })).toEqual([1, 0, 0, 0, 0]);
});

it('does not count what waits for the job', async () => {
  // Two indexes of a table, and two keys that wait for both: as many cores are idle as if there were no keys.
  const indexes = independent([36, 24]);
  const keys = independent([36, 24, 10, 4]);
  const edges = [
    [0, 2],
    [1, 2],
    [2, 3],
  ].map(([from = 0, to = 0]) => ({ from, to, kind: 'needs' as const, reason: 'test' }));
  const two = { connections: 2, serverCores: cores(2) };
  expect((await grants(indexes, two)).slice(0, 2)).toEqual([1, 0]);
  expect((await grants({ ...keys, edges }, two)).slice(0, 2)).toEqual([1, 0]);
});

it('knows what to do with jobs that took no time', async () => {
  const plan = independent([0, 0, 0]);
  const granted = await grants(plan, { connections: 2, serverCores: cores(2), duration: () => 1 });
  expect(granted).toEqual(granted.map((workers) => (workers === 0 ? 0 : 1)));
});

it('has none for statements that write rows, and leaves them to others', async () => {
  const loads = independent([10, 10], 'InsertStmt');
  expect(await grants(loads, { connections: 2, serverCores: cores(8) })).toEqual([0, 0]);
  const [load] = loads.jobs;
  const mixed = { ...loads, jobs: [load!, { ...independent([10, 10]).jobs[1]!, id: 1 }] };
  expect(await grants(mixed, { connections: 2, serverCores: cores(8) })).toEqual([0, 6]);
});

it('says nothing without a budget', async () => {
  expect(await grants(independent([10]), { connections: 1 })).toEqual([undefined]);
});
