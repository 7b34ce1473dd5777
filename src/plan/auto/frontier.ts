import { ACCESS_MODES, CONFLICT_BITS } from '../../model/access.js';
import type { Conflict } from '../../model/plan.js';
import type { Accesses } from '../accesses/access-set.js';
import { JobLists } from './job-lists.js';

/**
 * Accesses in the written order → who waits for whom. For each resource it keeps, by mode, those who did that to it last; a
 * newcomer waits for all whose mode conflicts with its own.
 *
 * Whoever conflicts with everything that an older one conflicts with, and waits for it, takes its place: who comes later
 * waits for the newcomer, and so for the older one. So a list holds the last writer, or the readers since. Where a long list
 * would be waited for again and again (a thousand readers, then a thousand writers that commute), a gate stands for it.
 *
 * Invariant: if two conflict, there is a path from the earlier to the later one.
 */
export interface Wait {
  readonly on: number;
  /** Undefined: it stands behind a barrier, or is one. */
  readonly conflict?: Conflict;
  /** `file order=sequential` says so. */
  readonly isByFile?: boolean;
}

export interface FrontierPorts {
  /** For people. */
  readonly label: (resource: number) => string;
  /** Makes a job that runs nothing and waits for others; undefined: there can be no more jobs. */
  readonly gate: ((waits: readonly Wait[]) => number) | undefined;
}

const MODES = ACCESS_MODES.length;
const LONG = 16;

export class Frontier {
  readonly #ports: FrontierPorts;
  readonly #lists = new JobLists();
  /** Since the last barrier: those that nobody waits for yet. */
  readonly #ends = new Set<number>();
  #barrier: number | undefined;
  /** Edges are many, and say the same of an object again and again: what they say is one object. */
  readonly #conflicts = new Map<number, Conflict>();

  constructor(ports: FrontierPorts) {
    this.#ports = ports;
  }

  /** Whom a job with these accesses waits for. */
  waits({ resources, bits }: Accesses): readonly Wait[] {
    const waits = new Map<number, Wait>();
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at] ?? 0;
      const own = bits[at] ?? 0;
      for (let mode = 0; mode < MODES; mode++) {
        if (((CONFLICT_BITS[mode] ?? 0) & own) === 0) continue;
        const jobs = this.#shortened(resource, mode);
        if (jobs.length === 0) continue;
        const conflict = this.#conflict(resource, mode, own);
        for (const on of jobs) {
          const known = waits.get(on)?.conflict;
          if (known === undefined || (isNeed(conflict) && !isNeed(known))) waits.set(on, { on, conflict });
        }
      }
    }
    if (waits.size === 0 && this.#barrier !== undefined) return [{ on: this.#barrier }];
    return [...waits.values()];
  }

  /** The job is there, and waits for these. */
  add(job: number, { resources, bits }: Accesses, waits: readonly Wait[]): void {
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at] ?? 0;
      const own = bits[at] ?? 0;
      const replaced = REPLACED_BITS[own] ?? 0;
      for (let mode = 0; mode < MODES; mode++) {
        if ((replaced & (1 << mode)) !== 0) this.#lists.empty(resource, mode);
        if ((own & (1 << mode)) !== 0) this.#lists.add(resource, mode, job);
      }
    }
    this.#follow(job, waits);
  }

  /** Whom a job that runs alone waits for. */
  waitsOfBarrier(): readonly Wait[] {
    if (this.#ends.size === 0 && this.#barrier !== undefined) return [{ on: this.#barrier }];
    return [...this.#ends].map((on) => ({ on }));
  }

  /** All that follow wait for this one. */
  addBarrier(job: number): void {
    this.#lists.clear();
    this.#ends.clear();
    this.#barrier = job;
  }

  #follow(job: number, waits: readonly Wait[]): void {
    for (const { on } of waits) this.#ends.delete(on);
    this.#ends.add(job);
  }

  /** Those who did that last; of a long list a gate that stands for it. */
  #shortened(resource: number, mode: number): readonly number[] {
    const jobs = this.#lists.of(resource, mode);
    if (this.#ports.gate === undefined || jobs.length < LONG) return jobs;
    const conflict = this.#conflict(resource, mode, CONFLICT_BITS[mode] ?? 0);
    const waits = jobs.map((on) => ({ on, conflict }));
    const gate = this.#ports.gate(waits);
    this.#lists.empty(resource, mode);
    this.#lists.add(resource, mode, gate);
    this.#follow(gate, waits);
    return [gate];
  }

  #conflict(resource: number, mode: number, own: number): Conflict {
    const strongest = strongestOf(own & (CONFLICT_BITS[mode] ?? 0));
    const key = (resource * MODES + mode) * MODES + strongest;
    const known = this.#conflicts.get(key);
    if (known !== undefined) return known;
    const [from = 'use', to = 'use'] = [ACCESS_MODES[mode], ACCESS_MODES[strongest]];
    const conflict = { object: this.#ports.label(resource), from, to };
    this.#conflicts.set(key, conflict);
    return conflict;
  }
}

/** By the bits of a newcomer: the modes whose jobs it takes the place of. */
const REPLACED_BITS = Uint8Array.from({ length: 1 << MODES }, (_, own) =>
  ACCESS_MODES.reduce((bits, _mode, mode) => (isReplacedBy(mode, own) ? bits | (1 << mode) : bits), 0),
);

/** Whatever conflicts with the mode conflicts with one of these, and these conflict with it. */
function isReplacedBy(mode: number, own: number): boolean {
  let conflicts = 0;
  for (let other = 0; other < MODES; other++)
    if ((own & (1 << other)) !== 0) conflicts |= CONFLICT_BITS[other] ?? 0;
  const waits = (conflicts & (1 << mode)) !== 0;
  return waits && ((CONFLICT_BITS[mode] ?? 0) & ~conflicts) === 0;
}

/**
 * Whether the later one cannot do without the earlier: what it defines, or the rows that it writes for others to read. The others
 * only keep their order: when the earlier one fails, the later one may still be run (--keep-going).
 */
export function isNeed({ from, to }: Pick<Conflict, 'from' | 'to'>): boolean {
  return from === 'define' || (to === 'read' && (from === 'append' || from === 'write'));
}

/** The place of the strongest of these modes. */
function strongestOf(bits: number): number {
  return Math.max(0, 31 - Math.clz32(bits));
}
