import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ConnectionFailure, Failure } from '../../model/failure.js';
import { ControlConnection } from '../control.js';
import { openClient, type Opened } from '../open.js';
import type { ConnectionSettings } from '../settings/settings.js';
import { ResultCollector, type Hold, type Value } from '../result-taker.js';
import type { CopyInput } from '../copy-input.js';
import { StatementQuery, type Answer } from '../statement-query.js';

/**
 * The one connection over which statements are explained, in one transaction that is rolled back at the end. Whatever is
 * tried happens in a savepoint, so that a failure costs nothing but itself. It does not know what is explained.
 */
export class ExplainConnection {
  readonly #client: Client;
  readonly #backend: number;
  readonly #settings: ConnectionSettings;
  #isInterrupted = false;
  /** Resolves at the end of what the server does now. */
  #running: Promise<unknown> | undefined;

  private constructor({ client, backend }: OpenedConnection, settings: ConnectionSettings) {
    this.#client = client;
    this.#backend = backend;
    this.#settings = settings;
  }

  static async open(
    settings: ConnectionSettings,
    serverSettings: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly ok: true; readonly connection: ExplainConnection }
    | { readonly ok: false; readonly failure: ConnectionFailure; readonly needsPassword: boolean }
  > {
    const opened = await openClient(settings, { applicationName: 'pqrun: explain', serverSettings });
    return opened.ok ? { ok: true, connection: new ExplainConnection(opened, settings) } : opened;
  }

  /**
   * Sends a message of one or more statements; what they copy out is dropped. Throws ConnectionLost when there is nobody
   * to answer, Interrupted when nobody wants to know any more.
   */
  async send(text: string, input?: CopyInput): Promise<Answer> {
    if (this.#isInterrupted) throw new Interrupted();
    const taker = new RowCollector();
    const query = this.#client.query(new StatementQuery(text, { input, taker }));
    this.#running = query.done;
    const answer = { ...(await query.done), results: taker.results };
    this.#running = undefined;
    // `interrupt` may have been called in the meantime, which the compiler does not see.
    if (this.#wasInterrupted()) throw new Interrupted();
    if (answer.failure?.kind === 'connection') throw new ConnectionLost(answer.failure);
    return answer;
  }

  #wasInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /**
   * Has the server cancel what it does, over a connection made for that, until it has ended; nothing is sent any more.
   * Where no second connection is to be had this one is cut, and the server is left to notice (see client_connection_check_interval).
   */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    if (this.#running === undefined) return;
    const control = new ControlConnection([this.#settings]);
    const ended = this.#running.then(() => true);
    try {
      // A cancellation that comes before the statement has begun is lost: it is asked for again.
      do await control.cancel([this.#backend]);
      while (!(await Promise.race([ended, setTimeout(AGAIN, false)])));
    } catch {
      this.#client.connection.stream.destroy();
    } finally {
      await control.close();
    }
  }

  /** Does it in a savepoint. What failed is always undone; what went well is kept or undone, as asked. */
  async attempt(text: string, then: 'keep' | 'undo', input?: CopyInput): Promise<Answer> {
    await this.send('SAVEPOINT pqrun_attempt');
    const answer = await this.send(text, input);
    const kept = answer.failure === undefined && then === 'keep';
    await this.send(`${kept ? '' : 'ROLLBACK TO SAVEPOINT pqrun_attempt; '}RELEASE SAVEPOINT pqrun_attempt`);
    return answer;
  }

  /** The rows of the last of the statements; none after a failure. */
  async rows(text: string): Promise<readonly (readonly Value[])[]> {
    return rowsOf(await this.attempt(text, 'undo'));
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

type OpenedConnection = Extract<Opened, { readonly ok: true }>;

/** What is copied out is of no interest, and may be much. */
class RowCollector extends ResultCollector {
  override copy(): Hold {
    return undefined;
  }
}
/** Milliseconds between two requests to cancel. */
const AGAIN = 200;

export class Interrupted extends Error {}

export class ConnectionLost extends Error {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function rowsOf({ results, failure }: Answer): readonly (readonly Value[])[] {
  const last = failure === undefined ? results.at(-1) : undefined;
  return last?.kind === 'rows' ? last.rows : [];
}

export function messageOf(failure: Failure): string {
  return failure.message;
}
