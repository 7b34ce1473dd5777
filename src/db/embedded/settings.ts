/**
 * The settings of an embedded cluster. Pure; it knows nothing of processes and files.
 *
 * A throw-away cluster need not survive a crash of the machine, so whatever serves only that is off. A kept one gets
 * PostgreSQL's own, safe settings, and only its memory is sized. Both are written into postgresql.conf when the
 * cluster is made, so that the owner of a kept one can edit them; what belongs to one start is given to that start.
 *
 * The time zone is UTC, not the machine's: the same scripts build the same database everywhere.
 */

/** name → value, as in postgresql.conf. */
export type Settings = Readonly<Record<string, string>>;

const MiB = 1024 * 1024;

/** Below it, parallel queries run out of /dev/shm (64 MB in a container by default). */
const ENOUGH_SHARED_MEMORY = 512 * MiB;

/** Superuser connections that PostgreSQL reserves, the connection that watches, and somebody with psql. */
const SPARE_CONNECTIONS = 10;

/** Source: PostgreSQL 18, "Populating a Database" (14.4) and "Non-Durable Settings" (14.5). */
const NON_DURABLE: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '1h',
};

/** Settings for postgresql.conf. `memory`: bytes that this machine, or this container, has. */
export function clusterSettings(kind: { readonly kept: boolean; readonly memory: number }): Settings {
  return {
    ...(kind.kept ? {} : NON_DURABLE),
    max_wal_size: '4GB',
    shared_buffers: portion({ of: kind.memory, divisor: 8, least: 32, most: 512 }),
    maintenance_work_mem: portion({ of: kind.memory, divisor: 32, least: 16, most: 256 }),
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}

export interface StartNeeds {
  readonly port: number;
  /** At least so many connections must be free. */
  readonly connections: number;
  /** Free bytes in /dev/shm; undefined where there is none. */
  readonly sharedMemory: number | undefined;
}

/** Settings of one start, for the command line. */
export function startSettings(needs: StartNeeds): Settings {
  const tight = needs.sharedMemory !== undefined && needs.sharedMemory < ENOUGH_SHARED_MEMORY;
  return {
    port: String(needs.port),
    listen_addresses: '127.0.0.1',
    // No socket: its path may not be longer than 107 bytes, and nobody needs it.
    unix_socket_directories: '',
    max_connections: String(Math.max(100, needs.connections + SPARE_CONNECTIONS)),
    logging_collector: 'off',
    log_destination: 'stderr',
    ...(tight ? { dynamic_shared_memory_type: 'mmap' } : {}),
  };
}

interface Portion {
  readonly of: number;
  readonly divisor: number;
  /** In MiB. */
  readonly least: number;
  readonly most: number;
}

function portion({ of, divisor, least, most }: Portion): string {
  const share = Math.floor(of / divisor / MiB);
  return `${Math.min(most, Math.max(least, share))}MB`;
}
