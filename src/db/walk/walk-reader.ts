import type { Client } from 'pg';
import type { ConnectionFailure } from '../../model/failure.js';
import type { ChunkSplit } from '../../model/script.js';
import { ConnectionLost, isRefusal } from '../connection-lost.js';
import { sayGoodbye } from '../goodbye.js';
import { openWatched } from '../open-watched.js';
import type { ConnectionSettings } from '../settings/settings.js';
import { readAxis, typed, type AxisRequest, type FoundAxis } from './read-axis.js';
import {
  findTable,
  tableFacts,
  WalkFault,
  type Row,
  type TableFacts,
  type TypedColumn,
} from './walk-facts.js';

/**
 * Looks at the tables that splits walk, over a connection of its own, in read-only transactions: first in a session as the script's
 * would be (its SETs), in which names mean what they mean there; then with settings in which each value is written so
 * that every session reads it as the same.
 *
 * What the server refuses is a WalkFault; a connection that breaks is a ConnectionLost.
 */
export class WalkReader {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(
    settings: ConnectionSettings,
    serverSettings: Readonly<Record<string, string>>,
  ): Promise<
    | { readonly ok: true; readonly reader: WalkReader }
    | { readonly ok: false; readonly failure: ConnectionFailure; readonly needsPassword: boolean }
  > {
    const opened = await openWatched(settings, { applicationName: 'pqrun: split', serverSettings });
    return opened.ok ? { ok: true, reader: new WalkReader(opened.client) } : opened;
  }

  /** Undefined: there is no such table, or what the script has SET before (`context`) cannot be. */
  async facts(split: ChunkSplit, context: readonly string[]): Promise<TableFacts | undefined> {
    const table = split.walked?.table ?? split.table;
    if (!(await this.#setUp(context))) return undefined;
    const found = await findTable((sql) => this.#ask(sql), { ...split, table });
    await this.#ask(EXACT);
    return found && tableFacts((sql) => this.#ask(sql), found, split);
  }

  /** Of a table whose facts are known. */
  async axis(facts: TableFacts, request: AxisRequest, context: readonly string[]): Promise<FoundAxis> {
    // The role counts.
    await this.#setUp(context);
    await this.#ask(EXACT);
    return readAxis((sql) => this.#ask(sql), facts, request);
  }

  /** The plan of a statement, line by line, in the session of the script; undefined: it has none, as things are. */
  async plan(sql: string, context: readonly string[]): Promise<readonly string[] | undefined> {
    if (!(await this.#setUp(context))) return undefined;
    try {
      const rows = await this.#ask(`BEGIN READ ONLY; EXPLAIN (COSTS OFF) ${sql}`);
      return rows.map((row) => Object.values(row)[0] ?? '');
    } catch (error) {
      if (error instanceof WalkFault) return undefined;
      throw error;
    } finally {
      await this.#ask('ROLLBACK').catch(() => undefined);
    }
  }

  /** A value of a column, as a literal; undefined: there is none. `last`: the greatest. */
  async anyValue({ name }: TableFacts, column: TypedColumn, last: boolean): Promise<string | undefined> {
    const order = last ? `ORDER BY t.${column.name} DESC` : '';
    const [row] = await this.#ask(
      `SELECT pg_catalog.format('%L', t.${column.name}) AS v FROM ${name} AS t WHERE t.${column.name} IS NOT NULL ${order} LIMIT 1`,
    );
    return typeof row?.v === 'string' ? typed(row.v, column) : undefined;
  }

  async #setUp(context: readonly string[]): Promise<boolean> {
    try {
      for (const text of ['RESET ALL', 'RESET ROLE', ...context]) await this.#ask(text);
      return true;
    } catch (error) {
      if (error instanceof WalkFault) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await sayGoodbye(this.#client);
  }

  async #ask(sql: string): Promise<readonly Row[]> {
    try {
      const answer = await this.#client.query<(string | null)[]>({
        text: sql,
        rowMode: 'array',
        types: TEXTS,
      });
      // Several statements in one message give several answers.
      const last = Array.isArray(answer) ? (answer as (typeof answer)[]).at(-1) : answer;
      const names = last?.fields.map(({ name }) => name) ?? [];
      return (last?.rows ?? []).map((row) =>
        Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
      );
    } catch (error) {
      if (!isRefusal(error)) throw new ConnectionLost(error);
      const { message, hint } = error as Error & { readonly hint?: string };
      throw new WalkFault(message, hint);
    }
  }
}

/** Values come as the server writes them. */
const TEXTS = { getTypeParser: () => (value: string | null) => value };

/** Whoever reads such a value, with whatever settings, gets the same. */
const EXACT = `SELECT pg_catalog.set_config('search_path', '', false), pg_catalog.set_config('datestyle', 'ISO', false),
  pg_catalog.set_config('intervalstyle', 'iso_8601', false), pg_catalog.set_config('timezone', 'UTC', false),
  pg_catalog.set_config('extra_float_digits', '1', false), pg_catalog.set_config('bytea_output', 'hex', false),
  pg_catalog.set_config('default_transaction_read_only', 'on', false)`;
