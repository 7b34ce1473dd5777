import type { PipelineStatement } from '../pipeline-query.js';
import type { JournalSetup } from '../task.js';
import { recordText } from './journal-sql.js';

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

  /** `again`: it may have been recorded before, and that is no fault. */
  statement(units: readonly DoneUnit[], again: boolean): PipelineStatement {
    const { schema, run, version } = this.#setup;
    const jobs = units.map(({ key, name, rows, duration, attempt }) => ({
      run,
      key,
      name,
      rows,
      ms: Math.max(0, duration),
      attempt,
      connection: this.#connection + 1,
      version,
    }));
    return {
      text: recordText(schema),
      parameters: [ascii(JSON.stringify(jobs)), again ? 't' : 'f'],
      hasRows: true,
      isAlone: false,
    };
  }
}

/** The same JSON, whatever encoding the session speaks. */
function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
