import { modeBit, type AccessMode } from '../../model/access.js';

/**
 * What one statement, or one job, does to which resources. Finished sets are kept once: statements that do the same share
 * one, and are told to do the same by comparing numbers.
 */
export class AccessSet {
  /** Bits of modes, by resource. */
  readonly #bits = new Map<number, number>();

  add(resource: number, mode: AccessMode): void {
    this.#bits.set(resource, (this.#bits.get(resource) ?? 0) | modeBit(mode));
  }

  addAll(other: Accesses): void {
    for (let at = 0; at < other.resources.length; at++) {
      const resource = other.resources[at] ?? 0;
      this.#bits.set(resource, (this.#bits.get(resource) ?? 0) | (other.bits[at] ?? 0));
    }
  }

  /** Whatever is touched in one mode is touched in another too. */
  raise(from: AccessMode, to: AccessMode): void {
    for (const [resource, bits] of this.#bits)
      if ((bits & modeBit(from)) !== 0) this.#bits.set(resource, bits | modeBit(to));
  }

  /** In ascending order. */
  resources(): Uint32Array {
    return Uint32Array.from(this.#bits.keys()).sort();
  }

  bitsOf(resource: number): number {
    return this.#bits.get(resource) ?? 0;
  }
}

/** A finished set: resources in ascending order, and for each the bits of its modes. */
export interface Accesses {
  /** Equal sets of one analysis have the same number. */
  readonly number: number;
  readonly resources: Uint32Array;
  readonly bits: Uint8Array;
}

export class AccessSets {
  readonly #known = new Map<string, Accesses>();

  finish(set: AccessSet): Accesses {
    const resources = set.resources();
    let key = '';
    for (const resource of resources) key += `${resource}:${set.bitsOf(resource)} `;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const bits = Uint8Array.from(resources, (resource) => set.bitsOf(resource));
    const accesses = { number: this.#known.size, resources, bits };
    this.#known.set(key, accesses);
    return accesses;
  }
}
