import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import type { Job } from '../../../src/model/job.js';
import type { JobOutcome } from '../../../src/model/outcome.js';
import type { Plan } from '../../../src/model/plan.js';
import type { Claims, Elsewhere, Executor } from '../../../src/run/ports.js';
import { Scheduler } from '../../../src/run/scheduler.js';
import { script } from '../plan/scripts.js';

/** Several schedulers at work on one plan, with nothing between them but who has claimed what. */

const only = script(0, [{}]);
const query = { statement: only.statements[0]!, place: only.statements[0]!.place };

interface Setting {
  readonly size: number;
  readonly links: readonly (readonly [number, number])[];
  /** How many connections each has. */
  readonly connections: readonly number[];
  /** So many jobs in the first of them is interrupted; 0: it is not. */
  readonly interruptAfter: number;
  readonly fails: number | undefined;
  readonly seed: number;
}

const setting: fc.Arbitrary<Setting> = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    links: fc
      .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size })
      .map((pairs) =>
        pairs.flatMap(([a, b]) => (a === b ? [] : [[Math.min(a, b), Math.max(a, b)] as const])),
      ),
    connections: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    interruptAfter: fc.nat(size),
    fails: fc.option(fc.nat(size - 1), { nil: undefined, freq: 3 }),
    seed: fc.nat(),
  }),
);

/** What they all know of each other. */
class Board {
  readonly starts = new Map<number, number>();
  readonly ends = new Map<number, number>();
  readonly #owners = new Map<number, number>();
  readonly #failed = new Set<number>();
  #moment = 0;

  begin(job: number): void {
    expect(this.ends.has(job)).toBe(false);
    this.starts.set(job, this.#moment++);
  }

  end(job: number): void {
    this.ends.set(job, this.#moment++);
  }

  claimsOf(own: number): Claims {
    return {
      take: async (jobs) => {
        await rest();
        return jobs.filter(({ id }) => {
          if (this.#owners.has(id)) return false;
          this.#owners.set(id, own);
          return true;
        });
      },
      wait: async ({ id }): Promise<Elsewhere> => {
        for (;;) {
          await rest();
          if (this.ends.has(id)) return { end: 'done' };
          if (this.#failed.has(id)) return { end: 'failed', message: 'no', by: 'another' };
          if (!this.#owners.has(id)) return { end: 'free' };
        }
      },
      giveBack: ({ id }) => this.#owners.delete(id),
      fail: ({ id }) => this.#failed.add(id),
    };
  }
}

const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class SlowExecutor implements Partial<Executor> {
  isCancelled = false;

  constructor(
    private readonly board: Board,
    private readonly fails: (job: number) => boolean,
    private readonly ticks: () => number,
  ) {}

  async open(): Promise<undefined> {
    await rest();
  }

  async execute(job: Job, connection: number): Promise<JobOutcome> {
    this.board.begin(job.id);
    const base = { connection, backend: 1, results: [], notices: [], duration: 1 };
    for (let tick = this.ticks(); tick >= 0; tick--) {
      await rest();
      if (this.isCancelled)
        return { ...base, failures: [failureOf({ kind: 'cancelled', message: 'cancelled' })] };
    }
    if (this.fails(job.id)) return { ...base, failures: [failureOf({ kind: 'client', message: 'no' })] };
    this.board.end(job.id);
    return { ...base, failures: [] };
  }

  setChaining(): void {
    // There are none.
  }

  async cancel(): Promise<void> {
    this.isCancelled = true;
    await rest();
  }
}

function failureOf(failure: JobOutcome['failures'][number]['failure']): JobOutcome['failures'][number] {
  return { failure, step: 0, place: query.place, statement: '' };
}

function planOf({ size, links }: Setting): Plan {
  const jobs = Array.from({ length: size }, (_, id): Job => ({
    id,
    name: `job ${id}`,
    script: 0,
    steps: [query],
    transaction: 'each',
    context: [],
    weight: 1,
  }));
  const edges = links.map(([from, to]) => ({ from, to, kind: 'needs' as const, reason: 'test' }));
  return { scripts: [only], jobs, edges };
}

it('schedulers that share a run do each job once, in the order of its edges', async () => {
  await fc.assert(
    fc.asyncProperty(setting, async (given) => {
      const plan = planOf(given);
      const board = new Board();
      let drawn = given.seed;
      const ticks = (): number => (drawn = (drawn * 1103515245 + 12345) % 2147483648) % 5;
      const isInterrupted = given.interruptAfter > 0 && given.connections.length > 1;
      const statuses = await Promise.all(
        given.connections.map(async (connections, own) => {
          const executor = new SlowExecutor(board, (job) => job === given.fails, ticks);
          const events: RunEvent[] = [];
          let ended = 0;
          const scheduler = new Scheduler(
            plan,
            {
              // Batches, chains and closing are not come to here.
              executor: executor as unknown as Executor,
              clock: { now: () => 0 },
              emit: (event) => {
                events.push(event);
                if (event.type !== 'job-finished' || own !== 0 || !isInterrupted) return;
                if (++ended === given.interruptAfter) scheduler.interrupt('SIGINT');
              },
              claims: board.claimsOf(own),
            },
            { connections, keepGoing: false, onError: 'finish' },
          );
          const status = await scheduler.run();
          const ends = events.flatMap((event) => (ENDS.has(event.type) && 'job' in event ? [event.job] : []));
          expect(ends.toSorted((a, b) => a - b)).toEqual(plan.jobs.map(({ id }) => id));
          return status;
        }),
      );
      for (const { from, to } of plan.edges) {
        const [end, start] = [board.ends.get(from), board.starts.get(to)];
        if (start !== undefined) expect(end).toBeLessThan(start);
      }
      const others = isInterrupted ? statuses.slice(1) : statuses;
      if (given.fails === undefined) {
        expect(board.ends.size).toBe(given.size);
        expect(new Set(others)).toEqual(new Set(['done']));
      } else expect(new Set(others)).toEqual(new Set(['failed']));
    }),
    { numRuns: 300 },
  );
});

const ENDS: ReadonlySet<RunEvent['type']> = new Set([
  'job-finished',
  'job-failed',
  'job-skipped',
  'job-done-elsewhere',
]);
