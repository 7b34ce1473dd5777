import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Edge } from '../model/plan.js';
import type { Lane } from './lane.js';
import type { Replanner } from './ports.js';
import type { SchedulerPorts } from './scheduler-options.js';
import { isFatal } from './job-failures.js';

/**
 * Opaque barriers that have ended, and whose edges to what is behind them are being found anew. Until the answer is there
 * such a job still counts as running, so that nothing behind it is ready.
 *
 * It knows nothing of states and connections; what an answer means is up to whoever asked.
 */
export class Replans {
  readonly #replan: Replanner | undefined;
  readonly #isOpaque: (job: Job) => boolean;
  readonly #keepGoing: boolean;
  readonly #asked = new Map<Job, EndState>();

  constructor(
    { replan, isOpaque }: Pick<SchedulerPorts, 'replan' | 'isOpaque'>,
    { keepGoing }: { readonly keepGoing: boolean },
  ) {
    this.#replan = replan;
    this.#isOpaque = isOpaque ?? (({ alone }) => alone?.isOpaque === true);
    this.#keepGoing = keepGoing;
  }

  /** Whether the edges behind a job may have to be found anew; this may change with every answer. */
  mayBeWanted(job: Job): boolean {
    return this.#replan !== undefined && this.#isOpaque(job);
  }

  /** Whether the edges behind a job that ended so have to be found anew, as long as the run goes on. */
  isWanted(job: Job, outcome: JobOutcome): boolean {
    if (!this.mayBeWanted(job)) return false;
    return outcome.failures.length === 0 || (this.#keepGoing && !isFatal(outcome));
  }

  /** Resolves to the edges (undefined: they stay as they are), or to why there are none; to undefined when nobody waits for them any more. */
  async ask(barrier: Job, state: EndState): Promise<Answer | undefined> {
    this.#asked.set(barrier, state);
    const answer = await this.#answer(barrier);
    return this.#asked.delete(barrier) ? answer : undefined;
  }

  /** Waits no more. Returns the barriers, and how each ended. */
  giveUp(): readonly (readonly [Job, EndState])[] {
    const asked = [...this.#asked];
    this.#asked.clear();
    return asked;
  }

  async #answer(barrier: Job): Promise<Answer> {
    try {
      return { edges: await this.#replan?.(barrier) };
    } catch (error) {
      return { error };
    }
  }
}

export type EndState = 'done' | 'failed';

export type Answer = { readonly edges: readonly Edge[] | undefined } | { readonly error: unknown };

/** How a barrier ended, and what is known of the edges behind it. */
export interface Replanned {
  readonly state: EndState;
  readonly lane: Lane;
  /** Undefined: the run stopped meanwhile. */
  readonly answer: Answer | undefined;
}

/** How a job ended. */
export interface Ending {
  readonly state: EndState;
  readonly lane: Lane;
  /** The edges behind it have to be found anew. */
  readonly isReplanned: boolean;
}
