import type { Job } from '../model/job.js';
import { BatchSize, canJoin } from './batch-size.js';
import { chainFrom } from './chains.js';
import type { JobStates } from './job-states.js';

/**
 * Takes the most urgent ready job, and what may go to a connection with it: small ones that are ready, too (batch-size.ts
 * says how many), or jobs that wait for it alone (chains.ts).
 */
export class Batches {
  readonly #jobs: readonly Job[];
  readonly #states: JobStates;
  readonly #isOpaque: (job: Job) => boolean;
  readonly #size = new BatchSize();

  /** `isOpaque`: what is behind a job is found anew once it has ended. */
  constructor(jobs: readonly Job[], states: JobStates, isOpaque: (job: Job) => boolean) {
    this.#jobs = jobs;
    this.#states = states;
    this.#isOpaque = isOpaque;
  }

  /** Ready jobs of a target, now running; none when nothing is ready. `connections`: that it has. */
  take(target: number, connections: number): readonly Job[] {
    const first = this.#taken(target);
    if (first?.batch === undefined) return first === undefined ? [] : [first];
    const batch = [first];
    const limit = this.#size.limit({ ready: this.#states.ready(target) + 1, connections });
    while (batch.length < limit) {
      const next = this.#jobs[this.#states.next(target) ?? -1];
      if (next === undefined || !canJoin(next, first)) break;
      this.#states.take(target);
      batch.push(next);
    }
    return batch;
  }

  /** A job that was taken by itself, and those that go behind it, now queued. */
  chainFrom(batch: readonly Job[]): readonly Job[] {
    const [first] = batch;
    if (first === undefined) return batch;
    return chainFrom(first, { jobs: this.#jobs, states: this.#states, isOpaque: this.#isOpaque });
  }

  /** The job that would be taken next runs alone; not the pieces of a split, which run beside each other. */
  isNextAlone(target: number): boolean {
    const next = this.#jobs[this.#states.next(target) ?? -1];
    return next?.alone !== undefined && next.piece === undefined;
  }

  /** A job has ended, after so many milliseconds. */
  learn({ batch }: Job, duration: number): void {
    if (batch !== undefined) this.#size.learn(duration);
  }

  #taken(target: number): Job | undefined {
    const id = this.#states.take(target);
    return id === undefined ? undefined : this.#jobs[id];
  }
}
