import type { Connection, Submittable } from 'pg';
import { sendCopyData, type CopyInput } from './copy-input.js';
import { onReady } from './on-ready.js';
import {
  Brake,
  ResultCollector,
  type Field,
  type ResultSet,
  type ResultTaker,
  type Value,
} from './result-taker.js';
import { serverFailure, sessionEnded, type ServerError } from './server-failure.js';
import type { Failure } from '../model/failure.js';
import type { Encoder } from '../script/encodings.js';

/**
 * One statement sent as it is in a simple Query message, as psql sends it, and what the server answers.
 *
 * It is a query object for node-postgres (the `Submittable` protocol that pg-cursor and pg-query-stream use), because
 * pg's own query class keeps neither the text of the values nor COPY data. Results go row by row to whoever takes them,
 * never faster than they are taken; without a taker they are kept for the answer. COPY … FROM STDIN is fed from the data
 * it is given, chunk by chunk, never faster than the server takes it; without data it is refused.
 *
 * `done` resolves when the server is ready for the next statement (so that the session's transaction status is known),
 * or when the connection is gone. It never rejects.
 */
export interface Answer {
  /** The last command tag; empty after a failure. */
  readonly tag: string;
  /** Rows that all tags count together. */
  readonly rows: number;
  /** Empty when somebody else took them. */
  readonly results: readonly ResultSet[];
  /** The last statement of the message gave rows: they are the last of the results. */
  readonly endsInRows?: boolean;
  readonly failure?: Failure;
  /** The run's snapshot could not be taken over: the statement was not run. */
  readonly isImport?: true;
  /** Of the transaction that it may have committed, where that was asked for (xact.ts). */
  readonly id?: string;
  /** Milliseconds from sending it to its end, where somebody took the time. */
  readonly duration?: number;
}

export interface StatementOptions {
  readonly input?: CopyInput | undefined;
  /** Takes the results, instead of the answer. */
  readonly taker?: ResultTaker | undefined;
  /** Of the text, when the session does not speak UTF-8. */
  readonly encode?: Encoder | undefined;
}

/** What node-postgres' connection can do beside what its types say. */
type CopyConnection = Connection & {
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
};

export class StatementQuery implements Submittable {
  readonly done: Promise<Answer>;
  readonly #text: string;
  readonly #options: StatementOptions;
  /** Aborted when the server has answered: it wants no more data. */
  readonly #answered = new AbortController();
  #resolve: (answer: Answer) => void = () => undefined;
  #tag = '';
  #rows = 0;
  #endsInRows = false;
  #failure: Failure | undefined;
  #hasRows = false;
  readonly #collector = new ResultCollector();
  readonly #taker: ResultTaker;
  #brake: Brake | undefined;
  #isSent = false;
  #isEnded = false;

  constructor(text: string, options: StatementOptions = {}) {
    this.#text = text;
    this.#options = options;
    this.#taker = options.taker ?? this.#collector;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Once: see ahead.ts. */
  submit(connection: Connection): void {
    if (this.#isSent) return;
    this.#isSent = true;
    this.holdBack(connection);
    const { encode } = this.#options;
    if (encode === undefined) connection.query(this.#text);
    else connection.stream.write(queryMessage(encode(this.#text)));
  }

  /** From now on whoever takes the results may hold the server back. */
  protected holdBack({ stream }: Connection): void {
    this.#brake = new Brake(stream);
  }

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.#hasRows = true;
    this.#taker.begin(message.fields);
  }

  handleDataRow(message: { readonly fields: readonly Value[] }): void {
    this.#brake?.hold(this.#taker.row(message.fields));
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    this.#brake?.hold(this.#taker.copy(message.chunk));
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#tag = message.text;
    this.#rows += countOf(message.text);
    this.#endsInRows = this.#hasRows;
    this.#hasRows = false;
    this.#brake?.hold(this.#taker.end());
  }

  handleEmptyQuery(): void {
    this.#tag = '';
  }

  handleCopyInResponse(connection: CopyConnection): void {
    const { input } = this.#options;
    if (input === undefined) connection.sendCopyFail('pqrun has no data for this COPY … FROM STDIN');
    else void this.#feed(connection, input);
  }

  /** Data that cannot be read fail the COPY: the server then answers with an error that quotes why. */
  async #feed(connection: CopyConnection, data: CopyInput): Promise<void> {
    const { signal } = this.#answered;
    try {
      for await (const chunk of data()) {
        if (signal.aborted) return;
        await sendCopyData(connection.stream, chunk);
      }
      connection.endCopyFrom();
    } catch (error) {
      if (!signal.aborted) connection.sendCopyFail(error instanceof Error ? error.message : String(error));
    }
  }

  handlePortalSuspended(): void {
    // The simple protocol has no portals that suspend.
  }

  handleReadyForQuery(): void {
    this.#finish();
  }

  /** An ErrorResponse (ReadyForQuery follows), or the end of the connection (nothing follows). */
  handleError(error: ServerError, connection: Connection): void {
    const failure = serverFailure(error);
    if (failure.kind === 'connection') {
      this.endWith(failure);
      return;
    }
    this.#fail(failure);
    onReady(connection, {
      ready: () => this.#finish(),
      end: () => this.endWith(sessionEnded(error)),
    });
  }

  /** The session has ended, and this is why. The first who says so counts: what the socket says behind it says less. */
  endWith(failure: Failure): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#fail(failure);
    this.#finish();
  }

  #fail(failure: Failure): void {
    this.#answered.abort();
    this.#taker.drop();
    this.#failure = failure;
    this.#tag = '';
  }

  /** What is known of it so far. */
  protected get answer(): Answer {
    const answer = {
      tag: this.#tag,
      rows: this.#rows,
      results: this.#collector.results,
      endsInRows: this.#endsInRows,
    };
    return this.#failure === undefined ? answer : { ...answer, failure: this.#failure };
  }

  #finish(): void {
    this.#resolve(this.answer);
  }
}

/** A Query message of the protocol: its length counts itself, a zero byte ends the text. */
function queryMessage(text: Buffer): Buffer {
  const message = Buffer.alloc(text.length + 6);
  message.write('Q', 0, 'latin1');
  message.writeInt32BE(text.length + 5, 1);
  text.copy(message, 5);
  return message;
}

/** The row count of a command tag: `INSERT 0 5` → 5, `SELECT 3` → 3, `CREATE TABLE` → 0. */
export function countOf(tag: string): number {
  const digits = /(?:^|\s)(\d+)$/.exec(tag)?.[1];
  return digits === undefined ? 0 : Number(digits);
}
