import pg from 'pg';
import { readCatalog } from '../../src/db/catalog/read-catalog.js';
import { describeDatabase } from '../../src/db/compare/describe.js';
import type { DatabaseDescription } from '../../src/db/compare/description.js';
import type { CatalogRows } from '../../src/model/catalog-rows.js';
import { StatementQuery } from '../../src/db/statement-query.js';
import type { ServerAccess } from '../server.js';
import { LIMITS, SECONDS } from './limits.js';
import { ROLES } from './roles.js';
import { sentText, type Entry } from './program.js';

/**
 * Empty databases of one server, and sessions in them. A database is emptied and used again, which takes a tenth of the time
 * that a new one takes; after some uses its catalog has grown fat, and it is dropped.
 *
 * Statements of programs get sessions of their own. What is done to a database between them (it is emptied, it is described)
 * is done by one session that stays, which knows the system's catalogs by then: a new one needs twice the time.
 */
export class Scratch {
  readonly server: ServerAccess;
  readonly #prefix: string;
  #admin: pg.Client | undefined;
  #made = 0;
  readonly #free: Database[] = [];
  /** Those in use. */
  readonly #taken = new Map<string, Database>();
  #emptyCatalog: Promise<CatalogRows> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;

  constructor(server: ServerAccess, prefix: string) {
    this.server = server;
    this.#prefix = prefix;
  }

  /** The roles that programs name. They are of the whole server, and so made once. */
  async begin(): Promise<void> {
    this.#admin = await this.connect(this.server.database);
    for (const role of ROLES)
      await this.#admin.query(
        `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
    const endless = endlessOf(this.#prefix);
    this.#watch = setInterval(() => void this.#command(endless).catch(() => undefined), WATCHED_EVERY);
  }

  async end(): Promise<void> {
    clearInterval(this.#watch);
    await this.#turn;
    for (const database of this.#free.splice(0)) await this.#drop(database);
    await this.#admin?.end();
  }

  /** Does something in an empty database. */
  async within<T>(use: (database: string) => Promise<T>): Promise<T> {
    const database = this.#free.pop() ?? (await this.#make());
    this.#taken.set(database.name, database);
    try {
      return await use(database.name);
    } finally {
      this.#taken.delete(database.name);
      await this.#giveBack(database);
    }
  }

  /** Of a database that is in use, and in which nothing runs. */
  describe(name: string): Promise<DatabaseDescription> {
    return describeDatabase(this.#keeperOf(name));
  }

  /** As `describe`: by a session that is there already, as in a run. */
  readCatalog(name: string): Promise<CatalogRows> {
    return readCatalog(this.#keeperOf(name));
  }

  /** What the catalog of a database in use says as long as it is empty: the same of each, and so read once. */
  async emptyCatalog(name: string): Promise<CatalogRows> {
    this.#emptyCatalog ??= this.within((database) => readCatalog(this.#keeperOf(database)));
    const { session, ...rows } = await this.#emptyCatalog;
    return { ...rows, session: { ...session, database: name } };
  }

  #keeperOf(name: string): pg.Client {
    const database = this.#taken.get(name);
    if (database === undefined) throw new Error(`${name} is not in use`);
    return database.keeper;
  }

  async #make(): Promise<Database> {
    const name = `${this.#prefix}_${++this.#made}`;
    await this.#command(`CREATE DATABASE ${name} TEMPLATE template0`);
    const database = { name, keeper: await this.connect(name), uses: 0 };
    if (!(await this.#empty(database))) throw new Error(`${name} cannot be emptied`);
    return database;
  }

  async #giveBack(database: Database): Promise<void> {
    if (++database.uses < MOST_USES && (await this.#empty(database))) this.#free.push(database);
    else await this.#drop(database);
  }

  /** Says whether there is nothing left. */
  async #empty({ keeper }: Database): Promise<boolean> {
    if ((await sendText(keeper, EMPTY)) !== undefined) return false;
    const { rows } = await keeper.query<{ left: string }>(LEFT);
    return rows[0]?.left === '0';
  }

  async #drop({ name, keeper }: Database): Promise<void> {
    await keeper.end();
    await this.#command(`DROP DATABASE ${name} WITH (FORCE)`);
  }

  async session<T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.connect(database);
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  /** By the session that stays. */
  async ask<T extends pg.QueryResultRow>(name: string, query: string): Promise<pg.QueryResult<T>> {
    return this.#keeperOf(name).query<T>(query);
  }

  url(database: string): string {
    const { host, port, user, password } = this.server;
    const name = password === '' ? user : `${user}:${encodeURIComponent(password)}`;
    return `postgresql://${name}@${host}:${port}/${database}`;
  }

  #command(sql: string): Promise<unknown> {
    const done = this.#turn.then(() => this.#admin?.query(sql));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** A session that whoever asks for it ends. */
  async connect(database: string, more = ''): Promise<pg.Client> {
    const options = `${SETTINGS} ${more}`;
    const client = new pg.Client({ ...this.server, database, ssl: false, options });
    // A session that its server ends says so to the query that runs, or to nobody.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

interface Database {
  readonly name: string;
  readonly keeper: pg.Client;
  uses: number;
}

const MOST_USES = 60;

/** The schema public is made as in a new database; default privileges can only be taken back one by one otherwise. */
const EMPTY = `DO $$ DECLARE one name; BEGIN
  FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', one); END LOOP;
  FOR one IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', one); END LOOP;
  FOR one IN SELECT fdwname FROM pg_foreign_data_wrapper
  LOOP EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', one); END LOOP;
  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
  CREATE SCHEMA public AUTHORIZATION pg_database_owner;
  GRANT USAGE ON SCHEMA public TO PUBLIC;
  COMMENT ON SCHEMA public IS 'standard public schema';
  DELETE FROM pg_shdepend WHERE classid = 'pg_default_acl'::regclass
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
  DELETE FROM pg_default_acl;
  EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
END $$`;

const LEFT = `SELECT (SELECT count(*) FROM pg_class WHERE oid >= 16384) + (SELECT count(*) FROM pg_type WHERE oid >= 16384)
  + (SELECT count(*) FROM pg_proc WHERE oid >= 16384) AS left`;

const SETTINGS = Object.entries({ ...LIMITS, client_min_messages: 'error', synchronous_commit: 'off' })
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

const WATCHED_EVERY = 2_000;

/**
 * The server's own timeout ends before a COMMIT (finish_xact_command in src/backend/tcop/postgres.c), in which deferred triggers
 * can set each other off for ever.
 */
function endlessOf(prefix: string): string {
  return `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE starts_with(datname, '${prefix}_') AND state = 'active' AND query_start < now() - interval '${SECONDS + 1}s'`;
}

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
