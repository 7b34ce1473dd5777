import type { Job } from '../model/job.js';

/**
 * How many small jobs go to a connection at a time. One message for many spares a round of scheduling and of the network
 * for each; too many would leave other connections idle at the end. So a batch takes about BATCH_MS by what jobs have
 * taken so far, and never more than a share of what is ready.
 *
 * Nothing is known at first: then a batch is one job.
 */
export class BatchSize {
  /** Milliseconds that a small job takes, a moving average; undefined before the first has ended. */
  #average: number | undefined;

  /** A job that could have been in a batch has ended. */
  learn(duration: number): void {
    this.#average =
      this.#average === undefined ? duration : this.#average + (duration - this.#average) * LEARNING_RATE;
  }

  /** The most jobs that may go together now. */
  limit({ ready, connections }: { readonly ready: number; readonly connections: number }): number {
    if (this.#average === undefined) return 1;
    const byTime = Math.floor(BATCH_MS / Math.max(this.#average, LEAST_MS));
    // Half of an even share: the last batches then end close together.
    const byShare = Math.ceil(ready / (2 * connections));
    return Math.max(1, Math.min(byTime, byShare, MOST));
  }
}

/** Jobs that may be in a batch: those with a key. */
export function canJoin(job: Job, first: Job): boolean {
  return first.batch !== undefined && job.batch === first.batch;
}

const BATCH_MS = 20;
const LEAST_MS = 0.05;
const MOST = 100;
const LEARNING_RATE = 0.2;
