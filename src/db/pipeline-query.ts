import type { Connection, Submittable } from 'pg';
import { onReady } from './on-ready.js';
import { serverFailure, sessionEnded, type ServerError } from './server-failure.js';
import { countOf, type Answer, type Field, type ResultSet, type Value } from './statement-query.js';
import type { Failure } from '../model/failure.js';

/**
 * Several statements sent in one go, each still a transaction of its own, and none run behind one that fails.
 *
 * With the simple protocol the server would go on behind a failure, because it had the next statement already. In the
 * extended protocol it passes over everything up to the Sync. Statements before a Sync are one transaction there, so a
 * `BEGIN` and a `COMMIT` are put behind each that stands outside a block: BEGIN makes a block of the transaction that is
 * under way, without a warning, and COMMIT ends it (PostgreSQL, "Pipelining", and xact.c: BeginTransactionBlock() in
 * TBLOCK_STARTED and TBLOCK_IMPLICIT_INPROGRESS).
 *
 * It knows nothing of COPY, and is not for statements that the server keeps out of transaction blocks.
 */
export interface PipelineStatement {
  readonly text: string;
  /** It may give rows. */
  readonly hasRows: boolean;
  /** It stands outside any block, and begins none. */
  readonly isAlone: boolean;
}

/** What node-postgres' connection can do beside what its types say. */
type ExtendedConnection = Connection & {
  parse(query: { name: string; text: string; types: readonly number[] }): void;
  bind(config: { portal: string; statement: string }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(config: { portal: string }): void;
  sync(): void;
};

export class PipelineQuery implements Submittable {
  /** One answer a statement, up to the first that failed. */
  readonly done: Promise<readonly Answer[]>;
  readonly #statements: readonly PipelineStatement[];
  readonly #onAnswer: (answered: number) => void;
  readonly #answers: Answer[] = [];
  #resolve: (answers: readonly Answer[]) => void = () => undefined;
  /** Commands that must complete before the statement that is answered now does: its own, and those of its block. */
  #left = 0;
  #answer: { tag: string; rows: number; results: ResultSet[] } = emptyAnswer();
  #open: { fields: readonly Field[]; rows: (readonly Value[])[] } | undefined;

  /** `onAnswer` is told how many statements are answered, before anything of the next one is heard. */
  constructor(statements: readonly PipelineStatement[], onAnswer: (answered: number) => void) {
    this.#statements = statements;
    this.#onAnswer = onAnswer;
    this.#left = commandsOf(statements[0]);
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  submit(connection: Connection): void {
    // pg's own queries call these methods, which its types do not have.
    const extended = connection as ExtendedConnection;
    connection.stream.cork();
    for (const { text, hasRows, isAlone } of this.#statements) {
      send(extended, text, hasRows);
      if (!isAlone) continue;
      send(extended, 'BEGIN', false);
      send(extended, 'COMMIT', false);
    }
    extended.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#open = { fields, rows: [] };
  }

  handleDataRow({ fields }: { readonly fields: readonly Value[] }): void {
    this.#open?.rows.push(fields);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#left === commandsOf(this.#statements[this.#answers.length])) {
      this.#answer.tag = text;
      this.#answer.rows = countOf(text);
      if (this.#open !== undefined) this.#answer.results.push({ kind: 'rows', ...this.#open });
      this.#open = undefined;
    }
    this.#left -= 1;
    if (this.#left === 0) this.#next(this.#answer);
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handlePortalSuspended(): void {
    // All rows are asked for.
  }

  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('pqrun has no data for this COPY … FROM STDIN');
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#answers);
  }

  /** The failure of the statement that is answered now; the server passes over the others. */
  handleError(error: ServerError, connection: Connection): void {
    const failure = serverFailure(error);
    if (failure.kind === 'connection') this.#fail(failure);
    else
      onReady(connection, {
        ready: () => this.#fail(failure),
        end: () => this.#fail(sessionEnded(error)),
      });
  }

  #fail(failure: Failure): void {
    this.#answers.push({ tag: '', rows: 0, results: [], failure });
    this.#resolve(this.#answers);
  }

  #next(answer: Answer): void {
    this.#answers.push(answer);
    this.#answer = emptyAnswer();
    this.#left = commandsOf(this.#statements[this.#answers.length]);
    this.#onAnswer(this.#answers.length);
  }
}

function emptyAnswer(): { tag: string; rows: number; results: ResultSet[] } {
  return { tag: '', rows: 0, results: [] };
}

function commandsOf(statement: PipelineStatement | undefined): number {
  return statement?.isAlone === true ? 3 : 1;
}

function send(connection: ExtendedConnection, text: string, hasRows: boolean): void {
  connection.parse({ name: '', text, types: [] });
  connection.bind({ portal: '', statement: '' });
  if (hasRows) connection.describe({ type: 'P', name: '' });
  connection.execute({ portal: '' });
}
