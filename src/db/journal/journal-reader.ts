import type { Client } from 'pg';
import type { ConnectionFailure } from '../../model/failure.js';
import type { JournalJob, JournalRun } from '../../model/journal.js';
import { quoteIdentifier } from '../../script/variables.js';
import { openClient } from '../open.js';
import type { ConnectionSettings } from '../settings/resolve.js';
import { PLACE_MARK } from '../../plan/journal-units.js';
import { runLock } from './journal-sql.js';

/** A journal as it is looked at afterwards. It makes nothing. */
export class JournalReader {
  readonly #client: Client;
  readonly #schema: string;

  private constructor(client: Client, schema: string) {
    this.#client = client;
    this.#schema = schema;
  }

  static async open(
    settings: ConnectionSettings,
    schema: string,
  ): Promise<JournalReader | ConnectionFailure> {
    const opened = await openClient(settings, { applicationName: 'pqrun: journal', serverSettings: {} });
    if (!opened.ok) return opened.failure;
    return new JournalReader(opened.client, schema);
  }

  exists(): Promise<boolean> {
    return this.#has('job');
  }

  async #has(name: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ found: boolean }>(
      'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS found',
      [this.#table(name)],
    );
    return rows[0]?.found === true;
  }

  /** The latest last. */
  async runs(): Promise<readonly JournalRun[]> {
    const cut = (await this.#has('piece'))
      ? `(SELECT pg_catalog.count(*) FROM ${this.#table('piece')} p WHERE p.run = r.run AND p.piece >= 0)`
      : '0';
    const { rows } = await this.#client.query<
      Omit<JournalRun, 'done' | 'planned'> & { readonly done: string; readonly planned: string }
    >(
      `SELECT r.run, r.began::text, r.since::text, r.ended::text, r.status, r.host, r.pid,
          -- Of places for pieces those count that have one.
          (SELECT pg_catalog.count(*) FROM pg_catalog.unnest(pg_catalog.string_to_array(r.plan, E'\\n')) AS u (key)
            WHERE u.key <> '' AND u.key NOT LIKE '%${PLACE_MARK}%') + ${cut} AS planned,
          (SELECT pg_catalog.count(*) FROM ${this.#table('job')} j WHERE j.run = r.run) AS done
        FROM ${this.#table('run')} r ORDER BY r.since, r.run`,
    );
    return rows.map((row) => ({ ...row, planned: Number(row.planned), done: Number(row.done) }));
  }

  /** In the order in which they were done. */
  async jobs(run: string): Promise<readonly JournalJob[]> {
    const { rows } = await this.#client.query<
      Omit<JournalJob, 'rows' | 'ms'> & { readonly rows: string; readonly ms: string }
    >(
      `SELECT name, rows, began::text, ended::text, extract(epoch FROM ended - began) * 1000 AS ms, attempt, connection, backend,
          version, key
        FROM ${this.#table('job')} WHERE run = $1 ORDER BY ended, key`,
      [run],
    );
    return rows.map((row) => ({ ...row, rows: Number(row.rows), ms: Number(row.ms) }));
  }

  /** False: a pqrun works on it. */
  async forget(run: string): Promise<boolean> {
    const lock = runLock(run).join(', ');
    const { rows } = await this.#client.query<{ taken: boolean }>(
      `SELECT pg_catalog.pg_try_advisory_lock(${lock}) AS taken`,
    );
    if (rows[0]?.taken !== true) return false;
    await this.#client.query('BEGIN');
    for (const name of ['job', 'piece', 'run'])
      if (await this.#has(name))
        await this.#client.query(`DELETE FROM ${this.#table(name)} WHERE run = $1`, [run]);
    await this.#client.query('COMMIT');
    return true;
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  #table(name: string): string {
    return `${quoteIdentifier(this.#schema)}.${name}`;
  }
}
