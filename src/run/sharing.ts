import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import { wordsOf } from './job-failures.js';
import type { Claims, Elsewhere } from './ports.js';

/**
 * Jobs of a run on which other pqruns work, too: each is claimed before it starts, and one that another has is waited for. Until its
 * end is known it counts as running, so that what comes behind it in the written order is not ready; it has no connection meanwhile.
 *
 * It knows nothing of states and connections; what an end elsewhere means is up to whoever is told of it.
 */
export class Sharing {
  readonly #claims: Claims;
  readonly #told: Told;
  readonly #elsewhere = new Set<Job>();
  #isOver = false;

  constructor(claims: Claims, told: Told) {
    this.#claims = claims;
    this.#told = told;
  }

  /** Those that are ours now, perhaps without what is done of them. The others are waited for. */
  async take(jobs: readonly Job[]): Promise<readonly Job[]> {
    const own = await this.#claims.take(jobs).catch((error: unknown) => {
      this.#break(jobs, error);
      return undefined;
    });
    if (own === undefined) return [];
    // The run has stopped meanwhile: they will not be begun.
    if (this.#isOver) for (const job of own) this.#claims.giveBack(job);
    const taken = new Set(this.#isOver ? [] : own.map(({ id }) => id));
    for (const job of jobs) if (!taken.has(job.id)) this.#wait(job);
    return own.filter(({ id }) => taken.has(id));
  }

  /** A job that was taken is not needed. */
  passOver(job: Job): void {
    this.#claims.giveBack(job);
  }

  /** A job that was taken has ended. */
  ended(job: Job, { failures: [first] }: JobOutcome, isCancelled: boolean): void {
    if (first === undefined) return;
    if (isCancelled) this.#claims.giveBack(job);
    else this.#claims.fail(job, first.failure.message);
  }

  /** Waits no more for what others do. Returns the jobs that were waited for. */
  giveUp(): readonly Job[] {
    this.#isOver = true;
    const jobs = [...this.#elsewhere];
    this.#elsewhere.clear();
    return jobs;
  }

  #wait(job: Job): void {
    if (this.#isOver) {
      this.#told.heard(job, { end: 'free' });
      return;
    }
    this.#elsewhere.add(job);
    void this.#claims
      .wait(job)
      .then((elsewhere) => {
        if (this.#elsewhere.delete(job)) this.#told.heard(job, elsewhere);
      })
      .catch((error: unknown) => {
        if (this.#elsewhere.delete(job)) this.#break([job], error);
      });
  }

  #break(jobs: readonly Job[], error: unknown): void {
    const isFirst = !this.#isOver;
    this.#isOver = true;
    // It ends the run, so that nothing of them is begun.
    if (isFirst) this.#told.broken(wordsOf(error));
    for (const job of jobs) this.#told.heard(job, { end: 'free' });
  }
}

export interface Told {
  heard(job: Job, elsewhere: Elsewhere): void;
  /** Who does what cannot be known any more. */
  broken(message: string): void;
}
