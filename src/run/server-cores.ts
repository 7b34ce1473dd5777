import type { Job } from '../model/job.js';

/**
 * How many parallel workers of the server's own a job may use. Jobs and these workers share the server's cores, so the
 * cores are a budget: a connection that works takes one, and so does each worker granted to its job.
 *
 * A job is granted, when it starts, the greater of
 *
 * - its share of what is idle: the cores that are left over when all jobs that can start now have one, divided among
 *   those of them that have not started yet;
 * - what it needs to end with the others. Were all that is left of the run spread evenly over the cores, it would take
 *   `evenly`; a job that takes three times as long by itself is given three cores, even if others have them now: they
 *   will be idle before it ends. Without that, the last long job would run on one core because a short one happened to
 *   be running when it began; a grant cannot be raised later.
 *
 * So jobs and workers are never more than the cores, except by what the long tail needs; and workers alone are always
 * fewer than the cores, and never more than the server has. How long jobs take is judged by their weights; running ones
 * are half done, by and large.
 *
 * It knows nothing of settings and sessions, and not whether a query will use what it may.
 */
export interface ServerCoresOptions {
  readonly cores: number;
  /** The most that the server itself allows for all sessions together. */
  readonly mostWorkers: number;
}

/** What the scheduler knows when it starts a job. */
export interface Moment {
  /** The most jobs that run at the same time. */
  readonly connections: number;
  /** Jobs that could start now, without the one that does. */
  readonly ready: number;
  /** The weights of all jobs that have not started, without the one that does. */
  readonly weightLeft: number;
}

export class ServerCores {
  readonly #options: ServerCoresOptions;
  readonly #running = new Map<number, { readonly workers: number; readonly weight: number }>();

  constructor(options: ServerCoresOptions) {
    this.#options = options;
  }

  /** Workers of all jobs that run. */
  get granted(): number {
    return [...this.#running.values()].reduce((sum, { workers }) => sum + workers, 0);
  }

  /** Jobs (one, or a batch) begin on a connection: how many workers each of their statements may use. */
  grant(jobs: readonly Job[], connection: number, moment: Moment): number {
    const weight = jobs.reduce((sum, job) => sum + job.weight, 0);
    const wanted = jobs.some(canUseWorkers)
      ? Math.max(this.#shareOfIdle(moment), this.#neededInTail(weight, moment))
      : 0;
    const { cores, mostWorkers } = this.#options;
    const workers = Math.max(0, Math.min(wanted, Math.min(cores - 1, mostWorkers) - this.granted));
    this.#running.set(connection, { workers, weight });
    return workers;
  }

  /** The connection is free again. */
  release(connection: number): void {
    this.#running.delete(connection);
  }

  #shareOfIdle({ connections, ready }: Moment): number {
    const running = this.#running.size + 1;
    const next = Math.max(0, Math.min(connections - running, ready));
    const idle = this.#options.cores - running - next - this.granted;
    return Math.floor(Math.max(0, idle) / (1 + next));
  }

  #neededInTail(weight: number, { weightLeft }: Moment): number {
    const running = [...this.#running.values()].reduce((sum, job) => sum + job.weight, 0);
    const evenly = (weight + weightLeft + running / 2) / this.#options.cores;
    return evenly > 0 ? Math.ceil(weight / evenly) - 1 : 0;
  }
}

/** False where PostgreSQL would use none anyway: statements that write rows (PostgreSQL, "When Can Parallel Query Be Used?"). */
export function canUseWorkers(job: Job): boolean {
  if (job.live !== undefined) return true;
  return job.steps.some(
    ({ statement, data }) =>
      !SERIAL.has(statement.facts.node) &&
      (data ?? statement.data) === undefined &&
      statement.echo === undefined,
  );
}

/** libpg-query's names. */
const SERIAL: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'TransactionStmt',
  'VariableSetStmt',
]);
