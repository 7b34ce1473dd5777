import type { SerialReason } from '../../model/explain.js';
import type { ExplainConnection } from './connection.js';
import { serverFacts } from './facts.js';
import { plansOf, workersOf } from './plan-tree.js';
import { ANALYZE } from './trials.js';

/**
 * Why fewer workers are launched than planned: the planner does not look at max_parallel_workers, nor at how many
 * workers are free (PostgreSQL documentation, "Parallel Plans"). A statement that was run is run again with
 * max_parallel_workers out of the way, and that is undone; what was only planned is judged by the setting.
 */
export interface Launch {
  readonly explained: string;
  readonly planned: number;
  /** Undefined: it was only planned. */
  readonly launched?: number;
}

export async function missingWorkers(
  connection: ExplainConnection,
  launch: Launch,
): Promise<readonly SerialReason[]> {
  const { maxWorkers } = await serverFacts(connection);
  const { planned, launched } = launch;
  const isUsedUp = maxWorkers >= planned;
  const reason = isUsedUp ? await usedUp(connection, maxWorkers) : tooFew(maxWorkers, planned);
  if (launched === undefined) return isUsedUp ? [] : [{ ...reason, proof: { kind: 'rule' } }];
  const again = await connection.attempt(
    `SET LOCAL max_parallel_workers = ${MOST_WORKERS};\n${ANALYZE} ${launch.explained}`,
    'undo',
  );
  const { launched: workers = 0 } = workersOf(plansOf(again));
  const change = `max_parallel_workers = ${MOST_WORKERS}`;
  if (workers > launched) return [{ ...reason, proof: { kind: 'proved', change, workers, together: false } }];
  const why = `run again with ${change} it had ${workers}: max_worker_processes may be used up`;
  return [{ ...reason, proof: { kind: 'unproved', why } }];
}

/** The most that the setting takes. */
const MOST_WORKERS = 1024;

type Reason = Omit<SerialReason, 'proof'>;

function tooFew(maxWorkers: number, planned: number): Reason {
  return {
    kind: 'max-workers',
    text: `max_parallel_workers is ${maxWorkers}: fewer workers start than are planned`,
    fix: `SET max_parallel_workers = ${Math.max(8, planned)}`,
  };
}

async function usedUp(connection: ExplainConnection, maxWorkers: number): Promise<Reason> {
  const [row] = await connection.rows(
    `SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'parallel worker'`,
  );
  return {
    kind: 'workers-used-up',
    text: `max_parallel_workers (${maxWorkers}) is used up by other sessions (${row?.[0] ?? '0'} workers are busy)`,
    fix: 'run it when less is going on, or raise max_parallel_workers and max_worker_processes',
  };
}
