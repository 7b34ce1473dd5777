import { LINES, SPECIAL, VALUES } from './fuzz-corpus.js';

/** Scripts by number: the same seed gives the same scripts, on every machine. */
export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, the limit (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Bytes without any order; or some lines that follow each other, with a few changes. */
  script(): Buffer {
    if (this.below(10) === 0)
      return Buffer.from(Array.from({ length: this.below(120) }, () => this.below(256)));
    const lines = Array.from({ length: 1 + this.below(4) }, () => this.pick(LINES));
    let bytes: Buffer = Buffer.from(lines.join(this.below(8) === 0 ? ' ' : '\n'));
    for (let changes = this.below(6); changes > 0; changes -= 1) bytes = this.#change(bytes);
    return bytes;
  }

  variables(): readonly (readonly [string, string])[] {
    return ['v', 'w', 'x', 'n']
      .filter(() => this.below(2) === 0)
      .map((name) => [name, this.pick(VALUES)] as const);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }

  #change(bytes: Buffer): Buffer {
    const [from, to] = [this.below(bytes.length + 1), this.below(bytes.length + 1)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const near = Math.min(to, from + this.below(12));
    const [before, part, after] = [bytes.subarray(0, from), bytes.subarray(from, near), bytes.subarray(near)];
    switch (this.below(6)) {
      case 0:
        return Buffer.concat([before, after]);
      case 1:
        return Buffer.concat([before, part, part, after]);
      case 2:
        return Buffer.concat([before, Buffer.from([this.below(256)]), part, after]);
      case 3:
        return Buffer.concat([before, bytes.subarray(to), bytes.subarray(from, to)]);
      case 4:
        return bytes.subarray(0, to);
      default:
        return Buffer.concat([before, Buffer.from(this.pick(SPECIAL)), part, after]);
    }
  }
}
