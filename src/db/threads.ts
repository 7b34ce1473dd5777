import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { WorkerResult, WorkerTask } from './task.js';

/**
 * The Piscina pool whose threads hold a run's connections. It can begin its first thread before it is known what the run is:
 * a thread takes some tens of milliseconds to start, in which the main thread reads its options and the input. So what the
 * run is comes with its first task (`WorkerTask.setup`).
 *
 * Piscina's `atomics` are disabled: its default blocks an idle thread's event loop, and a dead connection would go
 * unnoticed.
 */
export class Threads {
  readonly #pool: Piscina<WorkerTask, WorkerResult>;
  #balance: Balancer = () => null;
  #state: 'free' | 'taken' | 'released' = 'free';

  constructor() {
    this.#pool = new Piscina<WorkerTask, WorkerResult>({
      // Beside the bundle that this becomes a part of (build.js).
      filename: fileURLToPath(new URL('./thread.cjs', import.meta.url)),
      minThreads: 1,
      maxThreads: availableParallelism(),
      idleTimeout: Infinity,
      // How many a thread holds is the balancer's business.
      concurrentTasksPerWorker: Number.MAX_SAFE_INTEGER,
      atomics: 'disabled',
      recordTiming: false,
      loadBalancer: (task, workers) => this.#balance(task, workers),
    });
    this.#pool.on('error', () => undefined);
  }

  /**
   * For a run that has come; undefined: another one has them. `most`: threads that it may have; `balance`: which of them gets
   * a task.
   */
  take(most: number, balance: Balancer): Piscina<WorkerTask, WorkerResult> | undefined {
    if (this.#state !== 'free') return undefined;
    this.#state = 'taken';
    this.#balance = balance;
    this.#pool.options.maxThreads = most;
    return this.#pool;
  }

  /** A run has come. */
  get isTaken(): boolean {
    return this.#state === 'taken';
  }

  /** No run has come, or none will: the thread need not go on starting. */
  async release(): Promise<void> {
    if (this.#state !== 'free') return;
    this.#state = 'released';
    await this.#pool.destroy();
  }
}

export type Balancer = NonNullable<ConstructorParameters<typeof Piscina>[0]>['loadBalancer'] & object;
