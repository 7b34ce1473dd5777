import type { Failure } from '../model/failure.js';
import type { StepMessage } from './task.js';

/**
 * How far back a job must go when one of its steps has failed, so that what is done again is exactly what the server has
 * undone.
 *
 * A step outside of a transaction block is undone alone; one inside takes everything since the beginning of its block along.
 * What the server does not undo as a whole is not done again: statements that it keeps out of transaction blocks, procedures
 * and DO blocks that may commit in between, several statements in one message.
 *
 * Where the connection broke before an answer, a transaction that was not being committed is rolled back; one that may have
 * been is in doubt.
 *
 * It knows neither sessions nor times, and not whether another attempt is worth while (run/retry.ts).
 */
export class Redo {
  readonly #steps: readonly StepMessage[];
  /** All steps are one transaction. */
  readonly #isSingle: boolean;
  /** Step that the open block began with; undefined: there is none, or nobody can say. */
  #blockStart: number | undefined;
  /** A block is open behind what was sent last. */
  #inBlock = false;
  /** The block was begun around its steps, and is committed by whoever began it. */
  #isEntered = false;

  constructor(steps: readonly StepMessage[], isSingle: boolean) {
    this.#steps = steps;
    this.#isSingle = isSingle;
    this.#blockStart = isSingle ? 0 : undefined;
  }

  /** A step is sent by itself; `inBlock`: a block is open in front of it. */
  follow(step: number, inBlock: boolean): void {
    this.#inBlock = opensBlock(this.#steps[step], inBlock);
    if (this.#isSingle) return;
    if (!inBlock) this.#isEntered = false;
    if (!inBlock) this.#blockStart = isWhole(this.#steps[step]) ? step : undefined;
    else if (!isWhole(this.#steps[step])) this.#blockStart = undefined;
  }

  /** A block is begun in front of a step, which it does not say itself. */
  enter(step: number): void {
    this.#blockStart = step;
    this.#isEntered = true;
    this.#inBlock = true;
  }

  /** Where the transaction begins that was sent last, or is open. */
  get start(): number | undefined {
    return this.#blockStart;
  }

  /** What stands in front of the next step, for when the session that would tell is lost. */
  get inBlock(): boolean {
    return this.#inBlock;
  }

  /** Steps were sent in one go, and the one at `failed` was answered by a failure, or by nothing. */
  followTo(failed: number, first: number, inBlock: boolean): void {
    let isOpen = inBlock;
    for (let step = first; step <= failed; step++) {
      this.follow(step, isOpen);
      isOpen = this.#inBlock;
    }
  }

  /**
   * `failed` failed; it was sent together with those up to `last`. The step to go on from; `unknown`: what the server has made
   * of it is not known; undefined: it cannot be done again.
   */
  from(failure: Failure, { failed, last }: { readonly failed: number; readonly last: number }): RedoPoint {
    const start = this.#blockStart;
    const isInDoubt = failure.kind === 'connection' && failure.inDoubt === true;
    if (!isInDoubt) return start;
    return start === undefined || this.#mayHaveCommitted(start, failed, last) ? 'unknown' : start;
  }

  /** Whether something of what was sent and got no answer ends a transaction. */
  #mayHaveCommitted(start: number, failed: number, last: number): boolean {
    if (this.#isSingle) return failed >= this.#steps.length;
    const unanswered = this.#steps.slice(failed, last + 1);
    const isBlock = this.#isEntered || start < failed || controlOf(this.#steps[start]) === 'begin';
    return !isBlock || unanswered.some((step) => ENDS.has(controlOf(step)) || !isWhole(step));
  }
}

export type RedoPoint = number | 'unknown' | undefined;

const ENDS: ReadonlySet<string> = new Set(['commit', 'rollback', 'prepare']);

function opensBlock(step: StepMessage | undefined, inBlock: boolean): boolean {
  const control = controlOf(step);
  if (control === 'begin') return true;
  return inBlock && control !== 'commit' && control !== 'rollback' && control !== 'prepare';
}

function controlOf(step: StepMessage | undefined): string {
  return step?.control ?? 'none';
}

/** Undefined is what ends a job that is one transaction. */
function isWhole(step: StepMessage | undefined): boolean {
  return step?.commitsWithin !== true;
}
