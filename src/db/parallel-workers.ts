/**
 * The server's settings that say how many parallel workers a statement may use, and how many the server has.
 *
 * What somebody has decided holds. A setting given for this run (--set, PGOPTIONS, --init-sql) is not touched. One that
 * the server's administrator has given (postgresql.conf, ALTER SYSTEM, ALTER ROLE, ALTER DATABASE) is the most that a job
 * is granted. Only where it is PostgreSQL's own default, 2, which knows nothing of the machine, may there be more.
 */
export interface WorkerSetting {
  readonly name: string;
  readonly most: number;
}

/** A row of pg_settings. */
export interface ServerSetting {
  readonly name: string;
  readonly value: number;
  readonly source: string;
}

export interface ServerWorkers {
  /** The settings that pqrun may set. */
  readonly settings: readonly WorkerSetting[];
  /** The most workers of all sessions together. */
  readonly most: number;
}

const PER_STATEMENT: readonly string[] = [
  'max_parallel_workers_per_gather',
  'max_parallel_maintenance_workers',
];

/** max_parallel_workers counts within max_worker_processes. Servers before 11 lack some of them. */
export const WORKER_SETTINGS: readonly string[] = [
  ...PER_STATEMENT,
  'max_parallel_workers',
  'max_worker_processes',
];

/** What the run says itself about settings. */
export interface OwnSettings {
  /** --set, by lower-case names. */
  readonly own: ReadonlyMap<string, string>;
  readonly initSql: string;
}

export function serverWorkers(known: readonly ServerSetting[], { own, initSql }: OwnSettings): ServerWorkers {
  const settings = known.flatMap(({ name, value, source }) => {
    const isTaken = own.has(name) || source === 'client' || initSql.toLowerCase().includes(name);
    if (!PER_STATEMENT.includes(name) || isTaken) return [];
    return [{ name, most: source === 'default' ? MOST : value }];
  });
  const totals = known.flatMap(({ name, value }) =>
    PER_STATEMENT.includes(name) ? [] : [Number(own.get(name) ?? value)],
  );
  return { settings, most: Math.min(MOST, ...totals.filter((total) => Number.isInteger(total))) };
}

/** The commands that let a session use so many workers. */
export function settingsFor(
  workers: number | undefined,
  settings: readonly WorkerSetting[],
): readonly string[] {
  if (workers === undefined) return [];
  return settings.map(({ name, most }) => `SET ${name} = ${Math.min(workers, most)}`);
}

/** The most that the settings take (PostgreSQL, src/include/postmaster/bgworker_internals.h, MAX_PARALLEL_WORKER_LIMIT). */
const MOST = 1024;
