import type { Next } from '../plan/auto/behind.js';

/**
 * Whether it is worth while to read the catalog again behind an opaque barrier. It takes tens of milliseconds, and where there
 * is much in the database more, which is as long as many small statements.
 *
 * So it may take a tenth of the time of the run, or a fifth of it where something comes that may take long, and so may gain by
 * overlapping; and a little from the start, because most runs have few such barriers. At first it is always worth while.
 */
export interface ReplanBudget {
  isWorth(next: Next): boolean;
  /** It was read and planned with, in so many milliseconds. */
  spend(milliseconds: number): void;
}

export class TimedBudget implements ReplanBudget {
  readonly #now: () => number;
  #began: number | undefined;
  #spent = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  isWorth({ isOpaque, mayTakeLong }: Next): boolean {
    // Asked for the first time while the first barrier ends.
    this.#began ??= this.#now();
    if (isOpaque) return false;
    const elapsed = this.#now() - this.#began;
    return mayTakeLong ? this.#spent <= elapsed / 5 + 300 : this.#spent <= elapsed / 10 + 100;
  }

  spend(milliseconds: number): void {
    this.#spent += milliseconds;
  }
}

/** Where others work on the run, too, the catalog shows what they do meanwhile, and would not be that of a moment that is known. */
export const NEVER: ReplanBudget = { isWorth: () => false, spend: () => undefined };
