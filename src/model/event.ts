import type { Diagnostic } from './diagnostic.js';
import type { Failure, StatementFailure } from './failure.js';
import type { Piece } from './job.js';
import type { Notice } from './outcome.js';
import type { Place } from './place.js';

/**
 * The event stream of a run: one fact an event, in the order they happened. Reporters fold it and never talk back;
 * `--events FILE` writes it as NDJSON, one object a line, exactly these fields. `at` is milliseconds since the run
 * began. Events are plain JSON data without secrets. New kinds and new fields may come; none changes its meaning.
 */
export type RunEvent =
  | RunStarted
  | PlanReady
  | JournalRead
  | ConnectionOpened
  | ConnectionLost
  | ConnectionClosed
  | SplitCut
  | JobStarted
  | JobProgress
  | JobRetrying
  | NoticeReceived
  | StatementFinished
  | JobFinished
  | JobFailed
  | JobDoneElsewhere
  | JobUnneeded
  | JobSkipped
  | RunCancelling
  | RunDraining
  | RunPaused
  | RunResumed
  | RunFinished
  | WarningRaised;

interface EventBase {
  readonly at: number;
}

/** The first event. */
export interface RunStarted extends EventBase {
  readonly type: 'run-started';
  /** Wall-clock time, ISO 8601. */
  readonly time: string;
  readonly version: string;
  readonly inputs: readonly string[];
  /** Where it goes, without a password: `postgres@localhost:5432/shop`. */
  readonly target: string;
  /** Names of the databases that it goes to, where they have any. */
  readonly targets?: readonly string[];
  readonly connections: number;
}

/** Everything is read, split and checked; nothing has been sent yet. */
export interface PlanReady extends EventBase {
  readonly type: 'plan-ready';
  readonly scripts: number;
  readonly statements: number;
  /** Without gates, and without pieces of tables, which are counted when they begin. */
  readonly jobs: number;
  /** Splits over tables, whose pieces are counted when they begin; undefined: there are none. */
  readonly splits?: number;
  /** Sum of all job weights, and the weight of the heaviest path. */
  readonly weight: number;
  readonly criticalPath: number;
  /** Sum of the rows that the splits announce; undefined when there is no split. */
  readonly rows?: number;
}

/** With a journal: what a run before has done already, and is not in the plan any more. */
export interface JournalRead extends EventBase {
  readonly type: 'journal-read';
  readonly run: string;
  readonly schema: string;
  /** Statements, transaction blocks and pieces of splits that are done. */
  readonly before: number;
  /** Of these all that there are. */
  readonly units: number;
  /** How many other pqruns are at work on the run. */
  readonly others?: number;
}

/** A connection is ready for jobs. Told again when it is renewed. */
export interface ConnectionOpened extends EventBase {
  readonly type: 'connection-opened';
  readonly connection: number;
  readonly backend: number;
  /** Milliseconds until the server let it in, and then in --init-sql. */
  readonly startup: number;
  readonly init: number;
}

export interface ConnectionLost extends EventBase {
  readonly type: 'connection-lost';
  readonly connection: number;
  readonly message: string;
}

/** The run has said goodbye on a connection. A lost one is not told again. */
export interface ConnectionClosed extends EventBase {
  readonly type: 'connection-closed';
  readonly connection: number;
  /** Milliseconds in --exit-sql and the goodbye itself. */
  readonly exit: number;
}

/** The table of a split has been looked at, before its first piece begins. */
export interface SplitCut extends EventBase {
  readonly type: 'split-cut';
  /** The split's, `backfill.sql:12`. */
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  /** About so many are in the table. */
  readonly rows: number;
  /** Undefined: their size is found while they run. */
  readonly pieces?: number;
  /** What the boundaries come from, in words. */
  readonly source: string;
}

/** A job began on a connection. */
export interface JobStarted extends EventBase {
  readonly type: 'job-started';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly connection: number;
  readonly steps: number;
  readonly weight: number;
  /** The piece of a split: its number (from 0), how many there are, its rows and their inclusive bounds, or its record. */
  readonly piece?: Piece;
  /** How many of the server's parallel workers each of its statements may use; undefined where pqrun does not say. */
  readonly parallelWorkers?: number;
}

/** Now and then while a job of many steps runs: how far it is. */
export interface JobProgress extends EventBase {
  readonly type: 'job-progress';
  readonly job: number;
  readonly connection: number;
  readonly stepsDone: number;
  readonly rows: number;
  /** The statement that runs now. */
  readonly place: Place;
}

/** A statement of a job failed, the server undid it, and it will be sent again; in a transaction block all of that is. */
export interface JobRetrying extends EventBase {
  readonly type: 'job-retrying';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly connection: number;
  /** The statement that failed. */
  readonly place: Place;
  readonly failure: Failure;
  /** The number of the attempt that comes: 2 is the first repetition. */
  readonly attempt: number;
  /** Milliseconds until then. */
  readonly delay: number;
}

export interface NoticeReceived extends EventBase {
  readonly type: 'notice';
  readonly job: number;
  readonly place: Place;
  readonly notice: Notice;
}

/** One statement is done; told when its job ends. `at` is the moment the statement ended. */
export interface StatementFinished extends EventBase {
  readonly type: 'statement-finished';
  readonly job: number;
  readonly place: Place;
  /** The beginning of its text, on one line. */
  readonly statement: string;
  readonly tag: string;
  readonly rows: number;
  readonly duration: number;
}

export interface JobFinished extends EventBase {
  readonly type: 'job-finished';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly connection: number;
  readonly weight: number;
  readonly rows: number;
  readonly duration: number;
}

export interface JobFailed extends EventBase {
  readonly type: 'job-failed';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly connection: number;
  readonly weight: number;
  readonly rows: number;
  readonly duration: number;
  readonly failures: readonly StatementFailure[];
  /** True when the failure is only pqrun's own cancelling (Ctrl-C). */
  readonly cancelled: boolean;
}

/** With --join: another pqrun has done it. */
export interface JobDoneElsewhere extends EventBase {
  readonly type: 'job-done-elsewhere';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly weight: number;
}

/**
 * A plan has places for more pieces of a table than there may be of need (`split range=`, `blocks=`): there were no rows left for
 * this one. `plan-ready` does not count such places as jobs; each piece that begins is one.
 */
export interface JobUnneeded extends EventBase {
  readonly type: 'job-unneeded';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly weight: number;
}

/** A job that will not run. */
export interface JobSkipped extends EventBase {
  readonly type: 'job-skipped';
  readonly job: number;
  readonly name: string;
  /** The target that it is for, where they have names. */
  readonly target?: string;
  readonly weight: number;
  /**
   * `dependency`: something it needs failed, or its database cannot be reached; `stopped`: nothing new starts any more;
   * `elsewhere`: it failed in another pqrun of the run.
   */
  readonly reason: 'dependency' | 'stopped' | 'elsewhere';
  /** The job whose failure is the root cause, when there is one. */
  readonly cause?: number;
}

/** Nothing new starts; running statements are being cancelled on the server. */
export interface RunCancelling extends EventBase {
  readonly type: 'run-cancelling';
  /** `SIGINT`, `SIGTERM`, … or a cause in words. */
  readonly reason: string;
}

/** With --drain: nothing new starts, and what runs is waited for. */
export interface RunDraining extends EventBase {
  readonly type: 'run-draining';
  /** `SIGINT`, `SIGTERM`, … */
  readonly reason: string;
}

/** Nothing new starts for a while (--pause-when and its kin); what runs goes on. */
export interface RunPaused extends EventBase {
  readonly type: 'run-paused';
  /** `replica lag 12.0 s` */
  readonly reason: string;
}

export interface RunResumed extends EventBase {
  readonly type: 'run-resumed';
  /** Milliseconds that it was paused. */
  readonly paused: number;
}

/** The last event. */
export interface RunFinished extends EventBase {
  readonly type: 'run-finished';
  readonly status: RunStatus;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

export type RunStatus = 'done' | 'failed' | 'interrupted';

/** Something the user should know, that stops nothing. */
export interface WarningRaised extends EventBase {
  readonly type: 'warning';
  readonly diagnostic: Diagnostic;
}

/** Listeners get every event in order. What they throw is reported as a warning and cannot break the run. */
export type Listener = (event: RunEvent) => void;
