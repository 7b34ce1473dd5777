import type { Job } from '../model/job.js';
import { BatchSize, canJoin } from './batch-size.js';
import type { JobStates } from './job-states.js';

/** Takes the most urgent ready job, and small ones that may go to a connection with it (batch-size.ts says how many). */
export class Batches {
  readonly #jobs: readonly Job[];
  readonly #states: JobStates;
  readonly #size = new BatchSize();

  constructor(jobs: readonly Job[], states: JobStates) {
    this.#jobs = jobs;
    this.#states = states;
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

  /** The job that would be taken next runs alone. */
  isNextAlone(target: number): boolean {
    return this.#jobs[this.#states.next(target) ?? -1]?.alone !== undefined;
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
