import type { StatementFailure } from './failure.js';
import type { Place } from './place.js';

/** So many characters of a statement are told: more than is shown, because secrets are masked before it is cut. */
export const TOLD_STATEMENT = 400;

/** What became of one statement. Times are milliseconds; `start` counts from the job's start. */
export interface StepResult {
  readonly step: number;
  /** Of a live script, whose statements are no steps. */
  readonly place?: Place;
  /** The beginning of the text that was sent, where the step does not tell it. */
  readonly statement?: string;
  /** The server's command tag, `INSERT 0 2500`; empty when the step failed. */
  readonly tag: string;
  /** Rows that the tag counts; 0 for commands without a count. */
  readonly rows: number;
  readonly start: number;
  readonly duration: number;
}

/** How a job ended, as the executor tells it. Plain data: it crosses threads. */
export interface JobOutcome {
  /** Connection (slot) that did it, from 0. */
  readonly connection: number;
  /** The server's process id of that connection; 0 when it never opened. */
  readonly backend: number;
  /** Steps that were sent and answered, in order. */
  readonly results: readonly StepResult[];
  /** Empty: done. With `keepGoing` a chain can have several; else there is one, the last step sent. */
  readonly failures: readonly StatementFailure[];
  readonly notices: readonly Notice[];
  /** Milliseconds, measured where the job ran. */
  readonly duration: number;
}

/** A NOTICE, WARNING, INFO … of the server. */
export interface Notice {
  readonly step: number;
  /** Of a live script, whose statements are no steps. */
  readonly place?: Place;
  /** Empty: the script's own words (`\warn`). */
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}
