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
  const out = successors(plan);
  const remaining = new Float64Array(plan.jobs.length);
  for (const id of order.toReversed()) {
    let behind = 0;
    for (const edge of out[id] ?? []) behind = Math.max(behind, remaining[edge.to] ?? 0);
    remaining[id] = behind + (plan.jobs[id]?.weight ?? 0);
  }
  return remaining;
}

/** The weight of the heaviest path: no number of connections makes the run shorter than that. */
export function criticalPath(plan: Plan): number {
  return remainingPaths(plan).reduce((longest, path) => Math.max(longest, path), 0);
}
