import type { Client, Connection } from 'pg';
import { onReady } from './on-ready.js';
import type { Field, Hold, ResultTaker, Value } from './result-taker.js';
import type { ServerError } from './server-failure.js';
import { StatementQuery, type Answer } from './statement-query.js';

export interface SentAheadOptions {
  /** Takes the results, instead of the answer. Asked for when the answer begins. */
  readonly taker?: (() => ResultTaker) | undefined;
  /** Told when it is answered, before anything of the next one is heard. */
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
}

/**
 * A statement that may be sent ahead of the answers to others, and what the server answers. Its messages end in what makes
 * the server ready again (a Query, or a Sync), so that outside of a block it is a transaction of its own, and its failure is
 * its own. For statements without COPY data.
 */
export class SentAheadQuery extends StatementQuery {
  readonly #onAnswer: ((answer: Answer) => void) | undefined;
  /** What is still to be sent; undefined: it went with another one. */
  #bytes: Buffer | undefined;
  #goOn: () => void = () => undefined;

  /** `bytes` are the protocol's messages that send it. */
  constructor(text: string, bytes: Buffer, { taker, onAnswer }: SentAheadOptions) {
    super(text, taker === undefined ? {} : { taker: new LateTaker(taker) });
    this.#onAnswer = onAnswer;
    this.#bytes = bytes;
  }

  /**
   * Sends all of them at once. Nothing else may be sent until all are answered.
   *
   * To node-postgres a query ends when the server is ready for the next one, and only one may be on its way: so each is
   * given to it, its messages sent long ago, at the moment the one before it has ended.
   */
  static async sendAll(client: Client, queries: readonly SentAheadQuery[]): Promise<readonly Answer[]> {
    const [first] = queries;
    if (first === undefined) return [];
    first.#bytes = Buffer.concat(queries.flatMap((query) => query.#bytes ?? []));
    for (const [index, query] of queries.entries()) {
      const next = queries[index + 1];
      if (next === undefined) continue;
      next.#bytes = undefined;
      query.#goOn = () => client.query(next);
    }
    client.query(first);
    return Promise.all(queries.map(({ done }) => done));
  }

  override submit(connection: Connection): void {
    this.holdBack(connection);
    if (this.#bytes !== undefined) connection.stream.write(this.#bytes);
    this.#bytes = undefined;
  }

  override handleReadyForQuery(): void {
    super.handleReadyForQuery();
    this.#onAnswer?.(this.answer);
    this.#goOn();
  }

  override handleError(error: ServerError, connection: Connection): void {
    super.handleError(error, connection);
    this.#onAnswer?.(this.answer);
    // Without a severity it is no word of the server's: it will never be ready again.
    if (error.severity === undefined) this.#goOn();
    else onReady(connection, { ready: () => this.#goOn(), end: () => this.#goOn() });
  }
}

/** Who takes results is known when they come: what is printed in front of them is then printed, too. */
class LateTaker implements ResultTaker {
  readonly #find: () => ResultTaker;
  #found: ResultTaker | undefined;

  constructor(find: () => ResultTaker) {
    this.#find = find;
  }

  begin(fields: readonly Field[]): void {
    this.#taker.begin(fields);
  }

  row(values: readonly Value[]): Hold {
    return this.#taker.row(values);
  }

  copy(chunk: Buffer): Hold {
    return this.#taker.copy(chunk);
  }

  end(): Hold {
    return this.#taker.end();
  }

  drop(): void {
    this.#taker.drop();
  }

  get #taker(): ResultTaker {
    return (this.#found ??= this.#find());
  }
}
