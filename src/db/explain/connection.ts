import type { Client } from 'pg';
import type { ConnectionFailure, Failure } from '../../model/failure.js';
import { openClient } from '../open.js';
import type { ConnectionSettings } from '../settings/settings.js';
import { ResultCollector, type Hold, type Value } from '../result-taker.js';
import { StatementQuery, type Answer, type CopyInput } from '../statement-query.js';

/**
 * The one connection over which statements are explained, in one transaction that is rolled back at the end. Whatever is
 * tried happens in a savepoint, so that a failure costs nothing but itself. It does not know what is explained.
 */
export class ExplainConnection {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(
    settings: ConnectionSettings,
    serverSettings: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly ok: true; readonly connection: ExplainConnection }
    | { readonly ok: false; readonly failure: ConnectionFailure; readonly needsPassword: boolean }
  > {
    const opened = await openClient(settings, { applicationName: 'pqrun: explain', serverSettings });
    return opened.ok ? { ok: true, connection: new ExplainConnection(opened.client) } : opened;
  }

  /** Sends a message of one or more statements; what they copy out is dropped. Throws ConnectionLost when there is nobody to answer. */
  async send(text: string, input?: CopyInput): Promise<Answer> {
    const taker = new RowCollector();
    const query = this.#client.query(new StatementQuery(text, { input, taker }));
    const answer = { ...(await query.done), results: taker.results };
    if (answer.failure?.kind === 'connection') throw new ConnectionLost(answer.failure);
    return answer;
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

/** What is copied out is of no interest, and may be much. */
class RowCollector extends ResultCollector {
  override copy(): Hold {
    return undefined;
  }
}

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
