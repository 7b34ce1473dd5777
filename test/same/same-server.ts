import { startEmbedded } from '../../src/db/embedded/server.js';
import { startDebianServer } from '../debian-server.js';
import type { ServerAccess } from '../server.js';

export interface OpenServer {
  readonly access: ServerAccess;
  readonly stop: () => Promise<void>;
}

/**
 * What only costs time here: a sample for each statistics target that ANALYZE of a whole database would take of every catalog,
 * WAL for others to read, buffers to look through for each dropped table, and what is told of sessions.
 */
const FAST = {
  default_statistics_target: '5',
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '1h',
  max_wal_size: '4GB',
  shared_buffers: '64MB',
  jit: 'off',
  update_process_title: 'off',
  max_connections: '200',
} as const;

/** One that is there, the embedded one, or (by default) a throw-away server of the system's packages. */
export async function openServer(options: {
  readonly embedded: boolean;
  readonly server?: string | undefined;
}): Promise<OpenServer> {
  if (options.server !== undefined)
    return { access: accessOf(new URL(options.server)), stop: () => Promise.resolve() };
  if (!options.embedded) {
    const { host, port, user, stop } = await startDebianServer('primary', FAST);
    return { access: { host, port, user, password: '', database: 'postgres' }, stop };
  }
  const start = await startEmbedded({ connections: 100 });
  if (!start.ok) throw new Error(`${start.diagnostic.message}\n${start.diagnostic.hint ?? ''}`);
  return { access: start.server, stop: () => start.server.stop() };
}

function accessOf({ hostname, port, username, password, pathname }: URL): ServerAccess {
  const database = pathname.slice(1) || 'postgres';
  return {
    host: hostname,
    port: Number(port || 5432),
    user: username,
    password: decodeURIComponent(password),
    database,
  };
}
