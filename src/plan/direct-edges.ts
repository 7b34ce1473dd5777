import type { Edge, Plan } from '../model/plan.js';
import { predecessors, topologicalOrder } from './graph.js';

/**
 * The edges of a plan without those that others imply: where a leads to b and b to c, an edge from a to c says nothing new.
 * What is left is what a person wants to see (the transitive reduction of the graph). Edges that the author asked for by
 * `after=` always stay.
 *
 * For each job its predecessors are looked at from the latest back, and what is before one that stays is not needed. The
 * search is given up after some steps, so that big plans take no longer than their size; some implied edges then stay.
 */
export function directEdges(plan: Pick<Plan, 'jobs' | 'edges'>): readonly Edge[] {
  const order = topologicalOrder(plan);
  const position = new Uint32Array(plan.jobs.length);
  order.forEach((id, index) => (position[id] = index));
  const incoming = predecessors(plan);
  const search = new BackwardSearch(position);
  const kept: Edge[] = [];
  for (const id of order) {
    const edges = incoming.of(id);
    const direct = search.directly(id, edges);
    const among = direct.length === edges.length ? undefined : new Set(direct);
    for (const edge of edges)
      if (among === undefined || among.has(edge.from) || isAskedFor(edge)) kept.push(edge);
  }
  return kept;
}

function isAskedFor({ kind, conflict }: Edge): boolean {
  return kind === 'needs' && conflict === undefined;
}

/** Jobs must be given in an order that all edges respect. */
class BackwardSearch {
  readonly #position: Uint32Array;
  /** Of the jobs seen so far, the predecessors that are not implied. */
  readonly #direct: (readonly number[])[] = [];
  /** By job: the last search that came by. */
  readonly #seen: Uint32Array;
  #search = 0;

  constructor(position: Uint32Array) {
    this.#position = position;
    this.#seen = new Uint32Array(position.length);
  }

  /** The predecessors of a job, by the edges that enter it, that no other one implies: the latest first. */
  directly(to: number, edges: readonly Edge[]): readonly number[] {
    const direct = edges.length > 1 ? this.#ofSeveral(edges) : edges.map(({ from }) => from);
    this.#direct[to] = direct;
    return direct;
  }

  #ofSeveral(edges: readonly Edge[]): readonly number[] {
    const from = [...new Set(edges.map((edge) => edge.from))];
    from.sort((one, other) => this.#at(other) - this.#at(one));
    const first = this.#at(from.at(-1) ?? 0);
    this.#search++;
    let steps = LEAST_STEPS + STEPS_A_PREDECESSOR * from.length;
    return from.filter((job) => {
      if (this.#seen[job] === this.#search) return false;
      if (from.length > 1) steps -= this.#markBefore(job, { first, steps });
      return true;
    });
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
