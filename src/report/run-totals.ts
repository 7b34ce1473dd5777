import { formatCount, formatPlural } from './format.js';
import type { ConnectionUse, FailedJob, RunningJob, RunSummary } from './run-summary.js';

/**
 * What follows from a RunSummary: pure functions, each total defined once. Those about a run in progress take the
 * moment they are asked for, because between two events time goes on.
 */

/** Jobs that need no more thought: done, failed or skipped. */
export function jobsEnded(summary: RunSummary): number {
  const { done, failed, skipped } = summary.jobs;
  return done + failed + skipped;
}

/** Jobs that failed of themselves, not because pqrun cancelled them. */
export function jobsFailed(summary: RunSummary): number {
  return summary.jobs.failed - summary.jobs.cancelled;
}

/** Jobs of the plan, and pieces of tables that have begun; before the plan is known, those that were heard of. */
export function jobsTotal(summary: RunSummary): number {
  const heardOf = jobsEnded(summary) + summary.running.size;
  return summary.plan === undefined ? heardOf : Math.max(summary.plan.jobs + summary.walk.pieces, heardOf);
}

/** Rows so far, those of running jobs included. */
export function rowsSoFar(summary: RunSummary): number {
  let rows = summary.rows;
  for (const job of summary.running.values()) rows += job.rows;
  return rows;
}

/** Of tables that are walked in pieces: about how many rows are behind us, of how many; undefined: none is. */
export function walkText({ walk: { rows, all } }: RunSummary): string | undefined {
  return all === 0 ? undefined : `${formatCount(Math.min(rows, all))} of about ${formatPlural(all, 'row')}`;
}

/** How much of the planned work is behind us, 0 to 1, by weight; by number of jobs where no weight is known. */
export function shareEnded(summary: RunSummary): number {
  const weight = summary.plan?.weight ?? 0;
  if (weight > 0) return Math.min(1, (summary.learned.weight + summary.weightLost) / weight);
  const total = jobsTotal(summary);
  return total === 0 ? 0 : Math.min(1, jobsEnded(summary) / total);
}

/** Sum of job times over wall time; undefined before any time has passed. */
export function speedUp(summary: RunSummary): number | undefined {
  return summary.now > 0 ? summary.jobTime / summary.now : undefined;
}

/** What the plan allows at best: all work over its heaviest path. */
export function bestSpeedUp(summary: RunSummary): number | undefined {
  const { plan } = summary;
  return plan !== undefined && plan.criticalPath > 0 ? plan.weight / plan.criticalPath : undefined;
}

/** How many connections the run has: those it was given, or as many as were heard of. Those of many targets may take turns. */
export function connectionCount(summary: RunSummary): number {
  if (summary.targets.size > 0 && summary.connectionsGiven > 0) return summary.connectionsGiven;
  return Math.max(summary.connectionsGiven, summary.connections.size);
}

/** The numbers of those that are there, in their order; of one database all, because they will be. */
export function presentConnections(summary: RunSummary): readonly number[] {
  if (summary.targets.size === 0)
    return Array.from({ length: connectionCount(summary) }, (_, connection) => connection);
  const busy = currentJobs(summary);
  return connectionUses(summary)
    .filter(({ connection, times }) => times.readySince !== undefined || busy.has(connection))
    .map(({ connection }) => connection);
}

/** Connections by number. */
export function connectionUses(summary: RunSummary): readonly ConnectionUse[] {
  return [...summary.connections.values()].sort((a, b) => a.connection - b.connection);
}

/** The job on each busy connection. */
export function currentJobs(summary: RunSummary): ReadonlyMap<number, RunningJob> {
  return new Map([...summary.running.values()].map((job) => [job.connection, job]));
}

/**
 * Share of the time since the run began in which the connection had a job. Times of ended jobs are measured where
 * they ran, on another thread's clock, so the sum may exceed the wall time by a hair: at most 1.
 */
export function busyShare(summary: RunSummary, connection: number, now = summary.now): number {
  if (now <= 0) return 0;
  const current = currentJobs(summary).get(connection);
  const running = current === undefined ? 0 : Math.max(0, now - current.since);
  return Math.min(1, ((summary.connections.get(connection)?.busy ?? 0) + running) / now);
}

/**
 * Failures, the root cause first: the earliest, those that are only a consequence (a statement that was cancelled)
 * after all others.
 */
export function failuresByCause(summary: RunSummary): readonly FailedJob[] {
  const consequence = (job: FailedJob): number =>
    Number(job.failures.every(({ failure }) => failure.kind === 'cancelled'));
  return summary.failures.toSorted((a, b) => consequence(a) - consequence(b));
}
