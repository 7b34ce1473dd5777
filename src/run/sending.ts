import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import { untoldOutcome } from './job-failures.js';
import type { ChainSurroundings, Executor } from './ports.js';

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

/** Of a chain: the outcome of the last job that began. */
export async function lastOutcome(
  executor: Executor,
  chain: readonly Job[],
  {
    connection,
    running,
    ...around
  }: Pick<On, 'connection'> & ChainSurroundings & { readonly running: () => Job },
): Promise<JobOutcome> {
  try {
    return await executor.executeChain(chain, connection, around);
  } catch (error) {
    return untoldOutcome(running(), connection, error);
  }
}
