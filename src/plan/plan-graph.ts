import type { Job } from '../model/job.js';
import type { Edge } from '../model/plan.js';
import type { AfterDirective } from '../model/script.js';

/**
 * The plan while it is being built: jobs get dense ids in the order they are added, parts of the graph are put side
 * by side or in sequence. Where many jobs meet many jobs a gate is put between them, so that the number of edges
 * grows with the sum, not the product.
 */
export class PlanGraph {
  readonly jobs: Job[] = [];
  readonly edges: Edge[] = [];
  readonly marks: Mark[] = [];

  add(job: Omit<Job, 'id'>): number {
    const id = this.jobs.length;
    this.jobs.push({ ...job, id });
    return id;
  }

  connect(edge: Edge): void {
    this.edges.push(edge);
  }

  sideBySide(parts: readonly Part[]): Part {
    const [entries, exits]: [number[], number[]] = [[], []];
    for (const part of parts) {
      for (const entry of part.entries) entries.push(entry);
      for (const exit of part.exits) exits.push(exit);
    }
    return { entries, exits };
  }

  /** Each part waits for the one before it; empty parts are passed over. */
  inSequence(parts: readonly Part[]): Part {
    const filled = parts.filter((part) => part.entries.length > 0);
    for (let next = 1; next < filled.length; next++) {
      this.#follow(filled[next - 1] ?? EMPTY, filled[next] ?? EMPTY);
    }
    return { entries: filled[0]?.entries ?? [], exits: filled.at(-1)?.exits ?? [] };
  }

  #follow(before: Part, after: Part): void {
    const [many, some] = [before.exits.length, after.entries.length];
    const from = many * some > many + some ? [this.#gate(before.exits)] : before.exits;
    for (const left of from) {
      for (const right of after.entries) {
        this.connect({ from: left, to: right, kind: 'order', reason: 'written order' });
      }
    }
  }

  #gate(from: readonly number[]): number {
    const gate = this.add({
      name: 'gate',
      script: undefined,
      steps: [],
      transaction: 'each',
      context: [],
      weight: 0,
    });
    for (const left of from) this.connect({ from: left, to: gate, kind: 'order', reason: 'written order' });
    return gate;
  }
}

/** A part of the graph, seen from outside: the jobs that nothing in it precedes, and those that nothing follows. */
export interface Part {
  readonly entries: readonly number[];
  readonly exits: readonly number[];
  /** Edges among its jobs that are not in the graph yet. */
  readonly inner?: readonly Edge[];
}

export const EMPTY: Part = { entries: [], exits: [] };

/** What the author said by hand about some jobs. */
export interface Mark {
  readonly jobs: readonly number[];
  readonly labels: readonly Label[];
  readonly after: readonly AfterDirective[];
  readonly barrier: boolean;
}

export interface Label {
  readonly name: string;
  readonly place: AfterDirective['place'];
}
