import { isGate, type Job } from '../model/job.js';
import type { Conflict, Edge, Plan } from '../model/plan.js';
import { indegrees, remainingPaths, successors, topologicalOrder } from './graph.js';

/**
 * What a plan's shape comes to: how many jobs could run at one time, which path takes longest, and what binds it.
 *
 * Weights are guesses until a run has measured them, so figures made of weights are, too. It knows nothing of how many
 * connections there are.
 */
export interface PlanFigures {
  /** Without gates. */
  readonly jobs: number;
  readonly edges: number;
  /** Jobs that run alone. */
  readonly barriers: number;
  /** The most jobs on one level: all could run at one time. A level is how many jobs there are in a row before a job. */
  readonly width: number;
  /** Of all jobs together. */
  readonly weight: number;
  readonly criticalPath: CriticalPath;
  /** At most so many times as fast as one job after another, with as many connections as one likes. */
  readonly speedup: number;
  /** What keeps the jobs of the critical path one behind the other, the most frequent first. */
  readonly bounds: readonly Bound[];
  /** Jobs that make up much of the critical path, and whose statements could be several. */
  readonly joined: readonly Joined[];
}

export interface Joined {
  readonly job: number;
  /** Of the critical path's weight, from 0 to 1. */
  readonly share: number;
}

export interface CriticalPath {
  /** Ids, without gates, in the order they run. */
  readonly jobs: readonly number[];
  readonly weight: number;
}

/** One reason why jobs of the critical path follow each other, and how many of its steps it is the reason for. */
export type Bound = { readonly steps: number } & BoundBy;

export type BoundBy =
  | { readonly kind: 'conflict'; readonly object: string; readonly conflict: Conflict }
  | { readonly kind: 'barrier'; readonly reason: string; readonly remedy?: string }
  | { readonly kind: 'reason'; readonly reason: string };

export function planFigures(plan: Plan): PlanFigures {
  const jobs = plan.jobs.filter((job) => !isGate(job));
  const weight = plan.jobs.reduce((sum, job) => sum + job.weight, 0);
  const path = heaviestPath(plan);
  const onPath = path.jobs.filter((job) => !isGate(job));
  const criticalPath = {
    jobs: onPath.map(({ id }) => id),
    weight: onPath.reduce((sum, job) => sum + job.weight, 0),
  };
  return {
    jobs: jobs.length,
    edges: plan.edges.length,
    barriers: jobs.filter(({ alone }) => alone !== undefined).length,
    width: widestLevel(plan),
    weight,
    criticalPath,
    speedup: criticalPath.weight > 0 ? weight / criticalPath.weight : 1,
    bounds: boundsOf(path),
    joined: joinedOn(onPath, criticalPath.weight),
  };
}

/** The heaviest first. */
function joinedOn(jobs: readonly Job[], whole: number): readonly Joined[] {
  return jobs
    .filter(({ together, weight }) => together?.remedy !== undefined && weight >= MUCH * whole)
    .map(({ id, weight }) => ({ job: id, share: weight / whole }))
    .sort((one, other) => other.share - one.share);
}

const MUCH = 0.2;

/** Gates take no level of their own. */
function widestLevel(plan: Plan): number {
  const out = successors(plan);
  const level = new Uint32Array(plan.jobs.length);
  const counts: number[] = [];
  for (const id of topologicalOrder(plan)) {
    const job = plan.jobs[id];
    const own = level[id] ?? 0;
    const isReal = job !== undefined && !isGate(job);
    if (isReal) counts[own] = (counts[own] ?? 0) + 1;
    for (const { to } of out.of(id)) level[to] = Math.max(level[to] ?? 0, own + (isReal ? 1 : 0));
  }
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

interface Path {
  /** Gates included. */
  readonly jobs: readonly Job[];
  /** The edges by which each of them but the first is reached from the one before it. */
  readonly edges: readonly (readonly Edge[])[];
}

/** Among equals the one that was written first. */
function heaviestPath(plan: Plan): Path {
  const remaining = remainingPaths(plan);
  const out = successors(plan);
  const heavier = (best: number | undefined, id: number): number =>
    best === undefined || (remaining[id] ?? 0) > (remaining[best] ?? 0) ? id : best;
  const jobs: Job[] = [];
  const edges: (readonly Edge[])[] = [];
  const entering = indegrees(plan);
  const entries = plan.jobs.filter(({ id }) => entering[id] === 0).map(({ id }) => id);
  let next = entries.reduce(heavier, undefined);
  while (next !== undefined) {
    const id: number = next;
    const job = plan.jobs[id];
    if (job !== undefined) jobs.push(job);
    const leaving = out.of(id);
    next = leaving.map(({ to }) => to).reduce(heavier, undefined);
    if (next !== undefined) edges.push(leaving.filter(({ to }) => to === next));
  }
  return { jobs, edges };
}

/** Steps lead from job to job; through gates it is the last edge that tells why. */
function boundsOf({ jobs, edges }: Path): readonly Bound[] {
  const bounds = new Map<string, BoundBy & { steps: number }>();
  let before: Job | undefined;
  for (const [index, job] of jobs.entries()) {
    if (isGate(job)) continue;
    if (before !== undefined) {
      for (const [key, by] of reasonsOf(before, job, edges[index - 1] ?? [])) {
        const known = bounds.get(key);
        if (known === undefined) bounds.set(key, { ...by, steps: 1 });
        else known.steps++;
      }
    }
    before = job;
  }
  return [...bounds.values()].sort((one, other) => other.steps - one.steps);
}

/** A barrier comes before anything else: without it there might be no edge at all. Each reason once, by a key. */
function reasonsOf(from: Job, to: Job, edges: readonly Edge[]): ReadonlyMap<string, BoundBy> {
  const alone = to.alone ?? from.alone;
  if (alone !== undefined) {
    const { reason, remedy } = alone;
    const by = { kind: 'barrier', reason, ...(remedy === undefined ? {} : { remedy }) } as const;
    return new Map([[`barrier ${reason}`, by]]);
  }
  return new Map(edges.map((edge) => reasonOf(edge)));
}

function reasonOf({ conflict, reason }: Edge): readonly [string, BoundBy] {
  if (conflict === undefined) return [`reason ${reason}`, { kind: 'reason', reason }];
  const { object } = conflict;
  return [`conflict ${object}`, { kind: 'conflict', object, conflict }];
}
