import type { RunEvent } from '../model/event.js';
import type { Pausing } from './kindness.js';
import type { Rate } from './options.js';

/**
 * Holds a run back to a rate: all that is done pushes the moment on at which the next job may begin. What runs goes on.
 *
 * How many rows a job has is known when it ends; so the first jobs of all connections may go faster, and what comes behind them waits
 * for as long as that takes at the rate. What was not used up is not saved for later.
 */
export class MaxRate {
  readonly #rate: Rate;
  readonly #run: Pausing;
  readonly #now: () => number;
  /** Milliseconds: until then what has been done takes its time. */
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now`: the clock of the events. */
  constructor(rate: Rate, run: Pausing, now: () => number) {
    this.#rate = rate;
    this.#run = run;
    this.#now = now;
  }

  hear(event: RunEvent): void {
    if ('jobs' in this.#rate) {
      if (event.type === 'job-started') this.#owe(1000 / this.#rate.jobs, event.at);
    } else if (event.type === 'job-finished' || event.type === 'job-failed')
      this.#owe((event.rows * 1000) / this.#rate.rows, event.at - event.duration);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #owe(time: number, from: number): void {
    this.#until = Math.max(this.#until, from) + time;
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const wait = this.#until - this.#now();
    if (wait < LEAST) {
      this.#run.resume('rate');
      return;
    }
    this.#run.pause('rate', wait < TOLD ? undefined : `not more than ${rateText(this.#rate)}`);
    this.#timer = setTimeout(() => this.#wait(), Math.min(Math.ceil(wait), LONGEST));
  }
}

function rateText(rate: Rate): string {
  return 'jobs' in rate ? `${rate.jobs} jobs/s` : `${rate.rows} rows/s`;
}

/** Milliseconds: a timer is not more exact; shorter pauses are not told of; a timer takes no more. */
const LEAST = 1;
const TOLD = 1000;
const LONGEST = 2 ** 31 - 1;
