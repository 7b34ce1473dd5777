import type { Client, QueryResult } from 'pg';
import type { ConnectionFailure } from '../model/failure.js';
import { readCatalogWith, type CatalogWith } from './catalog/read-catalog.js';
import { ConnectionLost } from './connection-lost.js';
import { EPOCH } from './epoch.js';
import { sayGoodbye } from './goodbye.js';
import { lookOver, probe, type Sight, type Suspect } from './look.js';
import type { Opened } from './open.js';
import { openWatched } from './open-watched.js';
import { WORKER_SETTINGS, type ServerSetting } from './parallel-workers.js';
import type { ConnectionSettings } from './settings/resolve.js';
import { watchTimes } from './watch.js';

/**
 * The one extra connection, held by the main thread: it counts free connection slots before the others are opened, asks
 * how many parallel workers the server has, reads the catalog, cancels running statements, and flushes the run's commits
 * to disk at the end.
 *
 * It never runs anything of the user's. When it breaks it is opened again at the next use.
 */
export class ControlConnection {
  readonly #databases: readonly ConnectionSettings[];
  #client: Client | undefined;
  #opening: Promise<ConnectionFailure | undefined> | undefined;
  /** What the client was opened with. */
  #openedWith: ConnectionSettings | undefined;
  /** Settled when the last query that was asked for is answered. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Queries that are not answered. */
  #asked = 0;
  /** Questions that go with the next message. */
  #questions: Question[] = [];
  #needsPassword = false;
  #wasOpen = false;
  #isPooled = false;

  /** Databases of one server, any of which will do: the first that lets it in. */
  constructor(databases: readonly ConnectionSettings[]) {
    this.#databases = databases;
  }

  /** Several may ask for it at the same time. */
  async open(): Promise<ConnectionFailure | undefined> {
    if (this.#client !== undefined) return undefined;
    this.#opening ??= this.#openNow().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #openNow(): Promise<ConnectionFailure | undefined> {
    const opened = await this.#openAny();
    if (!opened.ok) {
      this.#needsPassword = opened.needsPassword;
      return opened.failure;
    }
    const client = opened.client;
    const forget = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    this.#client = client;
    this.#openedWith = opened.settings;
    const isFirst = !this.#wasOpen;
    this.#wasOpen = true;
    this.#isPooled = opened.pooled !== undefined;
    return isFirst && this.#isPooled ? this.#checkOthers(opened.settings) : undefined;
  }

  /** A pooler may keep the sessions of one database and not those of another. */
  async #checkOthers(known: ConnectionSettings): Promise<ConnectionFailure | undefined> {
    for (const settings of this.#databases.filter((other) => other !== known)) {
      const opened = await openWatched(settings, { applicationName: 'pqrun: control', serverSettings: {} });
      if (opened.ok) await sayGoodbye(opened.client);
      else if (!OF_DATABASES.has(opened.failure.code ?? '')) return opened.failure;
    }
    return undefined;
  }

  async #openAny(): Promise<OpenedAny> {
    const serverSettings = { synchronous_commit: 'on', statement_timeout: '0' };
    let refused: OpenedAny | undefined;
    for (const settings of this.#databases) {
      const opened = {
        ...(await openWatched(settings, {
          applicationName: 'pqrun: control',
          serverSettings,
          pooler: this.#isPooled ? 'there' : 'ask',
          greeting: NO_IDLE_TIMEOUT,
        })),
        settings,
      };
      if (opened.ok || !OF_DATABASES.has(opened.failure.code ?? '')) return opened;
      refused ??= opened;
    }
    if (refused === undefined) throw new RangeError('a server without databases');
    return refused;
  }

  /** The server was reached, if perhaps not now. */
  get wasOpen(): boolean {
    return this.#wasOpen;
  }

  /** A pooler stands before the server, one that keeps sessions. */
  get isPooled(): boolean {
    return this.#isPooled;
  }

  /** The last `open` failed only for want of a password. */
  get needsPassword(): boolean {
    return this.#needsPassword;
  }

  /**
   * How many more connections this role may open to this database now. Counts what the server reserves for
   * superusers, and the limits of role and database (PostgreSQL, "Connection Settings").
   */
  async freeSlots(): Promise<number> {
    const rows = await this.#ask<{ free: string | number }>(FREE_SLOTS);
    return Number(rows[0]?.free ?? 0);
  }

  /** The settings about parallel workers that this server knows, as a session of this run finds them. */
  async workerSettings(): Promise<readonly ServerSetting[]> {
    const names = WORKER_SETTINGS.map((name) => `'${name}'`).join(', ');
    const rows = await this.#ask<{ name: string; setting: string; source: string }>(
      `SELECT name, setting, source FROM pg_catalog.pg_settings WHERE name IN (${names})`,
    );
    return rows.map(({ name, setting, source }) => ({ name, value: Number(setting), source }));
  }

  /** The first value that a query of the user's gives, as text. Throws what the server says of it. */
  async firstValue(text: string): Promise<string | undefined> {
    const [row] = await this.#query<Record<string, string | number | boolean | null>>(text);
    const [value] = Object.values(row ?? {});
    return value === undefined || value === null ? undefined : String(value);
  }

  /** See epoch.ts. */
  async epoch(): Promise<string> {
    const [row] = await this.#ask<{ epoch: string }>(EPOCH);
    return row?.epoch ?? '';
  }

  /** Asks the server to cancel what these backends run. Backends that are gone are passed over. */
  async cancel(backends: readonly number[]): Promise<void> {
    if (backends.length === 0) return;
    await this.#query(
      `SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.unnest('{${backends.join(',')}}'::int[]) AS pid`,
    );
  }

  /**
   * Makes everything committed so far durable. Sessions run with synchronous_commit = off; WAL is flushed in order,
   * so one synchronous commit behind them flushes them all. It must have written something: a commit of a transaction that
   * has not is never waited for (src/backend/access/transam/xact.c, RecordTransactionCommit). A message to logical decoding is
   * the least that can be written; nobody listens to it. A standby has no commits of its own.
   */
  async flush(): Promise<void> {
    await this.#ask(
      "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_logical_emit_message(true, 'pqrun', '') END",
    );
  }

  /**
   * What one of the databases of this server holds. The control connection reads it where it was opened for just these
   * settings, else a connection that is closed again: another database has a catalog of its own, and other options may
   * begin with another search_path. Throws why it cannot be read. What else is asked of the control connection waits
   * meanwhile: some milliseconds, and seconds only where somebody else holds a lock that the reading needs. `also`: a query of the
   * same moment.
   */
  async readCatalogWith(settings: ConnectionSettings, also?: string): Promise<CatalogWith> {
    const failure = await this.open();
    if (failure === undefined && this.#client !== undefined && this.#openedWith === settings) {
      const client = this.#client;
      return this.#inTurn(() => readCatalogWith(client, also)).catch((error: unknown) => {
        throw ConnectionLost.from(error);
      });
    }
    const opened = await openWatched(settings, {
      applicationName: 'pqrun: catalog',
      serverSettings: { statement_timeout: '0' },
      pooler: this.#isPooled ? 'there' : 'unasked',
    });
    if (!opened.ok) throw new Error(opened.failure.message);
    try {
      return await readCatalogWith(opened.client, also);
    } finally {
      await sayGoodbye(opened.client);
    }
  }

  /** At a silent connection to one of the databases. A control connection that is busy, or silent itself, is not waited for. */
  async look(settings: ConnectionSettings, suspect: Suspect): Promise<Sight> {
    const [client, { answer }] = [this.#client, watchTimes()];
    const sight =
      client === undefined || this.#asked > 0
        ? undefined
        : await lookOver((text) => this.#inTurn(() => client.query(text)), suspect, answer);
    return sight ?? probe(settings, suspect, answer);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await sayGoodbye(client);
  }

  async #query<Row extends object>(text: string): Promise<readonly Row[]> {
    const [rows = []] = await this.#queryAll([text]);
    // It is what the text asks for.
    return rows as readonly Row[];
  }

  /** Statements in one message: the rows of each. */
  async #queryAll(texts: readonly string[]): Promise<readonly (readonly object[])[]> {
    const failure = await this.open();
    const client = this.#client;
    if (failure !== undefined || client === undefined) {
      throw new ConnectionLost(failure?.message ?? 'the control connection was lost');
    }
    try {
      // Of several statements pg gives several results, which its types do not know.
      const results: QueryResult<object> | readonly QueryResult<object>[] = await this.#inTurn(() =>
        client.query<object>(texts.join('; ')),
      );
      return [results].flat().map(({ rows }) => rows);
    } catch (error) {
      throw ConnectionLost.from(error);
    }
  }

  /**
   * As #query, for what may be asked together with others, and again: what is asked before the server has a turn goes in one
   * message. Where that fails each is asked by itself, so that everybody is told of his own.
   */
  async #ask<Row extends object>(text: string): Promise<readonly Row[]> {
    const answer = new Promise<readonly object[]>((resolve, reject) => {
      this.#questions.push({ text, resolve, reject });
    });
    if (this.#questions.length === 1) void this.#turn.then(() => this.#askAll());
    // It is what the text asks for.
    return (await answer) as readonly Row[];
  }

  async #askAll(): Promise<void> {
    const asked = this.#questions.splice(0);
    const texts = asked.map(({ text }) => text);
    const together = texts.length === 1 ? [] : await this.#queryAll(texts).catch(() => []);
    for (const [index, { text, resolve, reject }] of asked.entries()) {
      const rows = together[index];
      if (rows === undefined) await this.#query(text).then(resolve, reject);
      else resolve(rows);
    }
  }

  /** pg wants no query while another one runs. */
  async #inTurn<Result>(ask: () => Promise<Result>): Promise<Result> {
    this.#asked += 1;
    const answer = this.#turn.then(ask).finally(() => (this.#asked -= 1));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }
}

interface Question {
  /** One statement. */
  readonly text: string;
  readonly resolve: (rows: readonly object[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** Refusals that say nothing of other databases: it does not exist, or the role may not connect to it. */
const OF_DATABASES: ReadonlySet<string> = new Set(['3D000', '42501']);

type OpenedAny = Opened & { readonly settings: ConnectionSettings };

/** A setting that servers before 14 do not know, so that no start-up packet may name it. */
const NO_IDLE_TIMEOUT = `SELECT pg_catalog.set_config('idle_session_timeout', '0', false) WHERE pg_catalog.current_setting('idle_session_timeout', true) IS NOT NULL`;

/** By functions, not by the views pg_stat_activity and pg_stat_database: see EPOCH. */
const FREE_SLOTS = `
  SELECT least(
    current_setting('max_connections')::int
      - CASE WHEN r.rolsuper THEN 0 ELSE
          current_setting('superuser_reserved_connections')::int
          + coalesce(current_setting('reserved_connections', true)::int, 0) END
      - (SELECT sum(pg_catalog.pg_stat_get_db_numbackends(s.oid)) FROM pg_catalog.pg_database s),
    CASE WHEN r.rolsuper OR r.rolconnlimit < 0 THEN 100000 ELSE r.rolconnlimit
      - (SELECT count(*) FROM pg_catalog.pg_stat_get_activity(NULL) a WHERE a.usesysid = r.oid) END,
    CASE WHEN r.rolsuper OR d.datconnlimit < 0 THEN 100000 ELSE d.datconnlimit
      - (SELECT count(*) FROM pg_catalog.pg_stat_get_activity(NULL) a WHERE a.datid = d.oid) END
  ) AS free
  FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
  WHERE r.rolname = session_user AND d.datname = current_database()`;
