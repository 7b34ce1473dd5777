import type { ControlConnection } from '../db/control.js';
import { ConnectionPool, type PoolListener } from '../db/pool.js';
import { describeTarget } from '../db/settings/secrets.js';
import { resolveConnection, systemSurroundings, type ConnectionSettings } from '../db/settings/resolve.js';
import type { InitStatement } from '../db/task.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { ConnectionFailure } from '../model/failure.js';
import type { ServerCoresOptions } from '../run/server-cores.js';
import type { RunOptions, SettledOptions } from './options.js';
import { valueOf } from './inputs.js';
import { shareCores } from './server-cores.js';

/**
 * The database a run goes to: found, or started (`embedded`); reached over the control connection, its free connection
 * slots counted, the threads that will hold the others on their way.
 *
 * The first of these others is opened at once, because there is always need of one and opening takes as long as
 * reading a small input; not so with --init-sql, which must not be sent before the input is known to be right.
 */
export interface Target {
  readonly description: string;
  readonly settings: ConnectionSettings;
  readonly control: ControlConnection;
  readonly pool: ConnectionPool;
  readonly warnings: readonly Diagnostic[];
  /** What jobs and the server's own parallel workers share; undefined: they do not. */
  readonly serverCores: ServerCoresOptions | undefined;
  /** How many of the wanted connections the server has room for. Throws ConnectError when there is none. */
  allot(wanted: number): { readonly connections: number; readonly warnings: readonly Diagnostic[] };
  close(): Promise<void>;
}

export interface TargetSetup {
  readonly initSql: readonly InitStatement[];
  readonly exitSql: readonly string[];
  readonly listener: PoolListener;
}

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

export async function openTarget(
  options: RunOptions,
  settled: SettledOptions,
  setup: TargetSetup,
): Promise<Target> {
  const server = await findServer(options, settled.jobs);
  const { jobs: connections, threads, keepGoing, show, serverSettings } = settled;
  const { listener, initSql, exitSql } = setup;
  // A thread starts before node-postgres is loaded into this one: both take tens of milliseconds, side by side.
  const control = (): Promise<ControlConnection> => (loaded ??= loadControl(server.value));
  let loaded: Promise<ControlConnection> | undefined;
  const pool = new ConnectionPool({
    connections,
    threads,
    keepGoing,
    show,
    listener,
    cancelBackends: async (backends) => (await control()).cancel(backends),
    setup: { settings: server.value, serverSettings, initSql, exitSql },
  });
  const early = initSql.length === 0;
  const first = early ? pool.tryOpen(0) : undefined;
  const watching = await control();
  const close = async (): Promise<void> => {
    await pool.destroy();
    await watching.close();
    await server.stop();
  };
  try {
    const [failure, firstFailure] = await Promise.all([watching.open(), first]);
    if (failure !== undefined) {
      throw new ConnectError(failure, { needsPassword: watching.needsPassword && server.value.mayPrompt });
    }
    if (firstFailure !== undefined) throw new ConnectError(firstFailure);
    const [slots, serverCores] = await Promise.all([
      watching.freeSlots(),
      shareCores(settled, { settings: server.value, control: watching, pool }),
    ]);
    const free = slots + (early ? 1 : 0);
    const description = describeTarget(server.value);
    return {
      description,
      settings: server.value,
      control: watching,
      pool,
      warnings: server.warnings,
      serverCores,
      allot: (wanted) => allot(wanted, free),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function loadControl(settings: ConnectionSettings): Promise<ControlConnection> {
  const { ControlConnection } = await import('../db/control.js');
  return new ControlConnection(settings);
}

function allot(wanted: number, free: number): ReturnType<Target['allot']> {
  if (free >= wanted) return { connections: wanted, warnings: [] };
  const hint =
    'end other sessions, or raise max_connections (or the connection limit of the role or the database)';
  if (free < 1) {
    const message = 'the server has no free connection slot';
    throw new ConnectError({ kind: 'connection', phase: 'open', code: '53300', message, hint });
  }
  const message = `the server has only ${free} of the ${wanted} connection slots that --jobs asks for: running over ${free}`;
  return { connections: free, warnings: [{ severity: 'warning', message, hint }] };
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
