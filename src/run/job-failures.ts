import type { StatementFailure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';

/** What failures of jobs mean to the scheduler. */

/** 57014 is query_canceled: what pqrun's own pg_cancel_backend brings about. */
export function isCancellation({ failure }: StatementFailure): boolean {
  return failure.kind === 'cancelled' || (failure.kind === 'server' && failure.code === '57014');
}

export function bugOutcome(job: Job, connection: number, error: unknown): JobOutcome {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const place = job.steps[0]?.place ?? { file: job.name, line: 1, column: 1 };
  const failure = { kind: 'bug', message, stack } as const;
  const failures = [{ failure, step: 0, place, statement: '' }];
  return { connection, backend: 0, results: [], failures, notices: [], duration: 0 };
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
