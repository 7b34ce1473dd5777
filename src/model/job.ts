import type { Place } from './place.js';
import type { CopyData, LiveScript, Statement } from './script.js';

/**
 * A job is what one connection does in one go: a statement, a transaction block, a chain, or one piece of a split.
 * A job with neither steps nor a live script is a gate: it runs nothing and is there to join many edges in one point.
 */
export interface Job {
  /** Dense, from 0, in the written order. */
  readonly id: number;
  /** What people see: `02-load.sql:12`, with the piece `[3/8]`, or the label. */
  readonly name: string;
  /** The script it comes from; undefined for a gate. */
  readonly script: number | undefined;
  /** In the written order. */
  readonly steps: readonly Step[];
  readonly transaction: TransactionMode;
  /** Settings that the script's statements before it left in force, to be replayed in order on the job's connection. */
  readonly context: readonly Step[];
  readonly piece?: Piece;
  /** A script that is read while it runs; there are no steps then. */
  readonly live?: LiveScript;
  /** Of a run over several databases: the one that it goes to. */
  readonly target?: TargetRef;
  /** Jobs that do the same on all targets, and whose results are one: they have the same number. */
  readonly union?: number;
  /** Small jobs with the same key may go to a connection together; undefined: this one goes alone. */
  readonly batch?: string;
  /** It may leave something in its session that no reset takes away: the connection is closed behind it. */
  readonly spoils?: boolean;
  /**
   * It may leave what others would meet (locks, temporary objects that rest on a table): its session ends with it, as psql's
   * would.
   */
  readonly holds?: boolean;
  /** Jobs of one script with the same key may follow each other in one session without a reset in between. */
  readonly session?: string;
  /** By step: where its results go, if not to the run's output, without the extension; of a live script one name for all. */
  readonly resultFiles?: readonly string[];
  /** Why it runs alone: all before it is finished, nothing after it has begun; undefined: it may overlap. */
  readonly alone?: Alone;
  /** Why its statements are one job, where they might have been several; undefined: there is one, or its order says so. */
  readonly together?: Together;
  /** Its statements may stand in one message to the server: none of them can tell. */
  readonly sharesMessage?: boolean;
  /** The expected cost, in any unit as long as all jobs of the plan use the same. Gates cost 0. */
  readonly weight: number;
}

/** A barrier, and what its author could do about it. */
export interface Alone {
  readonly reason: string;
  /** A directive, or another way to write it, that would let it overlap; undefined: there is none. */
  readonly remedy?: string;
  /** What it did to the catalog cannot be told from its text: edges behind it are found once it is done. */
  readonly isOpaque: boolean;
}

/** What makes one job of several statements, and what could be done about it; undefined: nothing is to be gained. */
export interface Together {
  /** `one session` */
  readonly reason: string;
  /** What makes it necessary: `load.sql:3 makes what only its session has`. */
  readonly because?: string;
  readonly remedy?: string;
}

/** One of the databases that a run goes to, by its place among them (from 0) and its name. */
export interface TargetRef {
  readonly index: number;
  readonly name: string;
}

/** A piece's name without its number: `load.sql:12 [3/8]@eu` is one of `load.sql:12@eu`. */
export function splitName(name: string): string {
  return name.replace(/ \[\d+(?:\/\d+)?\](?=@[^@]*$|$)/, '');
}

/** As events name it. */
export function targetName({ target }: Job): { readonly target?: string } {
  return target === undefined ? {} : { target: target.name };
}

/** A job that must be there. */
export function jobAt(jobs: readonly Job[], index: number): Job {
  const job = jobs[index];
  if (job === undefined) throw new RangeError(`no job ${index}`);
  return job;
}

/** True for a job that runs nothing and only joins edges. */
export function isGate(job: Job): boolean {
  return job.steps.length === 0 && job.live === undefined;
}

/**
 * `each`: every step is sent as psql sends it and commits by itself (explicit blocks in the steps included);
 * `single`: the steps are one transaction (`--single-transaction`, `--snapshot`).
 */
export type TransactionMode = 'each' | 'single';

export interface Step {
  readonly statement: Statement;
  /** Values for the slots of the statement's text; undefined when it has none. */
  readonly values?: SlotValues;
  /** Some of these values stand in the text as they are, and may make another kind of statement of it. */
  readonly isLoose?: boolean;
  /** The values of $1, $2 …, as text; null for NULL. Undefined: it is no statement with parameters. */
  readonly parameters?: readonly (string | null)[];
  /** A piece of the statement's data; undefined: all. */
  readonly data?: CopyData;
  readonly place: Place;
}

/** The values of a piece: `{ rows: '2500', lo: '1', hi: '2500', job: '0', jobs: '8' }`; null for NULL. */
export type SlotValues = Readonly<Record<string, string | null>>;

/** One piece of a split, or of the data of one COPY. */
export type Piece = RangePiece | RecordPiece | ChunkPiece;

/** One of the records that a statement is run for. */
export interface RecordPiece {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  readonly unit: 'record';
  /** The file that the record stands in, and its line there; undefined: it is of a list or a query. */
  readonly file?: string;
  readonly line?: number;
}

/** A share of a table's rows. Which they are is settled when the piece begins. */
export interface ChunkPiece {
  /** From 0. */
  readonly index: number;
  /** 0: not known yet, or never before the end. */
  readonly count: number;
  readonly unit: 'chunk';
  /** About so many; 0: not known. */
  readonly rows: number;
  /** The predicate, `("id" >= 100 AND "id" < 200)`, behind the partition's name where it is of one; undefined: not known yet. */
  readonly chunk?: string;
}

export interface RangePiece {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** What it is so many of: rows of the series 1..N, or lines of the file. */
  readonly unit: 'rows' | 'lines';
  /** Rows of this piece; 0: not known before it is loaded. */
  readonly rows: number;
  /** Inclusive bounds, from 1, or within a series that begins elsewhere. A piece of no rows has `hi = lo - 1`; of data up to their end `hi` is 0. */
  readonly lo: number;
  readonly hi: number;
}

/** Rows that are known before it is run; 0: none are. */
export function announcedRows(piece: Piece | undefined): number {
  return piece === undefined || piece.unit === 'record' ? 0 : piece.rows;
}

/** The slots a split fills, and psql's forms they may be written in. */
export const PIECE_VARIABLES = ['rows', 'lo', 'hi', 'job', 'jobs'] as const;
export type PieceVariable = (typeof PIECE_VARIABLES)[number];
