import type { SerialReason } from '../../model/explain.js';
import type { ExplainConnection } from './connection.js';
import { serverFacts } from './facts.js';
import { plansOf, workersOf } from './plan-tree.js';

/**
 * Why fewer workers are launched than planned: the planner does not look at max_parallel_workers, nor at how many
 * workers are free (PostgreSQL documentation, "Parallel Plans"). Runs the statement again when that shows it, and undoes
 * it; what was only planned is judged by the setting.
 */
export interface Launch {
  readonly explained: string;
  readonly planned: number;
  /** Undefined: it was only planned. */
  readonly launched?: number;
}

export async function missingWorkers(
  connection: ExplainConnection,
  { explained, planned, launched }: Launch,
): Promise<readonly SerialReason[]> {
  const { maxWorkers } = await serverFacts(connection);
  if (maxWorkers >= planned) return launched === undefined ? [] : [await usedUp(connection, maxWorkers)];
  const reason = {
    kind: 'max-workers' as const,
    text: `max_parallel_workers is ${maxWorkers}`,
    fix: `SET max_parallel_workers = ${Math.max(8, planned)}`,
  };
  if (launched === undefined) return [{ ...reason, proof: { kind: 'rule' } }];
  const again = await connection.attempt(
    `SET LOCAL max_parallel_workers = ${Math.max(8, planned)}; EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${explained}`,
    'undo',
  );
  const { launched: workers = 0 } = workersOf(plansOf(again));
  if (workers <= launched) return [{ ...reason, proof: { kind: 'rule' } }];
  const change = `max_parallel_workers = ${Math.max(8, planned)}`;
  return [{ ...reason, proof: { kind: 'proved', change, workers, together: false } }];
}

async function usedUp(connection: ExplainConnection, maxWorkers: number): Promise<SerialReason> {
  const [row] = await connection.rows(
    `SELECT pg_catalog.count(*), pg_catalog.current_setting('max_worker_processes')
       FROM pg_catalog.pg_stat_activity WHERE backend_type = 'parallel worker'`,
  );
  const [busy = '0', processes = '?'] = row ?? [];
  return {
    kind: 'workers-used-up',
    text: 'the workers that the server may have were used up by other sessions',
    fix: 'run it when less is going on, or raise max_parallel_workers and max_worker_processes',
    proof: {
      kind: 'unproved',
      why: `max_parallel_workers ${maxWorkers}, max_worker_processes ${processes ?? '?'}, busy just afterwards: ${busy ?? '0'}`,
    },
  };
}
