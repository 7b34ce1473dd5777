import type { CopyCut } from '../model/script.js';

/**
 * Where a COPY block may be cut: beginnings of rows, about evenly spread, found while the block is passed over. There are
 * never more than a few thousand; in a bigger block they are further apart.
 */
export class CopyCuts {
  #cuts: CopyCut[] = [];
  #distance = NEAREST;
  #next: number;

  constructor(start: number) {
    this.#next = start + this.#distance;
  }

  /** From here on a cut is wanted. */
  get next(): number {
    return this.#next;
  }

  add(cut: CopyCut): void {
    this.#cuts.push(cut);
    if (this.#cuts.length >= MOST) {
      this.#cuts = this.#cuts.filter((_, index) => index % 2 === 1);
      this.#distance *= 2;
    }
    this.#next = cut.offset + this.#distance;
  }

  get list(): readonly CopyCut[] {
    return this.#cuts;
  }
}

const NEAREST = 64 * 1024;
const MOST = 4096;
