import { jobAt, type Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import { untoldOutcome } from './job-failures.js';
import type { Executor } from './ports.js';

/** Jobs go to the executor. That it rejects is a bug, and told as the outcome of what it was given. */

interface On {
  readonly connection: number;
  readonly parallelWorkers: number | undefined;
}

/** A job, or a batch; in their order. */
export async function outcomesOf(
  executor: Executor,
  jobs: readonly Job[],
  { connection, parallelWorkers }: On,
): Promise<readonly JobOutcome[]> {
  const [first, second] = jobs;
  try {
    if (first === undefined || second !== undefined)
      return await executor.executeBatch(jobs, connection, parallelWorkers);
    return [await executor.execute(first, connection, parallelWorkers)];
  } catch (error) {
    return jobs.map((job) => untoldOutcome(job, connection, error));
  }
}

interface ChainTold {
  /** A job has ended well, and the next one of the chain has begun. */
  readonly ended: (job: Job, outcome: JobOutcome) => void;
  readonly begun: (job: Job) => void;
}

/** Does a chain. The last job that began and how it ended, and those that were not begun. */
export async function chainEnd(
  executor: Executor,
  chain: readonly Job[],
  { connection, parallelWorkers, ended, begun }: On & ChainTold,
): Promise<{ readonly last: Job; readonly rest: readonly Job[]; readonly outcome: JobOutcome }> {
  let at = 0;
  const around = {
    parallelWorkers,
    ended: (outcome: JobOutcome) => {
      ended(jobAt(chain, at), outcome);
      begun(jobAt(chain, ++at));
    },
  };
  const outcome = await executor
    .executeChain(chain, connection, around)
    .catch((error: unknown) => untoldOutcome(jobAt(chain, at), connection, error));
  return { last: jobAt(chain, at), rest: chain.slice(at + 1), outcome };
}
