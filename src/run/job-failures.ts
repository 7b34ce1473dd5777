import type { StatementFailure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import { ExecutorLost, PieceUnknown } from './ports.js';

/** What failures of jobs mean to the scheduler. */

/** 57014 is query_canceled: what pqrun's own pg_cancel_backend brings about. */
export function isCancellation({ failure }: StatementFailure): boolean {
  return failure.kind === 'cancelled' || (failure.kind === 'server' && failure.code === '57014');
}

/** The database of the job cannot be reached any more. */
export function isUnreachable({ failures }: JobOutcome): boolean {
  return failures.some(({ failure }) => failure.kind === 'connection' && failure.phase === 'open');
}

/** A failure that --keep-going does not pass over, either. */
export function isFatal(outcome: JobOutcome): boolean {
  return isUnreachable(outcome) || outcome.failures.some(({ failure }) => failure.kind === 'bug');
}

/** Of a job that the executor could not tell the end of. */
export function untoldOutcome(job: Job, connection: number, error: unknown): JobOutcome {
  const { message, stack = '' } = errorOf(error);
  const place = job.steps[0]?.place ?? { file: job.name, line: 1, column: 1 };
  const isKnown = error instanceof ExecutorLost || error instanceof PieceUnknown;
  const failure = isKnown ? error.failure : ({ kind: 'bug', message, stack } as const);
  const failures = [{ failure, step: 0, place, statement: '' }];
  return { connection, backend: 0, results: [], failures, notices: [], duration: 0 };
}

export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
