import type { RunningJob, RunSummary } from './run-summary.js';

/**
 * How long it will still take.
 *
 * Weights are only relative, so the done jobs teach what a unit of weight costs; the run so far teaches how many
 * connections the plan can keep busy. What remains is spread over that many, and can never be shorter than the rest
 * of a job that runs now. The estimate knows neither edges nor the plan's shape: it is honest about long tails only
 * as far as their jobs run already.
 */

/** Less of the work than this done, or less time than this gone, says nothing yet. */
const ENOUGH_SHARE = 0.02;
const ENOUGH_TIME = 1000;

/** Milliseconds, never negative; undefined while it cannot be known (also when all running jobs are overdue). */
export function estimateRemaining(summary: RunSummary, now: number): number | undefined {
  const { plan, learned, firstStart } = summary;
  if (summary.status !== 'running' || plan === undefined || firstStart === undefined) return undefined;
  const elapsed = now - firstStart;
  if (elapsed < ENOUGH_TIME || learned.time <= 0) return undefined;
  if (learned.weight < ENOUGH_SHARE * plan.weight || learned.weight <= 0) return undefined;

  const cost = learned.time / learned.weight;
  const running = [...summary.running.values()];
  const rests = running.map((job) => restOf(job, cost, now));
  const runningWeight = running.reduce((sum, job) => sum + job.weight, 0);
  const waitingWeight = Math.max(0, plan.weight - learned.weight - summary.weightLost - runningWeight);
  const rest = waitingWeight * cost + rests.reduce((sum, each) => sum + each, 0);
  if (rest <= 0) return running.length === 0 ? 0 : undefined;
  return Math.max(rest / meanBusy(summary, now), ...rests);
}

/** What a running job should still need. One past its time needs nothing that we know of. */
function restOf(job: RunningJob, cost: number, now: number): number {
  const expected = job.weight * cost;
  const age = Math.max(0, now - job.since);
  // A chain tells how far it is: better than its age.
  const share = job.steps > 1 && job.stepsDone > 0 ? job.stepsDone / job.steps : undefined;
  if (share !== undefined) return (age / share) * Math.max(0, 1 - share);
  return Math.max(0, expected - age);
}

/** How many connections were busy since the first job began, on average; at least one, at most as many as there are. */
function meanBusy(summary: RunSummary, now: number): number {
  const elapsed = now - (summary.firstStart ?? now);
  if (elapsed <= 0) return 1;
  let busy = summary.jobTime;
  for (const job of summary.running.values()) busy += Math.max(0, now - job.since);
  return Math.min(Math.max(1, busy / elapsed), Math.max(1, summary.connections.size));
}
