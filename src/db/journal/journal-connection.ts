import type { Client } from 'pg';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { ConnectionFailure } from '../../model/failure.js';
import { quoteIdentifier } from '../../script/variables.js';
import { isRefusal } from '../connection-lost.js';
import { sayGoodbye } from '../goodbye.js';
import { openWatched } from '../open-watched.js';
import type { ConnectionSettings } from '../settings/resolve.js';
import type { JournalSetup } from '../task.js';
import { createJournal, JOURNAL_VERSION, runLock, sessionLocks } from './journal-sql.js';
import { JournalPieces } from './pieces.js';
import { invalidIndexes, type WantedIndex } from './unfinished-indexes.js';
import { endSessions, Participation } from './participation.js';

/**
 * The journal of a run in one database, seen from the main thread: a connection of its own, which holds the run's lock for as
 * long as the run lasts, so that a second pqrun with the same run finds out.
 *
 * Before the journal is read, the sessions that the run before has left behind are ended: what they had not committed by then
 * they never will.
 */
export class JournalConnection {
  readonly #setup: JournalSetup;
  readonly #client: Client;
  /** Undefined: the run is not shared with other pqruns. */
  readonly participation: Participation | undefined;
  readonly pieces: JournalPieces;

  private constructor(setup: JournalSetup, client: Client) {
    this.#setup = setup;
    this.#client = client;
    const { participant } = setup;
    this.participation =
      participant === undefined ? undefined : new Participation(client, setup, participant);
    this.pieces = new JournalPieces(client, this.#table('piece'), setup.run);
  }

  /** Opens the connection, and makes the journal where there is none. */
  static async open(
    settings: ConnectionSettings,
    setup: JournalSetup,
  ): Promise<JournalConnection | ConnectionFailure | JournalFault> {
    const opened = await openWatched(settings, {
      applicationName: 'pqrun: journal',
      // What it says of a run is on disk before anything that the run says later.
      serverSettings: { synchronous_commit: 'off', statement_timeout: '0', lock_timeout: '0' },
    });
    if (!opened.ok) return opened.failure;
    const { client } = opened;
    const journal = new JournalConnection(setup, client);
    try {
      const fault = await journal.#prepare();
      if (fault === undefined) return journal;
      await journal.close();
      return fault;
    } catch (error) {
      await journal.close();
      return { kind: 'connection', phase: 'lost', message: wordsOf(error) };
    }
  }

  async #prepare(): Promise<JournalFault | undefined> {
    const { schema } = this.#setup;
    try {
      const found = await this.#version();
      if (found !== undefined && !(found <= JOURNAL_VERSION))
        return {
          message: `the journal in schema ${schema} is of version ${found}, and this pqrun knows version ${JOURNAL_VERSION}`,
          hint: 'use the pqrun that made it, or another schema: --journal=SCHEMA',
        };
      if (found !== JOURNAL_VERSION) await this.#create();
      return undefined;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return {
        message: `the journal cannot be made in schema ${schema}: ${wordsOf(error)}`,
        hint: 'it needs the right to create a schema in the database, once; or name one that has been made: --journal=SCHEMA',
      };
    }
  }

  async #version(): Promise<number | undefined> {
    const { rows } = await this.#client.query<{ comment: string | null }>(
      `SELECT pg_catalog.obj_description(t.relnamespace, 'pg_namespace') AS comment
        FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = $1 AND t.relname = 'job' AND t.relkind = 'r'`,
      [this.#setup.schema],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return Number(/Version (\d+)/.exec(row.comment ?? '')?.[1] ?? Number.NaN);
  }

  /** Two at a time get into each other's way. */
  async #create(): Promise<void> {
    const [key] = runLock('');
    await this.#client.query(
      `BEGIN; SELECT pg_catalog.pg_advisory_xact_lock(${key}, 0); ${createJournal(this.#setup.schema)} COMMIT`,
    );
  }

  /** Takes the run's lock; otherwise tells who has it. */
  async lock(): Promise<Holder | undefined> {
    const { rows } = await this.#client.query<{ taken: boolean }>(
      `SELECT pg_catalog.pg_try_advisory_lock(${runLock(this.#setup.run).join(', ')}) AS taken`,
    );
    return rows[0]?.taken === true ? undefined : this.holder();
  }

  /** Who works on the run, as far as it is known. */
  async holder(): Promise<Holder> {
    const { rows: runs } = await this.#client.query<Holder>(
      `SELECT host, pid, since::text FROM ${this.#table('run')} WHERE run = $1`,
      [this.#setup.run],
    );
    return runs[0] ?? { host: 'another machine', pid: 0, since: '' };
  }

  /** Ends what the run before has left on the server; returns how many sessions that were. */
  endLeftovers(): Promise<number> {
    return endSessions(this.#client, sessionLocks(this.#setup.run));
  }

  /** Drops what is left of indexes that are to be built; tells of it, and of what may be left of those without a name. */
  async mendIndexes(wanted: readonly WantedIndex[]): Promise<readonly Diagnostic[]> {
    const told: Diagnostic[] = [];
    for (const { index, name } of await invalidIndexes(this.#client, wanted)) {
      const isNamed = wanted.some((one) => one.index === index);
      if (isNamed) await this.#client.query(`DROP INDEX CONCURRENTLY ${name}`);
      told.push({
        severity: 'warning',
        message: `index ${name} was left half built${isNamed ? ', and has been dropped: it is built again' : ''}`,
        ...(isNamed ? {} : { hint: `when it is of no use: DROP INDEX CONCURRENTLY ${name}` }),
      });
    }
    return told;
  }

  /** What is known of the run; undefined: nothing. */
  async read(): Promise<Known | undefined> {
    const { run } = this.#setup;
    const { rows: runs } = await this.#client.query<KnownRun>(
      `SELECT pieces, single, plan FROM ${this.#table('run')} WHERE run = $1`,
      [run],
    );
    const [known] = runs;
    if (known === undefined) return undefined;
    const { rows } = await this.#client.query<{ key: string }>({
      text: `SELECT key FROM ${this.#table('job')} WHERE run = $1`,
      values: [run],
    });
    const { rows: cut } = await this.#client.query<{ count: number }>(
      `SELECT pg_catalog.count(*)::int4 AS count FROM ${this.#table('piece')} WHERE run = $1 AND piece >= 0`,
      [run],
    );
    return {
      cut: cut[0]?.count ?? 0,
      pieces: known.pieces,
      single: known.single,
      planned: new Set(known.plan.split('\n')),
      done: new Set(rows.map(({ key }) => key)),
    };
  }

  async forget(): Promise<void> {
    const { run } = this.#setup;
    for (const name of ['job', 'piece', 'run'])
      await this.#client.query(`DELETE FROM ${this.#table(name)} WHERE run = $1`, [run]);
  }

  /** The run begins, or goes on. */
  async begin({ pieces, single, planned, host }: Beginning): Promise<void> {
    const { run, version } = this.#setup;
    await this.#client.query(
      `INSERT INTO ${this.#table('run')} AS r (run, pieces, plan, host, pid, version, single) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (run) DO UPDATE SET plan = excluded.plan, host = excluded.host, pid = excluded.pid,
          since = excluded.since, ended = NULL, status = NULL, version = excluded.version`,
      [run, pieces, [...planned].join('\n'), host, process.pid, version, single],
    );
  }

  async end(status: string): Promise<void> {
    await this.#client.query(
      `UPDATE ${this.#table('run')} SET ended = pg_catalog.now(), status = $2 WHERE run = $1`,
      [this.#setup.run, status],
    );
  }

  async close(): Promise<void> {
    await sayGoodbye(this.#client);
  }

  #table(name: string): string {
    return `${quoteIdentifier(this.#setup.schema)}.${name}`;
  }
}

/** Why there is no journal. */
export interface JournalFault {
  readonly message: string;
  readonly hint: string;
}

/** Who works on the run. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

export interface Known {
  /** Connections that splits were cut for. */
  readonly pieces: number;
  /** Pieces of tables that are known. */
  readonly cut: number;
  /** Each script was one transaction. */
  readonly single: boolean;
  /** Keys of all that there was to do. */
  readonly planned: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
}

interface KnownRun {
  readonly pieces: number;
  readonly single: boolean;
  readonly plan: string;
}

export interface Beginning {
  readonly pieces: number;
  readonly single: boolean;
  readonly planned: Iterable<string>;
  readonly host: string;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
