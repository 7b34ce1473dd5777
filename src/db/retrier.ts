import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../model/failure.js';
import { retryDelay, retryRule } from '../run/retry.js';
import type { Retrying } from './task.js';

/**
 * Counts the attempts of one job, and waits between them. A job of many steps that gets ahead between its failures begins to
 * count anew: each step has as many attempts as the job is granted.
 */
export class Retrier {
  readonly #retries: number;
  readonly #around: RetrySurroundings;
  #attempts = 1;
  /** The furthest step that has failed. */
  #step = -1;

  constructor(retries: number, around: RetrySurroundings) {
    this.#retries = retries;
    this.#around = around;
  }

  /** Tells and waits; false, at once, where another attempt would be in vain, is not granted, or the run is being cancelled. */
  async again(step: number, failure: Failure): Promise<boolean> {
    const rule = retryRule(failure);
    if (rule === undefined || this.#around.stopped()) return false;
    if (step > this.#step) this.#attempts = 1;
    this.#step = Math.max(step, this.#step);
    if (this.#attempts > this.#retries) return false;
    this.#attempts += 1;
    const delay = retryDelay(rule, this.#attempts, Math.random());
    this.#around.retrying({ step, failure, attempt: this.#attempts, delay });
    return this.#wait(delay);
  }

  async #wait(delay: number): Promise<boolean> {
    const end = performance.now() + delay;
    for (let left = delay; left > 0; left = end - performance.now()) {
      await sleep(Math.min(left, LOOK_INTERVAL));
      if (this.#around.stopped()) return false;
    }
    return true;
  }
}

export interface RetrySurroundings {
  /** The run is being cancelled. */
  readonly stopped: () => boolean;
  /** Told before the wait. */
  readonly retrying: (told: Retrying) => void;
}

/** Milliseconds within which a cancelled run is noticed. */
const LOOK_INTERVAL = 50;
