import type { Piscina } from 'piscina';
import type { ConnectionFailure, Failure } from '../model/failure.js';
import { jobAt, type Job } from '../model/job.js';
import type { OutputPart } from '../model/output.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Show } from '../model/script.js';
import type { ChainSurroundings, Executor } from '../run/ports.js';
import { ChainEnds } from './chain-ends.js';
import { messageOf, outcomeOf, sessionKey, type UnionOptions } from './job-message.js';
import { passOn } from './output/output-window.js';
import { settingsFor } from './parallel-workers.js';
import type { RunFacts } from './run-facts.js';
import { whenThreadEnds } from './thread-end.js';
import { forConnection, ThreadHomes } from './thread-homes.js';
import { Threads, type Balancer } from './threads.js';
import { explainImports, type RunSnapshot } from './snapshot-import.js';
import { GOES_ON, NO_MORE_JOBS, NO_MORE_STEPS, POOLERS } from './task.js';
import type {
  BatchResult,
  ChainResult,
  JobMessage,
  TaskResult,
  WorkerMessage,
  WorkerResult,
  WorkerSetup,
  WorkerTask,
} from './task.js';

/**
 * The Executor port on a Piscina pool: every connection lives in one thread for the whole run, and a job for it is a
 * Piscina task sent to that thread.
 *
 * One connection a thread is the norm; beyond `threads` a thread holds several (a thread costs some 14 MB and 60 ms).
 * The pool's load balancer sends a task to the thread its connection lives in; a connection that has no thread yet
 * moves into the ready thread with the fewest. The scheduler keeps at most one task a connection in the pool, so it,
 * and not Piscina's queue, owns the order.
 *
 * Cancelling is done on the server, over the control connection, again and again until all jobs have ended: a statement
 * may be sent right after the first attempt.
 */
export interface PoolOptions {
  readonly threads: number;
  readonly setup: Omit<WorkerSetup, 'stop' | 'poolers' | 'passedOn'>;
  readonly keepGoing: boolean;
  /** How often a job may be begun again. */
  readonly retries: number;
  /** How results are shown where statements say nothing else. */
  readonly show: Show;
  /** Of a run over several targets: how their results are to be one. */
  readonly union?: UnionOptions | undefined;
  /** Asks a target's server to cancel what these backends run. */
  readonly cancelBackends: (target: number, backends: readonly number[]) => Promise<void>;
  readonly listener: PoolListener;
  /** Threads that are on their way already. */
  readonly early?: Threads | undefined;
}

export interface PoolListener {
  message(message: PoolMessage): void;
  /** What a job prints. `taken` is to be called when there is room for more. */
  output(job: number, parts: readonly OutputPart[], taken: () => void): void;
  /**
   * A job has posted so many outputs, and this one behind them; its outcome is next. Returns what is wrong with them, seen
   * from outside.
   */
  outcome(
    job: number,
    output: { readonly posted: number; readonly rest: readonly OutputPart[] },
  ): Failure | undefined;
  /** The run has said goodbye on a connection, in so many milliseconds. */
  closed(connection: number, exit: number): void;
}

/** What threads say beside what jobs print. */
export type PoolMessage = Exclude<WorkerMessage, { readonly kind: 'output' | 'ended' }>;

export class ConnectionPool implements Executor {
  readonly #options: PoolOptions;
  /** Of all targets. */
  readonly #connections: number;
  readonly #pool: Piscina<WorkerTask, WorkerResult>;
  readonly #stop = new Uint8Array(new SharedArrayBuffer(1));
  readonly #poolers: Uint8Array<SharedArrayBuffer>;
  readonly #passedOn: Int32Array<SharedArrayBuffer>;
  readonly #homes: ThreadHomes;
  readonly #setup: WorkerSetup;
  readonly #backends = new Map<number, number>();
  readonly #running = new Set<number>();
  /** Of the chains that run, by connection. */
  readonly #chains = new Map<number, ChainEnds>();
  /** Why --exit-sql failed, the first time that it did. */
  #exitFailure: string | undefined;
  #facts: RunFacts = { workerSettings: [], snapshots: [], epochs: [], units: undefined };

  constructor(options: PoolOptions) {
    this.#options = options;
    const { targets, connectionsPerTarget } = options.setup;
    this.#connections = targets.length * connectionsPerTarget;
    const threads = Math.min(options.threads, this.#connections);
    this.#homes = new ThreadHomes(Math.ceil(this.#connections / threads));
    this.#poolers = new Uint8Array(new SharedArrayBuffer(targets.length));
    this.#passedOn = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * this.#connections));
    const [stop, poolers, passedOn] = [this.#stop.buffer, this.#poolers.buffer, this.#passedOn.buffer];
    this.#setup = { ...options.setup, stop, poolers, passedOn };
    const balance: Balancer = (task, workers) => this.#homes.threadFor(task, workers);
    const pool = options.early?.take(threads, balance) ?? new Threads().take(threads, balance);
    if (pool === undefined) throw new Error('new threads are taken already');
    this.#pool = pool;
    // Piscina passes on what threads post beside their answers; only our worker posts, and only WorkerMessages.
    this.#pool.on('message', (message: WorkerMessage) => this.#hear(message));
  }

  /** What is found out only when the threads are on their way; it goes with each job from here on. */
  learn(facts: Partial<RunFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  /** Whether a pooler stands before this target's server: for connections that are opened from here on. */
  learnPooler(target: number, pooler: (typeof POOLERS)[number]): void {
    this.#poolers[target] = POOLERS.indexOf(pooler);
  }

  /** Starts the threads of so many connections, as far as they have none: one takes a tenth of a second to be there. */
  startThreads(connections: number): void {
    for (let connection = 0; connection < Math.min(connections, this.#connections); connection++)
      // What keeps a thread from starting keeps its connection from being opened, and is said then.
      this.#run({ kind: 'start', connection }).catch(() => undefined);
  }

  /** Opens a connection ahead of its first job. Returns why it could not be opened. */
  async open(connection: number): Promise<string | undefined> {
    const message = (await this.tryOpen(connection))?.message;
    const { targets, connectionsPerTarget } = this.#options.setup;
    const name = targets[Math.floor(connection / connectionsPerTarget)]?.name;
    return message === undefined || name === undefined ? message : `target ${name}: ${message}`;
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
      const message = this.#messageOf(job, settingsFor(parallelWorkers, this.#facts.workerSettings));
      const result = await this.#run({ kind: 'job', connection, job: message });
      return await this.#told(job, connection, result);
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
      const settings = settingsFor(parallelWorkers, this.#facts.workerSettings);
      const messages = jobs.map((job) => this.#messageOf(job, settings));
      const key = sessionKey(jobs[0]?.batch, settings);
      const { jobs: results } = await this.#runBatch({ kind: 'batch', connection, key, jobs: messages });
      const told = jobs.map((job, index) => {
        const result = results[index];
        if (result === undefined) throw new RangeError(`no result of ${job.name}`);
        return this.#told(job, connection, result);
      });
      return await Promise.all(told);
    } finally {
      this.#running.delete(connection);
    }
  }

  async executeChain(
    jobs: readonly Job[],
    connection: number,
    { parallelWorkers, ended }: ChainSurroundings,
  ): Promise<JobOutcome> {
    const settings = settingsFor(parallelWorkers, this.#facts.workerSettings);
    const told = (index: number, result: TaskResult): Promise<JobOutcome> =>
      this.#told(jobAt(jobs, index), connection, result);
    const ends = new ChainEnds(async (index, result) => ended(await told(index, result)));
    this.#running.add(connection);
    this.#chains.set(connection, ends);
    try {
      const messages = jobs.map((job) => this.#messageOf(job, settings));
      const { before, last } = await this.#runChain({ kind: 'chain', connection, jobs: messages });
      await ends.told(before);
      return await told(before, last);
    } finally {
      this.#running.delete(connection);
      this.#chains.delete(connection);
    }
  }

  setChaining(isOn: boolean): void {
    Atomics.compareExchange(this.#stop, 0, isOn ? NO_MORE_JOBS : GOES_ON, isOn ? GOES_ON : NO_MORE_JOBS);
  }

  close(connection: number): Promise<void> {
    return this.#close(connection);
  }

  #messageOf(job: Job, settings: readonly string[]): JobMessage {
    const [units, epoch] = [this.#facts.units?.get(job.id), this.#facts.epochs[job.target?.index ?? 0]];
    const snapshot = this.#snapshotOf(job)?.id;
    const { keepGoing, retries, show, union } = this.#options;
    return messageOf(job, { keepGoing, retries, show, union, settings, snapshot, units, epoch });
  }

  #snapshotOf({ target }: Job): RunSnapshot | undefined {
    return this.#facts.snapshots[target?.index ?? 0];
  }

  async #told(job: Job, connection: number, result: TaskResult): Promise<JobOutcome> {
    const failure = this.#options.listener.outcome(job.id, { posted: result.outputs, rest: result.rest });
    const explained = await explainImports(result.failures, this.#snapshotOf(job));
    const failures = failure === undefined ? explained : [...explained, { failure, step: 0, context: false }];
    return outcomeOf(job, connection, { ...result, failures });
  }

  async cancel(): Promise<void> {
    Atomics.store(this.#stop, 0, NO_MORE_STEPS);
    let failure: Error | undefined;
    while (this.#running.size > 0) {
      // A server that does not answer must not keep the others from being asked again.
      const asked = await Promise.allSettled(
        this.#options.setup.targets.map((_, target) => this.#cancelOn(target)),
      );
      for (const result of asked)
        if (result.status === 'rejected')
          failure ??= result.reason instanceof Error ? result.reason : new Error(String(result.reason));
      if (asked.every(({ status }) => status === 'rejected')) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (failure !== undefined) throw failure;
  }

  async #cancelOn(target: number): Promise<void> {
    const { connectionsPerTarget } = this.#options.setup;
    const backends = [...this.#running]
      .filter((connection) => Math.floor(connection / connectionsPerTarget) === target)
      .flatMap((connection) => this.#backends.get(connection) ?? []);
    if (backends.length > 0) await this.#options.cancelBackends(target, backends);
  }

  /** Runs --exit-sql on each open connection and closes it. Returns the first failure's message. */
  async leave(): Promise<string | undefined> {
    const open = this.#homes.connections;
    await Promise.all(open.map((connection) => this.#close(connection)));
    return this.#exitFailure;
  }

  async #close(connection: number): Promise<void> {
    const { backend, failures, duration } = await this.#run({ kind: 'close', connection });
    this.#backends.delete(connection);
    this.#exitFailure ??= failures[0]?.failure.message;
    if (backend !== 0) this.#options.listener.closed(connection, duration);
  }

  /** Ends the threads at once; connections that are still open break. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }

  async #run(
    task: Extract<WorkerTask, { readonly kind: 'start' | 'open' | 'job' | 'close' }>,
  ): Promise<TaskResult> {
    const result = await this.#send(task);
    if ('results' in result) return result;
    throw new TypeError('no result of a single task');
  }

  async #runBatch(task: Extract<WorkerTask, { readonly kind: 'batch' }>): Promise<BatchResult> {
    const result = await this.#send(task);
    if ('jobs' in result) return result;
    throw new TypeError('no result of a batch');
  }

  async #runChain(task: Extract<WorkerTask, { readonly kind: 'chain' }>): Promise<ChainResult> {
    const result = await this.#send(task);
    if ('last' in result) return result;
    throw new TypeError('no result of a chain');
  }

  #send(task: WorkerTask): Promise<WorkerResult> {
    return this.#pool.run(forConnection(task, this.#setup)).catch(whenThreadEnds);
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'output') {
      const { connection, job, parts } = message;
      this.#options.listener.output(job, parts, () => passOn(this.#passedOn, connection));
      return;
    }
    if (message.kind === 'ended') {
      this.#chains.get(message.connection)?.hear(message.result);
      return;
    }
    if (message.kind === 'connected') this.#backends.set(message.connection, message.backend);
    if (message.kind === 'lost') this.#backends.delete(message.connection);
    this.#options.listener.message(message);
  }
}
