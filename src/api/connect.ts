import { describeHost } from '../db/settings/secrets.js';
import { resolveConnection, systemSurroundings, type ConnectionSettings } from '../db/settings/resolve.js';
import type { ShardAddress } from '../db/shards/shard.js';
import type { Shards } from '../db/shards/shards.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';

/** One of the databases that hold a table together. */
export interface ShardTarget {
  /** Names it in results and errors; default `host:port/database`. Names must differ. */
  readonly name?: string;
  /** A URI, a keyword/value string, or the name of a database: what psql takes behind -d, and libpq's defaults. */
  readonly dsn: string;
}

export interface ConnectOptions {
  /** As pg_stat_activity shows the sessions; default `pqrun`. */
  readonly applicationName?: string;
  /** Server settings of every session. */
  readonly set?: Readonly<Record<string, string>>;
}

/**
 * Opens a connection to each of the databases, for queries over all of them as if they were one.
 *
 *     const shards = await connect(['postgresql://…/a', { name: 'b', dsn: 'service=b' }]);
 *     const { rows } = await shards.query('SELECT * FROM orders WHERE customer = $1', [7]);
 *     for await (const row of shards.query('SELECT * FROM orders')) …
 *     await shards.end();
 *
 * Throws InputError when the targets are not well described (nothing was connected to), and TargetError when one cannot
 * be reached.
 */
export async function connect(
  targets: readonly (string | ShardTarget)[],
  options: ConnectOptions = {},
): Promise<Shards> {
  const addresses = resolveTargets(targets);
  const { ambiguousNames, openShards, Shards } = await import('../db/shards/shards.js');
  const ambiguous = ambiguousNames(addresses.map(({ name }) => name));
  if (ambiguous.length > 0) throw new InputError(ambiguous);
  const { applicationName = 'pqrun', set: serverSettings = {} } = options;
  return new Shards(await openShards(addresses, { applicationName, serverSettings }));
}

/** All faults of all targets are told at once. */
function resolveTargets(targets: readonly (string | ShardTarget)[]): readonly ShardAddress[] {
  const addresses: ShardAddress[] = [];
  const faults: Diagnostic[] = [];
  for (const [index, target] of targets.entries()) {
    const { name, dsn }: ShardTarget = typeof target === 'string' ? { dsn: target } : target;
    const read = resolveConnection({ dbname: dsn }, systemSurroundings());
    if (read.ok) addresses.push({ name: name ?? nameOf(read.value), settings: read.value });
    else {
      const which = name ?? `target ${index + 1}`;
      faults.push(...read.diagnostics.map((fault) => ({ ...fault, message: `${which}: ${fault.message}` })));
    }
  }
  if (targets.length === 0) faults.push({ severity: 'error', message: 'there are no targets to connect to' });
  if (faults.length > 0) throw new InputError(faults);
  return addresses;
}

function nameOf({ hosts, database }: ConnectionSettings): string {
  return `${hosts.map(({ host, port }) => describeHost(host, port)).join(',')}/${database}`;
}
