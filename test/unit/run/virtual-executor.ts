import type { Job } from '../../../src/model/job.js';
import type { JobOutcome } from '../../../src/model/outcome.js';
import type { ChainSurroundings, Clock, Executor } from '../../../src/run/ports.js';

/**
 * An executor in virtual time: a job takes as long as it is told to, and time jumps from one end to the next. Nothing
 * sleeps, so a run of hours takes milliseconds and timings are exact.
 */
export class VirtualExecutor implements Executor {
  readonly clock: Clock = { now: () => this.#now };
  readonly spans: {
    readonly job: number;
    readonly connection: number;
    readonly start: number;
    end: number;
  }[] = [];
  cancelled = 0;
  /** Connections that were closed, in this order. */
  readonly left: number[] = [];
  /** As they were sent. */
  readonly chains: (readonly number[])[] = [];
  #endsChains = false;
  #now = 0;
  #running: { readonly end: number; readonly finish: () => void; cancel: () => void }[] = [];
  #turning = false;

  constructor(
    private readonly duration: (job: Job) => number,
    private readonly fails: (job: Job) => boolean = () => false,
    private readonly closed: ReadonlySet<number> = new Set(),
  ) {}

  open(connection: number): Promise<string | undefined> {
    return Promise.resolve(this.closed.has(connection) ? 'told to stay closed' : undefined);
  }

  close(connection: number): Promise<void> {
    this.left.push(connection);
    return Promise.resolve();
  }

  execute(job: Job, connection: number): Promise<JobOutcome> {
    const start = this.#now;
    const span = { job: job.id, connection, start, end: Number.NaN };
    this.spans.push(span);
    return new Promise((resolve) => {
      const answer = (failed: false | '22012' | '57014'): void => {
        span.end = this.#now;
        resolve(outcome(job, { connection, duration: span.end - start, failed }));
      };
      this.#running.push({
        end: start + this.duration(job),
        finish: () => answer(this.fails(job) ? '22012' : false),
        cancel: () => answer('57014'),
      });
      this.#turn();
    });
  }

  /** One behind the other. */
  async executeBatch(jobs: readonly Job[], connection: number): Promise<readonly JobOutcome[]> {
    const outcomes: JobOutcome[] = [];
    for (const job of jobs) outcomes.push(await this.execute(job, connection));
    return outcomes;
  }

  /** As far as each ends well. */
  async executeChain(
    jobs: readonly Job[],
    connection: number,
    { ended }: ChainSurroundings,
  ): Promise<JobOutcome> {
    this.chains.push(jobs.map(({ id }) => id));
    for (const [index, job] of jobs.entries()) {
      const outcome = await this.execute(job, connection);
      const isLast = index === jobs.length - 1 || outcome.failures.length > 0 || this.#endsChains;
      if (isLast) return outcome;
      ended(outcome);
    }
    throw new RangeError('a chain of no jobs');
  }

  setChaining(isOn: boolean): void {
    this.#endsChains = !isOn;
  }

  cancel(): Promise<void> {
    this.cancelled++;
    const running = this.#running;
    this.#running = [];
    for (const task of running) task.cancel();
    return Promise.resolve();
  }

  /** After everything that can start at this moment has started, time jumps to the next end. */
  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      const next = Math.min(...this.#running.map((task) => task.end));
      const ending = this.#running.filter((task) => task.end === next);
      if (ending.length === 0) return;
      this.#running = this.#running.filter((task) => task.end !== next);
      this.#now = next;
      for (const task of ending) task.finish();
      if (this.#running.length > 0) this.#turn();
    });
  }
}

function outcome(
  job: Job,
  end: { readonly connection: number; readonly duration: number; readonly failed: false | string },
): JobOutcome {
  const { connection, duration, failed } = end;
  const place = job.steps[0]?.place ?? { file: 'x', line: 1, column: 1 };
  const failure = {
    kind: 'server',
    severity: 'ERROR',
    code: String(failed),
    message: 'told to fail',
  } as const;
  return {
    connection,
    backend: 1,
    results: failed === false ? [{ step: 0, tag: 'SELECT 1', rows: 1, start: 0, duration }] : [],
    failures: failed === false ? [] : [{ failure, step: 0, place, statement: 'SELECT' }],
    notices: [],
    duration,
  };
}
