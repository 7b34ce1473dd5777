import type { Failure } from '../../model/failure.js';

/** One of several databases failed: which, and why. Passwords are masked in its texts. */
export class TargetError extends Error {
  /** The name of the target. */
  readonly target: string;
  /** Why: the server's words with SQLSTATE, detail, hint and so on, or what became of the connection. */
  readonly failure: Failure;
  /** What else failed in the same query, in the order in which it did. */
  readonly errors: readonly TargetError[];

  constructor(target: string, failure: Failure, errors: readonly TargetError[] = []) {
    super(`${target}: ${failure.message}`);
    this.name = 'TargetError';
    this.target = target;
    this.failure = failure;
    this.errors = errors;
  }
}
