import { ACCESS_MODES } from '../../model/access.js';

/**
 * For each resource and each mode a list of jobs, in arrays of numbers: with an object a list they were a fifth of all that
 * planning keeps.
 *
 * A list is a ring of cells: its slot knows the last one, the last one the first. Cells of lists that were emptied are used
 * again. All lists are emptied at once by a new generation: a resource of an older one has none.
 *
 * Invariant: each cell that was ever used is in one ring, is free, or belongs to an older generation.
 */
export class JobLists {
  /** By resource and mode: the cell of its last job; 0: none. */
  #last = new Int32Array(0);
  /** By resource. */
  #generations = new Int32Array(0);
  #generation = 1;
  /** By cell, from 1 on. */
  #jobs = new Int32Array(0);
  #next = new Int32Array(0);
  #cells = 0;
  /** The first of a chain of free cells; 0: none. */
  #free = 0;

  /** The oldest first. */
  of(resource: number, mode: number): readonly number[] {
    const last = this.#generations[resource] === this.#generation ? this.#last[resource * MODES + mode] : 0;
    if (last === undefined || last === 0) return NONE;
    const jobs: number[] = [];
    let cell = last;
    do {
      cell = this.#next[cell] ?? last;
      jobs.push(this.#jobs[cell] ?? 0);
    } while (cell !== last);
    return jobs;
  }

  /** Puts a job behind the others. */
  add(resource: number, mode: number, job: number): void {
    this.#enter(resource);
    const slot = resource * MODES + mode;
    const last = this.#last[slot] ?? 0;
    const cell = this.#cell();
    this.#jobs[cell] = job;
    this.#next[cell] = last === 0 ? cell : (this.#next[last] ?? 0);
    if (last !== 0) this.#next[last] = cell;
    this.#last[slot] = cell;
  }

  empty(resource: number, mode: number): void {
    if (this.#generations[resource] !== this.#generation) return;
    const slot = resource * MODES + mode;
    const last = this.#last[slot] ?? 0;
    if (last === 0) return;
    const first = this.#next[last] ?? 0;
    this.#next[last] = this.#free;
    this.#free = first;
    this.#last[slot] = 0;
  }

  /** Empties all. */
  clear(): void {
    this.#generation += 1;
    this.#cells = 0;
    this.#free = 0;
  }

  /** Makes room for a resource, whose lists of an older generation are gone. */
  #enter(resource: number): void {
    if (resource >= this.#generations.length) {
      this.#generations = grown(this.#generations, resource + 1);
      this.#last = grown(this.#last, this.#generations.length * MODES);
    }
    if (this.#generations[resource] === this.#generation) return;
    this.#generations[resource] = this.#generation;
    this.#last.fill(0, resource * MODES, (resource + 1) * MODES);
  }

  #cell(): number {
    const cell = this.#free;
    if (cell !== 0) {
      this.#free = this.#next[cell] ?? 0;
      return cell;
    }
    this.#cells += 1;
    if (this.#cells >= this.#jobs.length) {
      this.#jobs = grown(this.#jobs, this.#cells + 1);
      this.#next = grown(this.#next, this.#cells + 1);
    }
    return this.#cells;
  }
}

const MODES = ACCESS_MODES.length;
const NONE: readonly number[] = [];

/** Twice as long, or as long as it must be. */
function grown(numbers: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(least, numbers.length * 2));
  longer.set(numbers);
  return longer;
}
