import type { Client } from 'pg';
import type { Failure } from '../model/failure.js';
import { sayGoodbye } from './goodbye.js';
import { openWatched } from './open-watched.js';
import { serverFailure, type ServerError } from './server-failure.js';
import type { ConnectionSettings } from './settings/resolve.js';
import type { RunSnapshot } from './snapshot-import.js';

/**
 * The moment of one database that all jobs of a run read (`--snapshot`), and the connection that holds it.
 *
 * A snapshot can be taken over by other transactions only as long as the one that exported it is open (PostgreSQL,
 * "Snapshot Synchronization Functions"). So a connection of its own does nothing but hold that transaction, and none of
 * the timeouts that end idle transactions applies to it. The control connection could not: it runs queries of its own
 * all the time, and is opened again when it breaks.
 */
export class Snapshot implements RunSnapshot {
  readonly id: string;
  readonly #client: Client;
  #lost: string | undefined;

  private constructor(client: Client, id: string) {
    this.#client = client;
    this.id = id;
    client.on('error', (error) => (this.#lost ??= error.message));
    client.on('end', () => (this.#lost ??= 'the server closed the connection'));
  }

  /** Takes a snapshot of what is committed now. */
  static async take(settings: ConnectionSettings): Promise<TakenSnapshot> {
    const opened = await openWatched(settings, { applicationName: 'pqrun: snapshot', serverSettings: {} });
    if (!opened.ok) return opened;
    const { client } = opened;
    try {
      await client.query(NO_TIMEOUTS);
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await client.query<{ id: string }>('SELECT pg_catalog.pg_export_snapshot() AS id');
      return { ok: true, snapshot: new Snapshot(client, rows[0]?.id ?? '') };
    } catch (error) {
      await sayGoodbye(client);
      // node-postgres rejects with its DatabaseError, or with the error of the socket.
      return { ok: false, failure: serverFailure(error as ServerError), needsPassword: false };
    }
  }

  async lostBy(): Promise<string | undefined> {
    // Whoever asks may have heard of it before this connection has: so it is asked.
    await this.#client.query('SELECT 1').catch((error: unknown) => {
      this.#lost ??= error instanceof Error ? error.message : String(error);
    });
    return this.#lost;
  }

  /** Ends the transaction and the connection; again harmless. Jobs that have begun keep what they read. */
  async release(): Promise<void> {
    await sayGoodbye(this.#client);
  }
}

/** `server`: it would not export a snapshot; `connection`: it was not reached. */
export type TakenSnapshot =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly failure: Failure; readonly needsPassword: boolean };

/** As far as the server knows them: transaction_timeout is new in 17. */
const NO_TIMEOUTS = `SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
