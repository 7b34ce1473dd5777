import { availableParallelism } from 'node:os';
import type { Controls } from '../db/controls.js';
import { serverWorkers } from '../db/parallel-workers.js';
import type { ConnectionPool } from '../db/pool.js';
import type { ConnectionSettings } from '../db/settings/settings.js';
import { isOnThisMachine } from '../db/settings/this-machine.js';
import type { ServerCoresOptions } from '../run/server-cores.js';
import type { SettledOptions } from './options.js';

export interface Sharing {
  readonly targets: readonly { readonly settings: ConnectionSettings }[];
  readonly controls: Controls;
  readonly pool: ConnectionPool;
}

/**
 * The cores that jobs and the server's own parallel workers share in this run, and how the pool's sessions are told what
 * a job may use. Undefined: the server decides by itself, because pqrun was told so, does not know the cores, or finds
 * everything about workers decided by somebody else. It is one budget, so there is none for databases of several servers.
 */
export async function shareCores(
  { serverCores, serverSettings, initSql }: SettledOptions,
  { targets, controls, pool }: Sharing,
): Promise<ServerCoresOptions | undefined> {
  const [first] = targets;
  const control = controls.only;
  if (first === undefined || control === undefined) return undefined;
  const cores = coresOf(serverCores, first.settings);
  if (cores === undefined) return undefined;
  const own = new Map(Object.entries(serverSettings).map(([name, value]) => [name.toLowerCase(), value]));
  const { settings, most } = serverWorkers(await control.workerSettings(), { own, initSql });
  pool.learn({ workerSettings: settings });
  return settings.length === 0 ? undefined : { cores, mostWorkers: most };
}

function coresOf(wanted: SettledOptions['serverCores'], settings: ConnectionSettings): number | undefined {
  if (wanted === 'off') return undefined;
  if (wanted !== 'measured') return wanted;
  return isOnThisMachine(settings) ? availableParallelism() : undefined;
}
