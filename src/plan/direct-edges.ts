import type { Edge, Plan } from '../model/plan.js';
import { topologicalOrder } from './graph.js';

/**
 * The edges of a plan without those that others imply: where a leads to b and b to c, an edge from a to c says nothing new.
 * What is left is what a person wants to see (the transitive reduction of the graph). Edges that the author asked for by
 * `after=` always stay.
 *
 * For each job its predecessors are looked at from the latest back, and what is before one that stays is not needed. The
 * search is given up after some steps, so that big plans take no longer than their size; some implied edges then stay.
 */
export function directEdges({ jobs, edges }: Pick<Plan, 'jobs' | 'edges'>): readonly Edge[] {
  const order = topologicalOrder({ jobs, edges });
  const position = new Uint32Array(jobs.length);
  for (const [index, id] of order.entries()) position[id] = index;
  const incoming = predecessors({ jobs, edges });
  const search = new BackwardSearch(position);
  const kept: Edge[] = [];
  for (const id of order) {
    const direct = search.directly(incoming[id] ?? []);
    for (const edge of incoming[id] ?? []) if (direct.has(edge.from) || isAskedFor(edge)) kept.push(edge);
  }
  return kept;
}

/** Edges entering each job, by job id. */
export function predecessors({ jobs, edges }: Pick<Plan, 'jobs' | 'edges'>): readonly (readonly Edge[])[] {
  const lists: Edge[][] = jobs.map(() => []);
  for (const edge of edges) lists[edge.to]?.push(edge);
  return lists;
}

function isAskedFor({ kind, conflict }: Edge): boolean {
  return kind === 'needs' && conflict === undefined;
}

/** Jobs must be given in an order that all edges respect. */
class BackwardSearch {
  readonly #position: Uint32Array;
  /** Of the jobs seen so far, the predecessors that are not implied. */
  readonly #direct: number[][] = [];
  /** By job: the last search that came by. */
  readonly #seen: Uint32Array;
  #search = 0;

  constructor(position: Uint32Array) {
    this.#position = position;
    this.#seen = new Uint32Array(position.length);
  }

  /** The predecessors of a job, by the edges that enter it, that no other one implies. */
  directly(edges: readonly Edge[]): ReadonlySet<number> {
    const from = [...new Set(edges.map((edge) => edge.from))];
    from.sort((one, other) => this.#at(other) - this.#at(one));
    const first = this.#at(from.at(-1) ?? 0);
    this.#search++;
    let steps = LEAST_STEPS + STEPS_A_PREDECESSOR * from.length;
    const direct = from.filter((job) => {
      if (this.#seen[job] === this.#search) return false;
      if (from.length > 1) steps -= this.#markBefore(job, { first, steps });
      return true;
    });
    const to = edges[0]?.to;
    if (to !== undefined) this.#direct[to] = direct;
    return new Set(direct);
  }

  /** Marks what is before a job, back to a position. Returns the steps it took. */
  #markBefore(job: number, { first, steps }: { readonly first: number; readonly steps: number }): number {
    const open = [job];
    let taken = 0;
    for (let next = open.pop(); next !== undefined && taken < steps; next = open.pop()) {
      for (const before of this.#direct[next] ?? []) {
        taken++;
        if (this.#at(before) < first || this.#seen[before] === this.#search) continue;
        this.#seen[before] = this.#search;
        open.push(before);
      }
    }
    return taken;
  }

  #at(job: number): number {
    return this.#position[job] ?? 0;
  }
}

const LEAST_STEPS = 2_000;
const STEPS_A_PREDECESSOR = 4;
