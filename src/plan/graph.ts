import type { Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';

/**
 * Facts about a plan's graph: an order that respects all edges, the longest path that remains behind each job, and
 * the heaviest path of all. All in O(jobs + edges).
 */

/** Edges leaving each job, by job id. */
export function successors(plan: Pick<Plan, 'jobs' | 'edges'>): readonly (readonly Edge[])[] {
  const lists: Edge[][] = plan.jobs.map(() => []);
  for (const edge of plan.edges) lists[edge.from]?.push(edge);
  return lists;
}

/** How many edges enter each job, by job id. */
export function indegrees(plan: Pick<Plan, 'jobs' | 'edges'>): Uint32Array {
  const counts = new Uint32Array(plan.jobs.length);
  for (const edge of plan.edges) counts[edge.to] = (counts[edge.to] ?? 0) + 1;
  return counts;
}

/** Job ids so that every edge leads forward; jobs on a cycle, or behind one, are not among them (Kahn's algorithm). */
export function topologicalOrder(plan: Pick<Plan, 'jobs' | 'edges'>): readonly number[] {
  // Nearly all plans: only a forward `after=` leads back.
  if (plan.edges.every(({ from, to }) => from < to)) return plan.jobs.map(({ id }) => id);
  const out = successors(plan);
  const open = indegrees(plan);
  const order = plan.jobs.filter((job) => open[job.id] === 0).map((job) => job.id);
  // The list grows while it is walked: each job is appended when its last predecessor has been passed.
  for (const id of order) {
    for (const edge of out[id] ?? []) {
      const left = (open[edge.to] ?? 0) - 1;
      open[edge.to] = left;
      if (left === 0) order.push(edge.to);
    }
  }
  return order;
}

/** The ids of jobs that are on a cycle or behind one; empty when there is none. */
export function cyclicJobs(plan: Pick<Plan, 'jobs' | 'edges'>): readonly number[] {
  const sorted = new Set(topologicalOrder(plan));
  return plan.jobs.map((job) => job.id).filter((id) => !sorted.has(id));
}

/**
 * For each job the weight of the heaviest path that starts with it, itself included: what the scheduler sorts by.
 * Throws on a cycle: a plan has none (buildPlan sees to it).
 */
export function remainingPaths(plan: Plan): Float64Array {
  const order = topologicalOrder(plan);
  if (order.length < plan.jobs.length) throw new Error('the plan has a cycle');
  const remaining = new Float64Array(plan.jobs.length);
  addPaths(remaining, order, { jobs: plan.jobs, out: successors(plan) });
  return remaining;
}

/** A part of a plan: edges leaving each job, and how many enter each, by job id. */
export interface Part {
  readonly jobs: readonly Job[];
  readonly out: readonly (readonly Edge[])[];
  readonly open: Uint32Array;
}

/**
 * Finds the remaining paths of one job, and of all behind it, anew. Returns how many these are; on a cycle, or when they
 * wait for others, fewer than can be reached.
 */
export function updatePaths(remaining: Float64Array, first: number, part: Part): number {
  const open = part.open.slice();
  const order = [first];
  for (const id of order) {
    for (const { to } of part.out[id] ?? []) {
      const left = (open[to] ?? 0) - 1;
      open[to] = left;
      if (left === 0) order.push(to);
    }
  }
  addPaths(remaining, order, part);
  return order.length;
}

function addPaths(
  remaining: Float64Array,
  order: readonly number[],
  { jobs, out }: Pick<Part, 'jobs' | 'out'>,
): void {
  for (let index = order.length - 1; index >= 0; index--) {
    const id = order[index] ?? 0;
    let behind = 0;
    for (const { to } of out[id] ?? []) behind = Math.max(behind, remaining[to] ?? 0);
    remaining[id] = behind + (jobs[id]?.weight ?? 0);
  }
}

/** The weight of the heaviest path: no number of connections makes the run shorter than that. */
export function criticalPath(plan: Plan): number {
  return remainingPaths(plan).reduce((longest, path) => Math.max(longest, path), 0);
}
