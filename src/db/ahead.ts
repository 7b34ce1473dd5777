import type { Client, Connection, Submittable } from 'pg';
import type { Failure } from '../model/failure.js';
import type { PipelineQuery } from './pipeline-query.js';
import type { ServerError } from './server-failure.js';
import { StatementQuery, type Answer } from './statement-query.js';

/**
 * What a session is told in front of a job's first statement, sent together with it: a job then takes one way to the server
 * and back, not two.
 *
 * Only where the server has answered a moment ago. A connection that has been idle for longer may be broken without anybody
 * knowing, and then it is better to find out before anything of the job is on its way.
 *
 * Two Query messages may stand behind one another: the server answers each, and the second runs whatever became of the
 * first. So it is for what cannot fail by itself. node-postgres sends a query when the one before it is answered, and is not
 * asked to do otherwise: the first message takes the second along, which is not sent again when its turn comes.
 */
export class Ahead {
  #text: string | undefined;
  #heard = -Infinity;

  /** To be sent with what is sent next. False: the server was not heard for too long, and nothing is kept. */
  put(text: string): boolean {
    const isNear = performance.now() - this.#heard < MOMENT;
    this.#text = isNear ? text : undefined;
    return isNear;
  }

  /** There is a new connection, or none. */
  drop(): void {
    this.#text = undefined;
    this.#heard = -Infinity;
  }

  async query<Result>(client: Client, query: Answered<Result>): Promise<Result> {
    const text = this.#text;
    this.#text = undefined;
    if (text !== undefined) client.query(new TakingAlong(text, query));
    const answer = await client.query(query).done;
    this.#heard = performance.now();
    return answer;
  }

  /**
   * As query; what the server refuses as one message is sent once more, in messages of their own. So is, at once, where strings do
   * not surely end where the reader of the script thought: what stands behind one would end with it.
   */
  async pipeline(client: Client, query: PipelineQuery, isSure: boolean): Promise<readonly Answer[]> {
    if (!isSure) return this.query(client, query.apart());
    const answers = await this.query(client, query);
    return query.isRefused ? this.query(client, query.apart()) : answers;
  }

  /** Sends it by itself, for what goes another way. Returns why that cannot be sent any more. */
  async flush(client: Client): Promise<Failure | undefined> {
    const text = this.#text;
    this.#text = undefined;
    if (text === undefined) return undefined;
    const { failure } = await client.query(new StatementQuery(text)).done;
    return failure?.kind === 'connection' ? failure : undefined;
  }
}

/** A query that tells what became of it, and that does nothing when it is submitted for the second time. */
type Answered<Result> = Behind & { readonly done: Promise<Result> };
type Behind = Submittable & Pick<StatementQuery, 'endWith'>;

class TakingAlong extends StatementQuery {
  readonly #behind: Behind;
  #isTold = false;

  constructor(text: string, behind: Behind) {
    super(text);
    this.#behind = behind;
  }

  override submit(connection: Connection): void {
    connection.stream.cork();
    super.submit(connection);
    this.#behind.submit(connection);
    connection.stream.uncork();
  }

  override handleError(error: ServerError, connection: Connection): void {
    this.#isTold = error.severity !== undefined;
    super.handleError(error, connection);
  }

  /** What the server says when it ends the session goes to what is answered then: to this one, which nobody asks about. */
  override endWith(failure: Failure): void {
    super.endWith(failure);
    if (this.#isTold) this.#behind.endWith(failure);
  }
}

/** Milliseconds: servers, and what stands between, end sessions that are idle for seconds. */
const MOMENT = 100;
