import type { Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';

/**
 * Facts about a plan's graph: an order that respects all edges, the longest path that remains behind each job, and
 * the heaviest path of all. All in O(jobs + edges).
 */

/** The edges of each job, by its id. */
export interface EdgesOf {
  readonly of: (job: number) => readonly Edge[];
}

/** Edges leaving each job. */
export function successors(plan: Pick<Plan, 'jobs' | 'edges'>): EdgesOf {
  return new EdgeIndex(plan.jobs.length, plan.edges, ({ from }) => from);
}

/** Edges entering each job. */
export function predecessors(plan: Pick<Plan, 'jobs' | 'edges'>): EdgesOf {
  return new EdgeIndex(plan.jobs.length, plan.edges, ({ to }) => to);
}

/** Edges sorted by one of their ends, in the order they were given: a list for each job would take many times the memory. */
class EdgeIndex implements EdgesOf {
  readonly #edges: readonly Edge[];
  /** Where those of each job begin, and behind the last job where they end. */
  readonly #starts: Uint32Array;

  constructor(jobs: number, edges: readonly Edge[], end: (edge: Edge) => number) {
    // Two places further than it belongs: each grows to where its job's edges end, which is where the next one's begin.
    const starts = new Uint32Array(jobs + 2);
    for (const edge of edges) add(starts, end(edge) + 2, 1);
    for (let job = 2; job < starts.length; job++) add(starts, job, starts[job - 1] ?? 0);
    const sorted = edges.slice();
    for (const edge of edges) {
      sorted[starts[end(edge) + 1] ?? 0] = edge;
      add(starts, end(edge) + 1, 1);
    }
    this.#edges = sorted;
    this.#starts = starts;
  }

  of(job: number): readonly Edge[] {
    return this.#edges.slice(this.#starts[job], this.#starts[job + 1]);
  }
}

function add(counts: Uint32Array, at: number, count: number): void {
  counts[at] = (counts[at] ?? 0) + count;
}

/** How many edges enter each job, by job id. */
export function indegrees(plan: Pick<Plan, 'jobs' | 'edges'>): Uint32Array {
  const counts = new Uint32Array(plan.jobs.length);
  for (const { to } of plan.edges) add(counts, to, 1);
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
    for (const edge of out.of(id)) {
      const left = (open[edge.to] ?? 0) - 1;
      open[edge.to] = left;
      if (left === 0) order.push(edge.to);
    }
  }
  return order;
}

/** The ids of jobs that are on a cycle or behind one; empty when there is none. */
export function cyclicJobs(plan: Pick<Plan, 'jobs' | 'edges'>): readonly number[] {
  const order = topologicalOrder(plan);
  if (order.length === plan.jobs.length) return [];
  const sorted = new Set(order);
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
  readonly out: EdgesOf;
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
    for (const { to } of part.out.of(id)) {
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
    for (const { to } of out.of(id)) behind = Math.max(behind, remaining[to] ?? 0);
    remaining[id] = behind + (jobs[id]?.weight ?? 0);
  }
}

/** The weight of the heaviest path: no number of connections makes the run shorter than that. */
export function criticalPath(plan: Plan): number {
  return remainingPaths(plan).reduce((longest, path) => Math.max(longest, path), 0);
}
