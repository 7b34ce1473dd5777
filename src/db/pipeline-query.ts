import type { Connection, Submittable } from 'pg';
import { MessageWriter } from './message-writer.js';
import { onReady } from './on-ready.js';
import {
  CHAIN,
  commandsOf,
  isOneMessage,
  oneMessage,
  SNAPSHOT,
  unitsOf,
  type OneMessage,
  type PipelineStatement,
  type Unit,
} from './pipeline-units.js';
import { serverFailure, sessionEnded, type ServerError } from './server-failure.js';
import { Brake, NOBODY, type Field, type ResultTaker, type Value } from './result-taker.js';
import { setSnapshot } from './snapshot-text.js';
import { countOf, type Answer } from './statement-query.js';
import { NO_ID } from './xact-text.js';
import type { Failure } from '../model/failure.js';

/** What is told of statements while they are answered. Both count from 0, in the order of the statements. */
export interface PipelineListener {
  /** So many statements are answered, the last of them so; nothing of the next one has been heard yet. */
  answered(count: number, answer: Answer): void;
  /** Asked once a statement, when its answer begins: who takes its results. */
  taker(index: number): ResultTaker;
}

/** Wants to hear nothing. */
export const UNHEARD: PipelineListener = { answered: () => undefined, taker: () => NOBODY };

/** For the statements behind the first `count`. */
export function behind(listener: PipelineListener, count: number): PipelineListener {
  return {
    answered: (more, answer) => listener.answered(count + more, answer),
    taker: (index) => listener.taker(count + index),
  };
}

/**
 * Several statements sent in one go, each still a transaction of its own, and none run behind one that fails.
 *
 * With the simple protocol the server would go on behind a failure, because it had the next statement already. In the
 * extended protocol it passes over everything up to the Sync. What stands before a Sync is one transaction there, so
 * statements outside of blocks get transactions by hand: `BEGIN` before the first, `COMMIT AND CHAIN` between two, which
 * begins the next transaction as it ends one, and `COMMIT` behind the last (PostgreSQL 12 and later). When one fails, its
 * block is left open, and whoever sent it rolls back.
 *
 * Statements that cannot tell (src/plan/accesses/shares-message.ts) go as one Query message, with the same commands between
 * them: there, too, the server passes over what stands behind a failure, and it has half as much to do. It parses such a
 * message as a whole before it runs anything. Where it refuses that, being of another version than the parser that has read
 * the script, nothing has been done, and whoever sent it sends it again, apart.
 *
 * Where the transactions are to read a snapshot, each begins with taking it over; a chained transaction has the isolation
 * level of the one before it.
 *
 * It knows nothing of COPY, and is not for statements that the server keeps out of transaction blocks.
 */
export class PipelineQuery implements Submittable {
  /** One answer a statement, up to the first that failed. */
  readonly done: Promise<readonly Answer[]>;
  readonly #listener: PipelineListener;
  readonly #units: readonly Unit[];
  readonly #snapshot: string | undefined;
  /** Undefined: they are sent apart. */
  readonly #message: OneMessage | undefined;
  #isRefused = false;
  readonly #answers: Answer[] = [];
  #resolve: (answers: readonly Answer[]) => void = () => undefined;
  /** Commands of the unit that is answered now that have completed. */
  #completed = 0;
  #answer: Answer = NO_ANSWER;
  #id: string | undefined;
  #current: ResultTaker | undefined;
  #brake: Brake | undefined;
  #isSent = false;
  #isEnded = false;

  /** `snapshot`: what statements outside of blocks read. */
  constructor(statements: readonly PipelineStatement[], listener: PipelineListener, snapshot?: string) {
    this.#units = unitsOf(statements, snapshot !== undefined);
    this.#snapshot = snapshot;
    const isOne = snapshot === undefined && isOneMessage(statements);
    this.#message = isOne ? oneMessage(this.#units) : undefined;
    this.#listener = listener;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The server has not understood the message as a whole, and done nothing. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** The same, in messages of their own. */
  apart(): PipelineQuery {
    const statements = this.#units.map(({ statement }) => ({ ...statement, sharesMessage: false }));
    return new PipelineQuery(statements, this.#listener, this.#snapshot);
  }

  /** Once: see ahead.ts. */
  submit(connection: Connection): void {
    if (this.#isSent) return;
    this.#isSent = true;
    this.#brake = new Brake(connection.stream);
    const messages = new MessageWriter();
    if (this.#message === undefined) this.#writeApart(messages);
    else messages.query(this.#message.text);
    connection.stream.write(messages.bytes);
  }

  #writeApart(messages: MessageWriter): void {
    const prepared = this.#prepared();
    for (const [name, text] of prepared) prepare(messages, name, text);
    for (const { before, statement, behind } of this.#units) {
      for (const command of before) send(messages, command);
      if (statement.takesId === true) messages.flush();
      send(messages, statement.text, statement);
      if (behind !== undefined) send(messages, behind);
    }
    // Scripts see none of them in pg_prepared_statements.
    for (const name of prepared.keys()) messages.closeStatement(name);
    messages.sync();
  }

  #prepared(): ReadonlyMap<string, string> {
    const prepared = new Map<string, string>();
    if (this.#units.some(({ behind }) => behind === CHAIN)) prepared.set(CHAIN, 'COMMIT AND CHAIN');
    if (this.#snapshot !== undefined) prepared.set(SNAPSHOT, setSnapshot(this.#snapshot));
    return prepared;
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#taker().begin(fields);
  }

  handleDataRow({ fields }: { readonly fields: readonly Value[] }): void {
    const unit = this.#units[this.#answers.length];
    if (unit !== undefined && this.#completed < unit.before.length) {
      this.#id = fields[0] ?? NO_ID;
      return;
    }
    this.#brake?.hold(this.#taker().row(fields));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const unit = this.#units[this.#answers.length];
    if (unit === undefined) return;
    const isOwn = this.#completed === unit.before.length;
    if (isOwn) this.#answer = { tag: text, rows: countOf(text), results: [] };
    this.#completed += 1;
    if (this.#completed < commandsOf(unit)) return;
    // Only now: results of a statement that could not be committed are none.
    this.#brake?.hold(this.#taker().end());
    this.#next(this.#answer);
  }

  /** Of the statement that is answered now. */
  #taker(): ResultTaker {
    this.#current ??= this.#listener.taker(this.#answers.length);
    return this.#current;
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
    const failure = placedIn(serverFailure(error), this.#message?.starts[this.#answers.length]);
    this.#isRefused =
      this.#message !== undefined && this.#answers.length + this.#completed === 0 && isRefusal(failure);
    const { before = [] } = this.#units[this.#answers.length] ?? {};
    if (before[this.#completed] === SNAPSHOT) this.#answer = { ...NO_ANSWER, isImport: true };
    if (failure.kind === 'connection') {
      this.endWith(failure);
      return;
    }
    this.#taker().drop();
    onReady(connection, {
      ready: () => this.#fail(failure),
      end: () => this.endWith(sessionEnded(error)),
    });
  }

  /** As StatementQuery's: why the session has ended. */
  endWith(failure: Failure): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#taker().drop();
    this.#fail(failure);
  }

  #fail(failure: Failure): void {
    const { isImport } = this.#answer;
    const id = this.#id === undefined ? {} : { id: this.#id };
    if (!this.#isRefused) this.#answers.push({ ...NO_ANSWER, ...id, ...(isImport && { isImport }), failure });
    this.#resolve(this.#answers);
  }

  #next(answer: Answer): void {
    this.#answers.push(answer);
    this.#answer = NO_ANSWER;
    this.#current = undefined;
    this.#id = undefined;
    this.#completed = 0;
    this.#listener.answered(this.#answers.length, answer);
  }
}

const NO_ANSWER: Answer = { tag: '', rows: 0, results: [] };

/** Parsed once for all: it stands around almost every statement. */
function prepare(messages: MessageWriter, name: string, text: string): void {
  messages.closeStatement(name);
  messages.parse(name, text);
}

function send(
  messages: MessageWriter,
  text: string,
  { hasRows, parameters }: Pick<PipelineStatement, 'hasRows' | 'parameters'> = { hasRows: false },
): void {
  const statement = text === CHAIN || text === SNAPSHOT ? text : '';
  if (statement === '') messages.parse('', text);
  messages.bind(statement, parameters);
  if (hasRows) messages.describe();
  messages.execute();
}

/** The place of an error, counted from the beginning of its statement. */
function placedIn(failure: Failure, start = 0): Failure {
  if (failure.kind !== 'server' || failure.position === undefined || start === 0) return failure;
  return { ...failure, position: failure.position - start };
}

/** Not that it was cancelled, or that the server is going down. */
function isRefusal(failure: Failure): boolean {
  return failure.kind === 'server' && !failure.code.startsWith('57');
}
