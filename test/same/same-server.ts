import { startEmbedded } from '../../src/db/embedded/server.js';
import { startDebianServer } from '../debian-server.js';
import type { ServerAccess } from '../server.js';

export interface OpenServer {
  readonly access: ServerAccess;
  readonly stop: () => Promise<void>;
}

/** One that is there, the embedded one, or (by default) a throw-away server of the system's packages. */
export async function openServer(options: {
  readonly embedded: boolean;
  readonly server?: string | undefined;
}): Promise<OpenServer> {
  if (options.server !== undefined)
    return { access: accessOf(new URL(options.server)), stop: () => Promise.resolve() };
  if (!options.embedded) {
    const { host, port, user, stop } = await startDebianServer();
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
