import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Pieces } from './ports.js';
import type { SchedulerPorts } from './scheduler-options.js';
import { Sharing, type Told } from './sharing.js';

/**
 * What is to be settled about jobs between the moment when they are chosen and the one when they start: whether they are ours, where
 * other pqruns work on the run, too; and for which rows the piece of a table is.
 *
 * It knows nothing of states and connections.
 */
export class Taking {
  readonly #sharing: Sharing | undefined;
  readonly #pieces: Pieces | undefined;

  constructor({ claims, pieces }: Pick<SchedulerPorts, 'claims' | 'pieces'>, told: Told) {
    this.#sharing = claims && new Sharing(claims, told);
    this.#pieces = pieces;
  }

  get isShared(): boolean {
    return this.#sharing !== undefined;
  }

  /** Undefined: there is nothing to settle, they can start at once. Never rejects. */
  take(batch: readonly Job[]): Promise<Taken> | undefined {
    const [first] = batch;
    const isPlace = first?.piece?.unit === 'chunk' && first.piece.chunk === undefined;
    if (isPlace) return this.#fill(first);
    return this.#sharing?.take(batch).then((own) => ({ own, unneeded: [] }));
  }

  /** A job that was taken has ended. */
  ended(job: Job, outcome: JobOutcome, isCancelled: boolean): void {
    this.#sharing?.ended(job, outcome, isCancelled);
    if (job.piece?.unit === 'chunk') this.#pieces?.ended(job, outcome);
  }

  /** Jobs that were taken will not be begun here. */
  giveBack(jobs: readonly Job[]): void {
    for (const job of jobs) this.#sharing?.passOver(job);
  }

  /** Waits no more for what other pqruns do. Returns the jobs that were waited for. */
  giveUp(): readonly Job[] {
    return this.#sharing?.giveUp() ?? [];
  }

  /** Pieces go one by one: they belong to no batch. What they are is the same for all pqruns of a run. */
  async #fill(job: Job): Promise<Taken> {
    try {
      const filled = await this.#pieces?.fill(job);
      if (filled === undefined) return { own: [], unneeded: [job] };
      const own = this.#sharing === undefined ? [filled] : await this.#sharing.take([filled]);
      return { own, unneeded: [] };
    } catch (error) {
      return { own: [], unneeded: [], failed: { job, error } };
    }
  }
}

export interface Taken {
  /** To be started. */
  readonly own: readonly Job[];
  /** Pieces for which no rows are left. */
  readonly unneeded: readonly Job[];
  /** A piece of which nobody can tell what it is. */
  readonly failed?: { readonly job: Job; readonly error: unknown };
}
