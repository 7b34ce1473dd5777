import type { RunStatus } from '../model/event.js';
import type { FailedJob } from '../report/run-summary.js';

/** How a run ended. */
export interface RunResult {
  readonly status: RunStatus;
  readonly jobs: { readonly done: number; readonly failed: number; readonly skipped: number };
  /** That are done; a split is one. */
  readonly statements: number;
  /** Rows that the command tags count. */
  readonly rows: number;
  /** Milliseconds from the first job's start to the end, and the sum of all jobs' times. */
  readonly wall: number;
  readonly jobTime: number;
  /** The first hundred, root causes only, the earliest first. */
  readonly failures: readonly FailedJob[];
}
