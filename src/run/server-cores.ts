import type { Job } from '../model/job.js';
import type { Statement } from '../model/script.js';

/**
 * How many parallel workers of the server's own a job may use. Jobs and these workers share the server's cores, so the
 * cores are a budget: a job that runs takes one, and so does each worker granted to one.
 *
 * A job is granted, when it starts, its share of the cores that will be idle while it runs: of those that it does not use
 * itself, no other job uses, and no worker was granted before. Jobs that can start in the same moment share them evenly.
 *
 * The others count for as long as they are expected to be there. While at least as much is left to do as it is itself, on
 * each of the other connections at work, that is always: jobs and workers together are then never more than the cores. In
 * the long tail it is for a part of its time only; else the last long job would run on one core because a short one
 * happened to be running when it began, and a grant cannot be raised later. Workers alone are always fewer than the
 * cores, and never more than the server has.
 *
 * How long jobs take is judged by their weights, which may be no more than guesses; how far one has come, by how many
 * have ended since it began: while a job passes, as many end as run side by side.
 *
 * It knows nothing of settings and sessions, nor whether a query will use what it may.
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
  /** The weights of all jobs that have not started and do not wait for the one that does, without that one. */
  readonly weightBeside: () => number;
}

export class ServerCores {
  readonly #options: ServerCoresOptions;
  /** By connection. */
  readonly #running = new Map<number, Running>();

  constructor(options: ServerCoresOptions) {
    this.#options = options;
  }

  /** Jobs (one, or a batch) begin on a connection: how many workers each of their statements may use. */
  grant(jobs: readonly Job[], connection: number, moment: Moment): number {
    const weight = jobs.reduce((sum, job) => sum + job.weight, LEAST_WEIGHT);
    const workers = jobs.some(canUseWorkers) ? this.#share(weight, moment) : 0;
    this.#running.set(connection, { workers, weight, ends: 0 });
    return workers;
  }

  #share(weight: number, moment: Moment): number {
    const { cores, mostWorkers } = this.#options;
    const granted = [...this.#running.values()].reduce((sum, { workers }) => sum + workers, 0);
    const idle = cores - 1 - granted - this.#others(weight, moment);
    const share = idle / (1 + this.#startNext(moment));
    const most = Math.min(cores - 1, mostWorkers) - granted;
    return Math.max(0, Math.min(Math.ceil(share - NEGLIGIBLE), most));
  }

  /** The connection is free again. */
  release(connection: number): void {
    this.#running.delete(connection);
    for (const job of this.#running.values()) job.ends++;
  }

  /** How many other jobs run, on the average, while one of this weight does. */
  #others(weight: number, moment: Moment): number {
    const sideBySide = this.#running.size + 1;
    const parts = [...this.#running.values()].map((job) => {
      const left = job.weight * Math.max(0, 1 - job.ends / sideBySide);
      return Math.min(1, left / weight);
    });
    const work = parts.reduce((sum, part) => sum + part, moment.weightBeside() / weight);
    // What waits for other jobs that run now does not add to them.
    return Math.min(this.#running.size + this.#startNext(moment), work);
  }

  /** Jobs that will start in the same moment. */
  #startNext({ connections, ready }: Moment): number {
    return Math.max(0, Math.min(connections - this.#running.size - 1, ready));
  }
}

interface Running {
  readonly workers: number;
  readonly weight: number;
  /** Jobs that have ended since it began. */
  ends: number;
}

/** What took no time in the last run weighs nothing. */
const LEAST_WEIGHT = 1e-6;

/** So small a part of a core is no reason for a worker. */
const NEGLIGIBLE = 0.1;

/**
 * False where PostgreSQL would use none anyway: statements that write rows, and commands that neither run a query nor build
 * an index (PostgreSQL, "When Can Parallel Query Be Used?" and max_parallel_maintenance_workers).
 */
export function canUseWorkers(job: Job): boolean {
  if (job.live !== undefined) return true;
  return job.steps.some(
    ({ statement, data }) =>
      !isSerial(statement) && (data ?? statement.data) === undefined && statement.echo === undefined,
  );
}

function isSerial({ facts, text }: Statement): boolean {
  if (facts.node !== 'AlterTableStmt') return SERIAL.has(facts.node);
  return text.every((fragment) => fragment.kind !== 'slot' && !BUILDS_INDEX.test(fragment.text));
}

/** In ALTER TABLE: a constraint with an index, or what may write the table anew, and its indexes with it. */
const BUILDS_INDEX =
  /\b(?:constraint|primary|unique|exclude|type|default|generated|serial|bigserial|smallserial|logged|access)\b/i;

/** libpg-query's names. */
const SERIAL: ReadonlySet<string> = new Set([
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'TransactionStmt', 'VariableSetStmt'],
  ...['CreateStmt', 'ViewStmt', 'CreateFunctionStmt', 'CreateSchemaStmt', 'CreateSeqStmt', 'AlterSeqStmt'],
  ...['CreateTrigStmt', 'RuleStmt', 'CreatePolicyStmt', 'CompositeTypeStmt', 'CreateEnumStmt', 'DefineStmt'],
  ...['CommentStmt', 'GrantStmt', 'GrantRoleStmt', 'AlterOwnerStmt', 'AlterObjectSchemaStmt', 'RenameStmt'],
  ...['DropStmt', 'TruncateStmt'],
]);
