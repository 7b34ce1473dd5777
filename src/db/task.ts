import type { Failure, StatementFailure } from '../model/failure.js';
import type { TransactionMode } from '../model/job.js';
import type { Place } from '../model/place.js';
import type { CopyData, Echo, LiveScript, Show, TransactionControl } from '../model/script.js';
import type { OutputPart } from '../model/output.js';
import type { Notice, StepResult } from '../model/outcome.js';
import type { ConnectionSettings } from './settings/resolve.js';

/** What the main thread and the worker threads say to each other. All of it is plain, cloneable data. */

/** Given to every thread when it starts. */
export interface WorkerSetup {
  /** Databases, never none. Connections are numbered through them: the first has the first `connectionsPerTarget`. */
  readonly targets: readonly SessionTarget[];
  readonly connectionsPerTarget: number;
  readonly initSql: readonly InitStatement[];
  readonly exitSql: readonly string[];
  /** Undefined: nothing is recorded. */
  readonly journal?: JournalSetup | undefined;
  /** Of the channel over which threads have a look at silent connections (watchdog.ts). */
  readonly watchdog: string;
  /** One byte, shared: what is not to go on any more (`GOES_ON`, `NO_MORE_JOBS`, `NO_MORE_STEPS`). */
  readonly stop: SharedArrayBuffer;
  /** A byte by target, shared: an index into POOLERS, for connections that are opened from here on. */
  readonly poolers: SharedArrayBuffer;
  /** A 32-bit count by connection, shared: how many of its `output` messages the main thread has passed on. */
  readonly passedOn: SharedArrayBuffer;
}

/** Where what is done is recorded. */
export interface JournalSetup {
  readonly schema: string;
  readonly run: string;
  /** pqrun's. */
  readonly version: string;
  /** Of those that work on the run together, this one: 31 bits. Undefined: it works alone. */
  readonly participant?: number | undefined;
}

/** Where sessions lead. */
export interface SessionTarget {
  /** Of several, as messages call it. */
  readonly name?: string | undefined;
  readonly settings: ConnectionSettings;
  /** Server settings that every session begins with and RESET goes back to. */
  readonly serverSettings: Readonly<Record<string, string>>;
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
/**
 * The first task of a thread has with it what the run is: the thread may be older than its run (threads.ts), or in the place of
 * one that has ended.
 */
export type WorkerTask = TaskKind & { readonly setup?: WorkerSetup };

type TaskKind =
  /** Its thread is started, and nothing else. */
  | { readonly kind: 'start'; readonly connection: number }
  | { readonly kind: 'open'; readonly connection: number }
  | { readonly kind: 'job'; readonly connection: number; readonly job: JobMessage }
  /** Jobs of one step each, which need not be kept apart. */
  | {
      readonly kind: 'batch';
      readonly connection: number;
      readonly key: string;
      readonly jobs: readonly JobMessage[];
    }
  /** Jobs that wait for each other: each begins when the one before has ended well. */
  | { readonly kind: 'chain'; readonly connection: number; readonly jobs: readonly JobMessage[] }
  | { readonly kind: 'close'; readonly connection: number };

/** What sessions do about a pooler: at first nothing, because the control connection finds out; where it could not they ask themselves. */
export const POOLERS = ['unasked', 'there', 'ask'] as const;

/** Values of WorkerSetup's `stop`. */
export const GOES_ON = 0;
/** Chains end with the job that runs. */
export const NO_MORE_JOBS = 1;
/** The run is being cancelled: no job goes on with its next step. */
export const NO_MORE_STEPS = 2;

/** A job, ready to be sent. */
export interface JobMessage {
  readonly id: number;
  /** The application_name that a DBA sees while it runs. */
  readonly applicationName: string;
  readonly transaction: TransactionMode;
  /** The snapshot that its transaction reads. */
  readonly snapshot?: string;
  /** Settings that the run gives the session for this job: those of the script come later, and win. */
  readonly settings: readonly string[];
  readonly context: readonly string[];
  readonly steps: readonly StepMessage[];
  /** The script that the job is, instead of steps. */
  readonly live?: LiveMessage;
  /** Of a run over several targets. */
  readonly union?: UnionMessage;
  /** Jobs with the same key may share their session. */
  readonly shared?: string;
  /** What it leaves is taken away before it counts as done. */
  readonly holds?: boolean;
  /** Its session is not used again. */
  readonly spoils?: boolean;
  /** As people see it. */
  readonly name?: string;
  /** Of the server that the run has begun on; undefined: it may have restarted since. */
  readonly epoch?: string;
  /** How often it may be begun again. */
  readonly retries: number;
  /** After a failed step, go on with the next one, as psql does without ON_ERROR_STOP. */
  readonly keepGoing: boolean;
}

/** How the results of one target become part of the union of all. */
export interface UnionMessage {
  /** Its name is the first column of each row. */
  readonly targetColumn?: string;
  /** Rows go as JSON arrays, one a line, whatever the format: the main thread must look into them. */
  readonly isRaw: boolean;
  /** The first row goes at once: it may be all that is wanted. */
  readonly isUrgent: boolean;
}

export interface LiveMessage {
  readonly script: LiveScript;
  /** Results go into files of this name, with the number of the statement and an extension behind it. */
  readonly resultFiles?: string;
  /** With a journal: what is recorded behind its end. */
  readonly key?: string;
  /** Where its first statement stands, for what cannot be told from another. */
  readonly place: Place;
}

/** Of a job: steps that are committed, and recorded, as a whole. */
export interface UnitMessage {
  readonly key: string;
  /** Its first step. */
  readonly first: number;
  readonly record: 'with' | 'after';
}

export interface PipelinePart {
  readonly hasRows: boolean;
  readonly control: 'none' | 'begin' | 'commit' | 'rollback' | 'savepoint';
  /** It may take long, whatever was measured of others. */
  readonly isLarge?: true;
  /** It may stand in one message with others. */
  readonly sharesMessage?: true;
}

export interface StepMessage {
  /** With its `;`, where it ends in one. */
  readonly text: string;
  /** The values of its $1, $2 …; undefined: it has none. */
  readonly parameters?: readonly (string | null)[];
  readonly timeoutMs?: number;
  readonly show: Show;
  /** How it may be sent together with its neighbours; undefined: only by itself. */
  readonly pipeline?: PipelinePart;
  /** What it does to the transaction block; undefined: nothing. */
  readonly control?: TransactionControl;
  /** The server may not undo all of it when it fails. */
  readonly commitsWithin?: true;
  /** What it leaves in its session: something that can be done again on another, or not; undefined: nothing. */
  readonly leaves?: 'setting' | 'tied';
  /** With a journal: what is done once this step is. */
  readonly unit?: UnitMessage;
  /** `script:line`, where it is a unit's first. */
  readonly name?: string;
  /** Of a COPY … FROM STDIN; of several in one message, of each. */
  readonly data?: readonly CopyData[];
  /** Of a `\copy … to`: the file. */
  readonly copyTo?: string;
  /** The results go into this file. */
  readonly resultFile?: string;
  /** Printed instead of anything sent. */
  readonly echo?: Echo;
}

/**
 * How a task ended. `open` and `close` tasks have no results; `backend` of a `close` task is the one that was closed, 0
 * when there was none.
 */
export interface TaskResult {
  readonly backend: number;
  readonly results: readonly StepResult[];
  readonly failures: readonly TaskFailure[];
  readonly notices: readonly Notice[];
  readonly duration: number;
  /** How many `output` messages were posted for this task. */
  readonly outputs: number;
  /** What it printed behind those. */
  readonly rest: readonly OutputPart[];
}

/** How each job of a batch ended. */
export interface BatchResult {
  readonly jobs: readonly TaskResult[];
}

/** How the last job of a chain that began has ended. */
export interface ChainResult {
  /** How many jobs have ended before it: an `ended` message was posted for each. */
  readonly before: number;
  readonly last: TaskResult;
}

export type WorkerResult = TaskResult | BatchResult | ChainResult;

export interface TaskFailure {
  readonly failure: Failure;
  /** Index into the job's steps or, when `context` is true, into its context. */
  readonly step: number;
  readonly context: boolean;
  /** It is not the step that failed: the run's snapshot could not be taken over. */
  readonly isImport?: true;
  /** Of a live script, whose statements only its thread knows. */
  readonly located?: StatementFailure;
}

/** A connection that is ready for jobs: how many milliseconds it took to be let in, and then --init-sql. */
export interface Opening {
  readonly connection: number;
  readonly backend: number;
  readonly startup: number;
  readonly init: number;
}

/** A step failed, and the job is about to go on from it, or from the beginning of its transaction. */
export interface Retrying {
  readonly step: number;
  readonly failure: Failure;
  /** The number of the attempt that comes: 2 is the first repetition. */
  readonly attempt: number;
  /** Milliseconds until then. */
  readonly delay: number;
}

/** Posted by a thread while a task runs, beside Piscina's own answers. */
export type WorkerMessage =
  /** The server has let a connection in. It can be cancelled, and is not ready yet. */
  | { readonly kind: 'connected'; readonly connection: number; readonly backend: number }
  | ({ readonly kind: 'opened' } & Opening)
  | { readonly kind: 'lost'; readonly connection: number; readonly message: string }
  /** A job of a chain, behind which the next has begun. */
  | { readonly kind: 'ended'; readonly connection: number; readonly result: TaskResult }
  | ({ readonly kind: 'retrying'; readonly connection: number; readonly job: number } & Retrying)
  | {
      readonly kind: 'progress';
      readonly connection: number;
      readonly job: number;
      readonly stepsDone: number;
      readonly rows: number;
    }
  | {
      readonly kind: 'output';
      readonly connection: number;
      readonly job: number;
      readonly parts: readonly OutputPart[];
    };
