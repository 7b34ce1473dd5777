import { expect, it } from 'vitest';
import type { Job } from '../../../src/model/job.js';
import type { JobOutcome } from '../../../src/model/outcome.js';
import type { Plan } from '../../../src/model/plan.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import { script } from '../plan/scripts.js';
import { VirtualExecutor } from './virtual-executor.js';

/** Connections whose opening takes until the test says so; notes which of them were being opened when a job began. */
class Slow extends VirtualExecutor {
  readonly opening = new Set<number>();
  readonly openingAt = new Map<number, number>();

  override async open(connection: number): Promise<string | undefined> {
    this.opening.add(connection);
    // The first is there at once, the others only after several turns.
    for (let turn = 0; turn < 20 * connection; turn++) await new Promise((resolve) => setImmediate(resolve));
    this.opening.delete(connection);
    return super.open(connection);
  }

  override execute(job: Job, connection: number): Promise<JobOutcome> {
    this.openingAt.set(job.id, this.opening.size);
    return super.execute(job, connection);
  }
}

it('begins what runs alone when no connection is being opened', async () => {
  const only = script(0, [{}]);
  const [statement] = only.statements;
  if (statement === undefined) throw new Error('no statement');
  const steps = [{ statement, place: statement.place }];
  const jobs: readonly Job[] = Array.from({ length: 4 }, (_, id) => ({
    id,
    name: `job ${id}`,
    script: 0,
    steps,
    transaction: 'each' as const,
    context: [],
    weight: 1,
    ...(id === 3 ? { alone: { reason: 'ALTER DATABASE … SET', isOpaque: true } } : {}),
  }));
  const edges = [0, 1, 2].map((from) => ({ from, to: 3, kind: 'order', reason: 'it runs alone' }) as const);
  const plan: Plan = { scripts: [only], jobs, edges };
  const executor = new Slow(() => 1);
  const run = new Scheduler(
    plan,
    { executor, clock: executor.clock, emit: () => undefined },
    { connections: 3, keepGoing: false, onError: 'finish' },
  );
  expect(await run.run()).toBe('done');
  // The first three wanted a connection each; they were done before the last of these was open.
  expect(executor.spans.slice(0, 3).some(({ job }) => (executor.openingAt.get(job) ?? 0) > 0)).toBe(true);
  expect(executor.openingAt.get(3)).toBe(0);
});
