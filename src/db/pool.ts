import { fileURLToPath } from 'node:url';
import { Piscina, type PiscinaTask } from 'piscina';
import type { ConnectionFailure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Show } from '../model/script.js';
import type { Executor } from '../run/ports.js';
import { messageOf, outcomeOf } from './job-message.js';
import { settingsFor, type WorkerSetting } from './parallel-workers.js';
import type { BatchResult, TaskResult, WorkerMessage, WorkerSetup, WorkerTask } from './task.js';

/**
 * The Executor port on a Piscina pool: every connection lives in one thread for the whole run, and a job for it is a
 * Piscina task sent to that thread.
 *
 * One connection a thread is the norm; beyond `threads` a thread holds several (a thread costs some 14 MB and 60 ms).
 * The pool's load balancer sends a task to the thread its connection lives in; a connection that has no thread yet
 * moves into the ready thread with the fewest. The scheduler keeps at most one task a connection in the pool, so it,
 * and not Piscina's queue, owns the order.
 *
 * Piscina's `atomics` are disabled: its default blocks an idle thread's event loop, and a dead connection would go
 * unnoticed. Cancelling is done on the server, over the control connection, again and again until all jobs have
 * ended: a statement may be sent right after the first attempt.
 */
export interface PoolOptions {
  readonly connections: number;
  readonly threads: number;
  readonly setup: Omit<WorkerSetup, 'stop'>;
  readonly keepGoing: boolean;
  /** How results are shown where statements say nothing else. */
  readonly show: Show;
  /** Asks the server to cancel what these backends run. */
  readonly cancelBackends: (backends: readonly number[]) => Promise<void>;
  readonly listener: PoolListener;
}

export interface PoolListener {
  message(message: WorkerMessage): void;
  /** All output of a job has been told, its outcome is next. */
  outcome(job: number, outputs: number): void;
}

/** Milliseconds between two attempts to cancel. */
const CANCEL_INTERVAL = 100;

export class ConnectionPool implements Executor {
  readonly #options: PoolOptions;
  readonly #pool: Piscina<WorkerTask, TaskResult | BatchResult>;
  readonly #stop = new Uint8Array(new SharedArrayBuffer(1));
  readonly #homes = new Map<number, number>();
  readonly #backends = new Map<number, number>();
  readonly #running = new Set<number>();
  /** How many parallel workers a job may use is said in these. */
  #workerSettings: readonly WorkerSetting[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
    const threads = Math.min(options.threads, options.connections);
    const setup: WorkerSetup = { ...options.setup, stop: this.#stop.buffer };
    this.#pool = new Piscina<WorkerTask, TaskResult | BatchResult>({
      filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: Math.ceil(options.connections / threads),
      atomics: 'disabled',
      recordTiming: false,
      workerData: setup,
      loadBalancer: (task, workers) => this.#threadFor(task, workers),
    });
    // Piscina passes on what threads post beside their answers; only our worker posts, and only WorkerMessages.
    this.#pool.on('message', (message: WorkerMessage) => this.#hear(message));
    this.#pool.on('error', () => undefined);
  }

  /** The server is known: how it is told what a job may use. */
  useWorkerSettings(settings: readonly WorkerSetting[]): void {
    this.#workerSettings = settings;
  }

  /** Opens a connection ahead of its first job. Returns why it could not be opened. */
  async open(connection: number): Promise<string | undefined> {
    return (await this.tryOpen(connection))?.message;
  }

  async tryOpen(connection: number): Promise<ConnectionFailure | undefined> {
    const { failures } = await this.#run({ kind: 'open', connection });
    const failure = failures[0]?.failure;
    if (failure === undefined) return undefined;
    return failure.kind === 'connection'
      ? failure
      : { kind: 'connection', phase: 'open', message: failure.message };
  }

  async execute(job: Job, connection: number, parallelWorkers?: number): Promise<JobOutcome> {
    this.#running.add(connection);
    try {
      const settings = settingsFor(parallelWorkers, this.#workerSettings);
      const message = messageOf(job, { ...this.#options, settings });
      const result = await this.#run({ kind: 'job', connection, job: message });
      this.#options.listener.outcome(job.id, result.outputs);
      return outcomeOf(job, connection, result);
    } finally {
      this.#running.delete(connection);
    }
  }

  async executeBatch(
    jobs: readonly Job[],
    connection: number,
    parallelWorkers?: number,
  ): Promise<readonly JobOutcome[]> {
    this.#running.add(connection);
    try {
      const settings = settingsFor(parallelWorkers, this.#workerSettings);
      const messages = jobs.map((job) => messageOf(job, { ...this.#options, settings }));
      // Sessions with other settings are made new: what the script has set itself must come behind them again.
      const key = [jobs[0]?.batch, ...settings].join(' ');
      const { jobs: results } = await this.#runBatch({ kind: 'batch', connection, key, jobs: messages });
      return jobs.map((job, index) => {
        const result = results[index];
        if (result === undefined) throw new RangeError(`no result of ${job.name}`);
        for (const text of result.texts)
          this.#options.listener.message({ kind: 'output', job: job.id, text });
        this.#options.listener.outcome(job.id, result.outputs);
        return outcomeOf(job, connection, result);
      });
    } finally {
      this.#running.delete(connection);
    }
  }

  async cancel(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    while (this.#running.size > 0) {
      const backends = [...this.#running].flatMap((connection) => this.#backends.get(connection) ?? []);
      await this.#options.cancelBackends(backends);
      await new Promise((resolve) => setTimeout(resolve, CANCEL_INTERVAL));
    }
  }

  /** Runs --exit-sql on each open connection and closes it. Returns the first failure's message. */
  async leave(): Promise<string | undefined> {
    const open = [...this.#homes.keys()];
    const results = await Promise.all(open.map((connection) => this.#run({ kind: 'close', connection })));
    return results.flatMap((result) => result.failures)[0]?.failure.message;
  }

  /** Ends the threads at once; connections that are still open break. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(task: Exclude<WorkerTask, { readonly kind: 'batch' }>): Promise<TaskResult> {
    const result = await this.#send(task);
    if ('jobs' in result) throw new TypeError('a batch is no single task');
    return result;
  }

  async #runBatch(task: Extract<WorkerTask, { readonly kind: 'batch' }>): Promise<BatchResult> {
    const result = await this.#send(task);
    if ('jobs' in result) return result;
    throw new TypeError('a single task is no batch');
  }

  #send(task: WorkerTask): Promise<TaskResult | BatchResult> {
    return this.#pool.run(
      Object.assign(task, { [Piscina.queueOptionsSymbol]: { connection: task.connection } }),
    );
  }

  #threadFor(
    task: PiscinaTask,
    workers: Parameters<NonNullable<ConstructorParameters<typeof Piscina>[0]>['loadBalancer'] & object>[1],
  ): (typeof workers)[number] | null {
    const connection = connectionOf(task);
    const home = this.#homes.get(connection);
    const settled = workers.find((worker) => worker.id === home);
    if (settled !== undefined) return settled;
    const population = (id: number): number =>
      [...this.#homes.values()].filter((thread) => thread === id).length;
    const limit = Math.ceil(this.#options.connections / this.#pool.maxThreads);
    const roomy = workers.filter((worker) => population(worker.id) < limit);
    const [emptiest] = roomy.toSorted((a, b) => population(a.id) - population(b.id));
    if (emptiest === undefined) return null;
    this.#homes.set(connection, emptiest.id);
    return emptiest;
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'opened') this.#backends.set(message.connection, message.backend);
    if (message.kind === 'lost') this.#backends.delete(message.connection);
    this.#options.listener.message(message);
  }
}

function connectionOf(task: PiscinaTask): number {
  // Piscina shows a balancer only the task's queue options; ours are put there by #run.
  const options = (task as unknown as Record<symbol, unknown>)[Piscina.queueOptionsSymbol];
  return (options as { readonly connection: number }).connection;
}
