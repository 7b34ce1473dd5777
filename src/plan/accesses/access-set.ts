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
  resources(): number[] {
    return [...this.#bits.keys()].sort((one, other) => one - other);
  }

  bitsOf(resource: number): number {
    return this.#bits.get(resource) ?? 0;
  }
}

/** A finished set: resources in ascending order, and for each the bits of its modes. */
export interface Accesses {
  /** Equal sets of one analysis have the same number. */
  readonly number: number;
  readonly resources: readonly number[];
  readonly bits: readonly number[];
}

export class AccessSets {
  /** By a number that equal sets have in common. */
  readonly #known = new Map<number, Accesses[]>();
  #count = 0;

  finish(set: AccessSet): Accesses {
    const resources = set.resources();
    const bits = resources.map((resource) => set.bitsOf(resource));
    let hash = 0;
    for (let at = 0; at < resources.length; at++)
      hash = (Math.imul(hash, 31) + Math.imul(resources[at] ?? 0, 131) + (bits[at] ?? 0)) | 0;
    const alike = this.#known.get(hash);
    const known = alike?.find((one) => isSame(one.resources, resources) && isSame(one.bits, bits));
    if (known !== undefined) return known;
    const accesses = { number: this.#count, resources, bits };
    this.#count += 1;
    if (alike === undefined) this.#known.set(hash, [accesses]);
    else alike.push(accesses);
    return accesses;
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
