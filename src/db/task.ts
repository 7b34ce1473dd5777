import type { Failure, StatementFailure } from '../model/failure.js';
import type { TransactionMode } from '../model/job.js';
import type { Place } from '../model/place.js';
import type { CopyData, Echo, LiveScript, Show } from '../model/script.js';
import type { Notice, StepResult } from '../model/outcome.js';
import type { ConnectionSettings } from './settings/resolve.js';

/** What the main thread and the worker threads say to each other. All of it is plain, cloneable data. */

/** Given to every thread when it starts. */
export interface WorkerSetup {
  readonly settings: ConnectionSettings;
  /** Server settings that every session begins with and RESET goes back to. */
  readonly serverSettings: Readonly<Record<string, string>>;
  readonly initSql: readonly InitStatement[];
  readonly exitSql: readonly string[];
  /** One byte, shared: 1 once the run is being cancelled, so that no chain goes on with its next step. */
  readonly stop: SharedArrayBuffer;
}

export interface InitStatement {
  readonly text: string;
  /**
   * `setting`: replayed when the session is reset; `tied`: something a reset would destroy, so the connection is
   * renewed instead.
   */
  readonly session: 'none' | 'setting' | 'tied';
}

/** A Piscina task, for one of the thread's connections. */
export type WorkerTask =
  | { readonly kind: 'open'; readonly connection: number }
  | { readonly kind: 'job'; readonly connection: number; readonly job: JobMessage }
  /** Jobs of one step each, which need not be kept apart. */
  | {
      readonly kind: 'batch';
      readonly connection: number;
      readonly key: string;
      readonly jobs: readonly JobMessage[];
    }
  | { readonly kind: 'close'; readonly connection: number };

/** A job, ready to be sent. */
export interface JobMessage {
  readonly id: number;
  /** The application_name that a DBA sees while it runs. */
  readonly applicationName: string;
  readonly transaction: TransactionMode;
  /** Settings that the run gives the session for this job: those of the script come later, and win. */
  readonly settings: readonly string[];
  readonly context: readonly string[];
  readonly steps: readonly StepMessage[];
  /** The script that the job is, instead of steps. */
  readonly live?: LiveMessage;
  /** After a failed step, go on with the next one, as psql does without ON_ERROR_STOP. */
  readonly keepGoing: boolean;
}

export interface LiveMessage {
  readonly script: LiveScript;
  /** Where its first statement stands, for what cannot be told from another. */
  readonly place: Place;
}

export interface PipelinePart {
  readonly hasRows: boolean;
  readonly control: 'none' | 'begin' | 'commit' | 'rollback' | 'savepoint';
}

export interface StepMessage {
  readonly text: string;
  readonly timeoutMs?: number;
  readonly show: Show;
  /** How it may be sent together with its neighbours; undefined: only by itself. */
  readonly pipeline?: PipelinePart;
  /** As `show.echo` prints it, where that is not the text. */
  readonly terminated: boolean;
  /** Of a COPY … FROM STDIN; of several in one message, of each. */
  readonly data?: readonly CopyData[];
  /** Of a `\copy … to`: the file. */
  readonly copyTo?: string;
  /** Printed instead of anything sent. */
  readonly echo?: Echo;
}

/** How a task ended. `open` and `close` tasks have no results. */
export interface TaskResult {
  readonly backend: number;
  readonly results: readonly StepResult[];
  readonly failures: readonly TaskFailure[];
  readonly notices: readonly Notice[];
  readonly duration: number;
  /** How many `output` messages were posted for this task. */
  readonly outputs: number;
}

/** How each job of a batch ended, with what it printed. */
export interface BatchResult {
  readonly jobs: readonly (TaskResult & { readonly texts: readonly string[] })[];
}

export interface TaskFailure {
  readonly failure: Failure;
  /** Index into the job's steps or, when `context` is true, into its context. */
  readonly step: number;
  readonly context: boolean;
  /** Of a live script, whose statements only its thread knows. */
  readonly located?: StatementFailure;
}

/** Posted by a thread while a task runs, beside Piscina's own answers. */
export type WorkerMessage =
  | { readonly kind: 'opened'; readonly connection: number; readonly backend: number }
  | { readonly kind: 'lost'; readonly connection: number; readonly message: string }
  | {
      readonly kind: 'progress';
      readonly connection: number;
      readonly job: number;
      readonly stepsDone: number;
      readonly rows: number;
    }
  | { readonly kind: 'output'; readonly job: number; readonly text: string };
