import type { Job } from '../model/job.js';
import type { JobStates } from './job-states.js';
import { canUseWorkers } from './server-cores.js';

/**
 * A ready job, and those that go to its connection with it in one message, each behind the end of the one before.
 *
 * A job that waits for nothing but the ones in front of it could not start any sooner elsewhere; sent along with them, it
 * begins without a round between the threads. The chain goes on as long as its next job is more urgent than all that is
 * ready: it would have been taken next anyway.
 *
 * In a chain are jobs that may follow each other in one session, and whose statements use no parallel workers: how many
 * there may be is settled when a job starts. What is opaque, or has come to be by a new plan (replans.ts), is in none: what
 * waits for it is not known before it has ended.
 */
export function chainFrom(first: Job, run: Run): readonly Job[] {
  const { states } = run;
  const chain = [first];
  if (!canBeInChain(first, run)) return chain;
  /** Edges from the chain, by the job they lead to. */
  const edges = new Map<number, number>();
  for (let last: Job = first; chain.length < LONGEST;) {
    const reached = states.followers(last.id);
    for (const to of reached) edges.set(to, (edges.get(to) ?? 0) + 1);
    const next = mostUrgent(
      reached.filter((to) => states.waitsOnlyFor(to, edges.get(to) ?? 0)),
      first,
      run,
    );
    const ready = states.next(first.target?.index ?? 0);
    if (next === undefined || (ready !== undefined && states.isMoreUrgent(ready, next.id))) break;
    states.queue(next.id);
    chain.push(next);
    last = next;
  }
  return chain;
}

/** The run so far. */
interface Run {
  readonly jobs: readonly Job[];
  readonly states: JobStates;
  readonly isOpaque: (job: Job) => boolean;
}

function mostUrgent(free: readonly number[], first: Job, run: Run): Job | undefined {
  let found: Job | undefined;
  for (const id of free) {
    const job = run.jobs[id];
    if (job === undefined || job.session !== first.session || !canBeInChain(job, run)) continue;
    if (found === undefined || run.states.isMoreUrgent(id, found.id)) found = job;
  }
  return found;
}

function canBeInChain(job: Job, { isOpaque }: Run): boolean {
  const isFree = job.session !== undefined && job.alone === undefined && !isOpaque(job);
  // What a piece of a table is, is settled when it begins.
  return isFree && !canUseWorkers(job) && job.piece?.unit !== 'chunk';
}

/** A failure, or the end of the run, is heard between two jobs: this only bounds what a message holds. */
const LONGEST = 32;
