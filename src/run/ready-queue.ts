/**
 * The jobs that may start now, most urgent first: a binary heap over job ids. The most urgent job has the highest
 * priority (the weight of the longest path that starts with it); among equals the one written first.
 */
export class ReadyQueue {
  readonly #priorities: ArrayLike<number>;
  readonly #heap: number[] = [];

  constructor(priorities: ArrayLike<number>) {
    this.#priorities = priorities;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The most urgent one, which stays. */
  get first(): number | undefined {
    return this.#heap[0];
  }

  push(job: number): void {
    let hole = this.#heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = this.#at(parent);
      if (!this.#before(job, above)) break;
      this.#heap[hole] = above;
      hole = parent;
    }
    this.#heap[hole] = job;
  }

  pop(): number | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined || this.#heap.length === 0) return top;
    this.#sink(last);
    return top;
  }

  #sink(job: number): void {
    const size = this.#heap.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(this.#at(child + 1), this.#at(child))) child++;
      if (!this.#before(this.#at(child), job)) break;
      this.#heap[hole] = this.#at(child);
      hole = child;
    }
    this.#heap[hole] = job;
  }

  #at(index: number): number {
    const job = this.#heap[index];
    if (job === undefined) throw new RangeError(`no entry ${index} in a heap of ${this.#heap.length}`);
    return job;
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#priorities[a] ?? 0, this.#priorities[b] ?? 0];
    return first > second || (first === second && a < b);
  }
}
