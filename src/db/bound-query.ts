import type { Client, Connection } from 'pg';
import type { Encoder } from '../script/encodings.js';
import { MessageWriter, type Text } from './message-writer.js';
import { onReady } from './on-ready.js';
import { HandingOn, type ResultTaker } from './result-taker.js';
import type { ServerError } from './server-failure.js';
import { StatementQuery, type Answer } from './statement-query.js';

/** A statement with the values of its $1, $2 …, as text; null for NULL. */
export interface BoundStatement {
  readonly text: string;
  readonly parameters: readonly (string | null)[];
}

export interface BoundOptions {
  /** Of the prepared statement; undefined: the unnamed one. */
  readonly name?: string | undefined;
  /** It has been prepared under this name, with this text. */
  readonly isPrepared?: boolean;
  /** Of texts, when the session does not speak UTF-8. */
  readonly encode?: Encoder | undefined;
  /** Takes the results, instead of the answer. Asked for when the answer begins. */
  readonly taker?: (() => ResultTaker) | undefined;
  /** Told when it is answered, before anything of the next one is heard. */
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
}

/**
 * One statement sent with parameters, in the extended protocol, and what the server answers. Outside of a block it is a
 * transaction of its own, as it would be without parameters. For statements without COPY data.
 */
export class BoundQuery extends StatementQuery {
  readonly #onAnswer: ((answer: Answer) => void) | undefined;
  /** What is still to be sent; undefined: it went with another one. */
  #bytes: Buffer | undefined;
  #goOn: () => void = () => undefined;

  constructor({ text, parameters }: BoundStatement, options: BoundOptions = {}) {
    const { name = '', isPrepared = false, encode = asItIs, taker, onAnswer } = options;
    super(text, taker === undefined ? {} : { taker: new LateTaker(taker) });
    this.#onAnswer = onAnswer;
    const messages = new MessageWriter();
    if (!isPrepared) {
      messages.closeStatement(name);
      messages.parse(name, encode(text));
    }
    messages.bind(
      name,
      parameters.map((value) => (value === null ? null : encode(value))),
    );
    messages.describe();
    messages.execute();
    messages.sync();
    this.#bytes = messages.bytes;
  }

  /**
   * Sends all of them at once, ahead of the answers. A failure is that of its statement alone: each ends in a Sync. Nothing
   * else may be sent until all are answered.
   *
   * To node-postgres a query ends when the server is ready for the next one, and only one may be on its way: so each is
   * given to it, its messages sent long ago, at the moment the one before it has ended.
   */
  static async sendAll(client: Client, queries: readonly BoundQuery[]): Promise<readonly Answer[]> {
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
class LateTaker extends HandingOn {
  readonly #find: () => ResultTaker;
  #found: ResultTaker | undefined;

  constructor(find: () => ResultTaker) {
    super();
    this.#find = find;
  }

  protected override get next(): ResultTaker {
    return (this.#found ??= this.#find());
  }
}

/** In UTF-8. */
function asItIs(text: string): Text {
  return text;
}
