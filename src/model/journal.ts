/* What a journal tells of runs (`pqrun journal`). Times are the server's texts. */

export interface JournalRun {
  readonly run: string;
  readonly began: string;
  /** When the last pqrun began to work on it, where, and how that ended. */
  readonly since: string;
  readonly host: string;
  readonly pid: number;
  readonly ended: string | null;
  readonly status: string | null;
  /** Statements, transaction blocks and pieces of splits that there are, and those that are done. */
  readonly planned: number;
  readonly done: number;
}

export interface JournalJob {
  /** `script:line` */
  readonly name: string;
  readonly rows: number;
  readonly began: string;
  readonly ended: string;
  /** Milliseconds. */
  readonly ms: number;
  readonly attempt: number;
  readonly connection: number;
  readonly backend: number;
  /** pqrun's. */
  readonly version: string;
  readonly key: string;
}
