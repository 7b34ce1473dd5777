import { resolveConnection, systemSurroundings, type ConnectionSettings } from '../db/settings/resolve.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { ConnectionFailure } from '../model/failure.js';
import { valueOf } from './value-of.js';
import type { RunOptions } from './options.js';

/** There is no connection; nothing was run. Exit status 2. */
export class ConnectError extends Error {
  readonly failure: ConnectionFailure;
  /** The server wants a password, none was found, and asking for one was not forbidden. */
  readonly needsPassword: boolean;

  constructor(
    failure: ConnectionFailure,
    options: { readonly needsPassword: boolean } = { needsPassword: false },
  ) {
    super(failure.message);
    this.name = 'ConnectError';
    this.failure = failure;
    this.needsPassword = options.needsPassword;
  }
}

export interface Server {
  readonly value: ConnectionSettings;
  readonly warnings: readonly Diagnostic[];
  stop(): Promise<void>;
}

/** Where the options lead: a server that is there, or one that is started and that the caller stops. */
export async function findServer(options: RunOptions, connections: number): Promise<Server> {
  if (options.embedded !== undefined && options.embedded !== false)
    return startServer(options.embedded, connections);
  const found = valueOf(resolveConnection(options.connection ?? {}, systemSurroundings()));
  return { ...found, stop: () => Promise.resolve() };
}

/**
 * Whether the options, or DATABASE_URL, say which database is meant. PG* variables, which are often there for other programs,
 * and libpq's defaults do not count.
 */
export function namesServer({ connection = {}, embedded = false }: RunOptions): boolean {
  const { host, port, user, dbname } = connection;
  const isNamed = [host, port, user, dbname, process.env.DATABASE_URL].some((one) => (one ?? '') !== '');
  return isNamed || embedded !== false;
}

/** The server of the options, looked for when it is needed first. */
export class NeededServer {
  readonly #options: RunOptions;
  #found: Promise<Server> | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  find(): Promise<Server> {
    return (this.#found ??= findServer(this.#options, 1));
  }

  async stop(): Promise<void> {
    const server = await this.#found?.catch(() => undefined);
    await server?.stop();
  }
}

/** The module is loaded only when asked for. */
async function startServer(embedded: true | string, connections: number): Promise<Server> {
  const { startEmbedded } = await import('../db/embedded/server.js');
  const directory = embedded === true ? {} : { directory: embedded };
  const started = await startEmbedded({ connections: connections + 1, ...directory });
  if (!started.ok) throw new InputError([started.diagnostic]);
  const { host, port, user, password, database } = started.server;
  // The environment is left out: PGHOST and DATABASE_URL speak of other servers.
  const nowhere = { ...systemSurroundings(), env: {} };
  const flags = { host, port: String(port), user, dbname: database, password };
  return { ...valueOf(resolveConnection(flags, nowhere)), stop: () => started.server.stop() };
}
