import type { Client } from 'pg';
import type { ConnectionFailure, Failure } from '../../model/failure.js';
import { sayGoodbye } from '../goodbye.js';
import { openWatched } from '../open-watched.js';
import type { ConnectionSettings } from '../settings/settings.js';
import { StatementQuery } from '../statement-query.js';
import { NOBODY } from '../result-taker.js';

/** A connection on which pieces are tried: each in a transaction that is rolled back. */
export class TrialConnection {
  readonly #client: Client;
  readonly backend: number;

  private constructor(client: Client, backend: number) {
    this.#client = client;
    this.backend = backend;
  }

  static async open(
    settings: ConnectionSettings,
    serverSettings: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly ok: true; readonly connection: TrialConnection }
    | { readonly ok: false; readonly failure: ConnectionFailure }
  > {
    const opened = await openWatched(settings, { applicationName: 'pqrun: tune', serverSettings });
    return opened.ok ? { ok: true, connection: new TrialConnection(opened.client, opened.backend) } : opened;
  }

  /** Sends a statement for what it leaves in the session. */
  async send(text: string): Promise<Failure | undefined> {
    const { failure } = await this.#client.query(new StatementQuery(text, { taker: NOBODY })).done;
    return failure;
  }

  /** Does a piece and takes it back. Milliseconds, without the way back; or why it failed. */
  async try(text: string): Promise<{ readonly ms: number } | { readonly failure: Failure }> {
    const began = performance.now();
    const failure = (await this.send('BEGIN')) ?? (await this.send(text));
    const ms = performance.now() - began;
    await this.send('ROLLBACK');
    return failure === undefined ? { ms } : { failure };
  }

  async close(): Promise<void> {
    await sayGoodbye(this.#client);
  }
}
