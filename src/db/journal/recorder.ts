import type { PipelineStatement } from '../pipeline-units.js';
import type { JournalSetup } from '../task.js';
import { recordStatement, type RecordValues } from './journal-sql.js';

/** A unit of a job that is done, or about to be committed. */
export interface DoneUnit {
  readonly key: string;
  /** `script:line` */
  readonly name: string;
  readonly rows: number;
  /** Milliseconds that it took. */
  readonly duration: number;
  readonly attempt: number;
}

/** Writes what a connection has done into the journal: the statement for that. */
export class Recorder {
  readonly #setup: JournalSetup;
  readonly #connection: number;

  constructor(setup: JournalSetup, connection: number) {
    this.#setup = setup;
    this.#connection = connection;
  }

  get setup(): JournalSetup {
    return this.#setup;
  }

  /** `again`: they may have been recorded before, and that is no fault. `asOwner`: see recordStatement. */
  statement(units: readonly DoneUnit[], how: Recording): PipelineStatement {
    const { schema, run, version } = this.#setup;
    const values = units.map(({ key, name, rows, duration, attempt }): RecordValues => [
      run,
      key,
      name,
      String(rows),
      String(Math.max(0, duration)),
      String(attempt),
      String(this.#connection + 1),
      version,
    ]);
    return { ...recordStatement(schema, values, how), hasRows: how.asOwner, isAlone: false };
  }
}

interface Recording {
  readonly again: boolean;
  readonly asOwner: boolean;
}

/** Whether texts that a session is sent may give it another role. */
export function mayChangeRole(texts: readonly string[]): boolean {
  return texts.some((text) => /\brole\b|\bauthorization\b/i.test(text));
}
