import pg from 'pg';
import { StatementQuery } from '../../src/db/statement-query.js';
import type { ServerAccess } from '../server.js';
import { ROLES } from './roles.js';
import { sentText, type Entry } from './program.js';

/**
 * Databases of one server, made for one build each, and sessions in them. A copy of template0 by files takes 15 ms on a
 * server that does not sync, which is less than to tell what a program has left behind.
 */
export class Scratch {
  readonly server: ServerAccess;
  readonly #prefix: string;
  #admin: pg.Client | undefined;
  #made = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: ServerAccess, prefix: string) {
    this.server = server;
    this.#prefix = prefix;
  }

  /** The roles that programs name. They are of the whole server, and so made once. */
  async begin(): Promise<void> {
    this.#admin = await this.#connect(this.server.database);
    for (const role of ROLES)
      await this.#admin.query(
        `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
    await this.#admin.query(`ALTER SYSTEM SET deadlock_timeout = '200ms'`);
    await this.#admin.query('SELECT pg_reload_conf()');
  }

  async end(): Promise<void> {
    await this.#admin?.end();
  }

  /** Does something in a database that is gone afterwards. */
  async within<T>(use: (database: string) => Promise<T>): Promise<T> {
    const name = `${this.#prefix}_${++this.#made}`;
    await this.#command(`CREATE DATABASE ${name} TEMPLATE template0 ${this.#strategy}`);
    try {
      return await use(name);
    } finally {
      await this.#command(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  }

  async session<T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.#connect(database);
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  url(database: string): string {
    const { host, port, user, password } = this.server;
    const name = password === '' ? user : `${user}:${encodeURIComponent(password)}`;
    return `postgresql://${name}@${host}:${port}/${database}`;
  }

  get #strategy(): string {
    return 'STRATEGY file_copy';
  }

  #command(sql: string): Promise<unknown> {
    const done = this.#turn.then(() => this.#admin?.query(sql));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({ ...this.server, database, ssl: false, options: SETTINGS });
    // A session that its server ends says so to the query that runs, or to nobody.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** A program that never ends is no program; what is in the way of another is told at once. */
const SETTINGS = '-c statement_timeout=8s -c client_min_messages=error -c synchronous_commit=off';

/** Sends an entry as psql would; says what went wrong. */
export async function send(client: pg.Client, entry: Entry): Promise<string | undefined> {
  const bytes = Buffer.from(entry.data ?? '');
  return sendText(client, sentText(entry), entry.data === undefined ? undefined : bytes);
}

export async function sendText(client: pg.Client, text: string, data?: Buffer): Promise<string | undefined> {
  const input = data === undefined ? undefined : () => inOneChunk(data);
  const { failure } = await client.query(new StatementQuery(text, { input })).done;
  return failure?.message;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* inOneChunk(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}
