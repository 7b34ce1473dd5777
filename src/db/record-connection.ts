import type { Client } from 'pg';
import type { ConnectionFailure, Failure } from '../model/failure.js';
import { BoundQuery } from './bound-query.js';
import { openClient } from './open.js';
import type { ConnectionSettings } from './settings/settings.js';
import type { Value } from './result-taker.js';
import { StatementQuery } from './statement-query.js';

/**
 * A connection for queries that are asked before a run, or for a plan, which must change nothing: each is the one statement
 * of a read-only transaction. It speaks UTF-8.
 */
export class RecordConnection {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(
    settings: ConnectionSettings,
    serverSettings: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly ok: true; readonly connection: RecordConnection }
    | { readonly ok: false; readonly failure: ConnectionFailure; readonly needsPassword: boolean }
  > {
    const opened = await openClient(settings, { applicationName: 'pqrun: values', serverSettings });
    return opened.ok ? { ok: true, connection: new RecordConnection(opened.client) } : opened;
  }

  /** Runs --init-sql. */
  async prepare(sql: string): Promise<ConnectionFailure | undefined> {
    const { failure } = await this.#client.query(new StatementQuery(sql)).done;
    if (failure === undefined || failure.kind === 'connection') return failure;
    return { kind: 'connection', phase: 'open', message: `--init-sql failed: ${failure.message}` };
  }

  async ask(sql: string): Promise<{
    readonly columns: readonly string[];
    readonly rows: readonly (readonly Value[])[];
    readonly failure?: Failure;
  }> {
    await this.#client.query(new StatementQuery('BEGIN TRANSACTION READ ONLY')).done;
    const { failure, results } = await this.#client.query(new BoundQuery({ text: sql, parameters: [] })).done;
    await this.#client.query(new StatementQuery('ROLLBACK')).done;
    const [result] = results;
    const found = result?.kind === 'rows' ? result : { fields: [], rows: [] };
    const answer = { columns: found.fields.map(({ name }) => name), rows: found.rows };
    return failure === undefined ? answer : { ...answer, failure };
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}
