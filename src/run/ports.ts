import type { ConnectionFailure, Failure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Edge } from '../model/plan.js';

/** What the run floor needs from outside. The db floor makes these real; tests make them of thin air. */

/** What was given to the executor is lost, as the failure says: not a bug. */
export class ExecutorLost extends Error {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export interface Executor {
  /** Opens a connection (again harmless). Resolves to why it could not be opened, in words; undefined: it is open. */
  open(connection: number): Promise<string | undefined>;
  /**
   * Does a job on one connection (0 … connections - 1, never two jobs at once on one) and tells how it ended.
   * Failures are in the outcome; a rejected promise is a bug in the executor. `parallelWorkers`: how many of the server's
   * own workers a statement may use; undefined: what the server thinks right.
   */
  execute(job: Job, connection: number, parallelWorkers?: number): Promise<JobOutcome>;
  /**
   * Does small jobs of one batch on one connection, one behind the other; a failure is that of its job alone. Outcomes
   * come in the order of the jobs.
   */
  executeBatch(
    jobs: readonly Job[],
    connection: number,
    parallelWorkers?: number,
  ): Promise<readonly JobOutcome[]>;
  /**
   * Does jobs on one connection, each once the one before has ended well; the first that fails is the last. `ended` is told
   * of each behind which the next has begun; the outcome of the last that was begun is the result.
   */
  executeChain(jobs: readonly Job[], connection: number, around: ChainSurroundings): Promise<JobOutcome>;
  /** Off: chains end with the job that runs now. */
  setChaining(isOn: boolean): void;
  /** Says goodbye on a connection that is not needed any more. */
  close(connection: number): Promise<void>;
  /** Cancels what runs, on the server; the outcomes of these jobs then come as usual. */
  cancel(): Promise<void>;
}

export interface ChainSurroundings {
  readonly parallelWorkers: number | undefined;
  readonly ended: (outcome: JobOutcome) => void;
}

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
}

/**
 * Finds anew the edges among the jobs behind an opaque barrier that has ended (`Job.alone`): those of its target with
 * higher ids. They replace every edge that led to or from these jobs; what nothing precedes then may start at once. Edges
 * from jobs that have ended are passed over. Nothing of that target runs until it answers.
 *
 * Undefined: the edges stay as they are. It is called once a barrier, for several targets perhaps at the same time. A rejection (the server is lost) ends the run
 * on that target. A barrier that failed with --keep-going is asked for, too: nobody knows what it did before it failed.
 */
export type Replanner = (barrier: Job) => Promise<readonly Edge[] | undefined>;

/**
 * Settles for which rows of a table a piece of a split is, when it begins (`Job.piece.unit` is `chunk`): the plan has only places
 * for such pieces.
 */
export interface Pieces {
  /**
   * The job with its rows; undefined: there are no more. Rejects with PieceUnknown where it cannot be known, which is the failure of
   * the job.
   */
  fill(job: Job): Promise<Job | undefined>;
  /** A job that was filled has ended. */
  ended(job: Job, outcome: JobOutcome): void;
}

/** What rows a piece is for cannot be known. */
export class PieceUnknown extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Several pqruns at work on one run: which of them does a job. The others have plans of their own, in which jobs may be cut otherwise;
 * what they all mean is the same parts of the scripts.
 */
export interface Claims {
  /**
   * Takes those of these jobs of which nobody else has taken anything. They come back without what others have done of them
   * already. Rejects when it cannot be known any more who does what.
   */
  take(jobs: readonly Job[]): Promise<readonly Job[]>;
  /** Of a job that could not be taken: what became of it elsewhere. Rejects as `take` does. */
  wait(job: Job): Promise<Elsewhere>;
  /** A job that was taken has not been done, and is left to others. */
  giveBack(job: Job): void;
  /** A job that was taken has failed, and nobody is to try it again. */
  fail(job: Job, message: string): void;
}

/** `free`: it, or the rest of it, can be taken now. */
export type Elsewhere = { readonly end: 'done' } | { readonly end: 'free' } | FailedElsewhere;

export interface FailedElsewhere {
  readonly end: 'failed';
  readonly message: string;
  /** The other pqrun, in words. */
  readonly by: string;
}
