import { UnreadableValue, type RowOrder, type SortKey } from '../../model/merge-order.js';
import type { Picker, UnionRow } from './arrival.js';
import type { RawRow } from './row-buffer.js';
import type { ShardRun } from './shard-run.js';

/**
 * Merges rows that each database gives in the same order into one list in that order. The next row is known when there is
 * one from each that has not ended. Among equals the database that was named first comes first.
 *
 * It trusts nobody: a database whose rows are not in the order is refused at the first row that shows it.
 */
export class OrderedMerge implements Picker {
  readonly #order: RowOrder;
  readonly #places: ReadonlyMap<ShardRun, number>;
  /** The next row of each database that has one, the last one first. */
  readonly #heads: Head[] = [];
  /** Databases whose next row has not been looked at. */
  readonly #awaited: Set<ShardRun>;
  readonly #last = new Map<ShardRun, Seen>();

  constructor(runs: readonly ShardRun[], order: RowOrder) {
    this.#order = order;
    this.#places = new Map(runs.map((run, place) => [run, place]));
    this.#awaited = new Set(runs);
  }

  pick(): UnionRow | undefined {
    for (const run of this.#awaited) this.#look(run);
    if (this.#awaited.size > 0) return undefined;
    const head = this.#heads.pop();
    if (head === undefined) return undefined;
    this.#awaited.add(head.run);
    // Its rows before the failure are not wanted either.
    return head.run.failure === undefined ? head : this.pick();
  }

  #look(run: ShardRun): void {
    const values = run.buffer.take();
    if (values !== undefined) {
      const key = this.#checkedKey(run, values);
      if (key === undefined) return;
      this.#insert({ run, values, key });
    } else if (!run.isOver && run.failure === undefined) return;
    this.#awaited.delete(run);
  }

  /** Undefined: the run was refused. */
  #checkedKey(run: ShardRun, values: RawRow): SortKey | undefined {
    const key = this.#order.keyOf(values);
    if (key instanceof UnreadableValue) {
      run.refuse(key.message, key.hint);
      return undefined;
    }
    const last = this.#last.get(run);
    if (last !== undefined && this.#order.compare(last.key, key) > 0) {
      const [before, now] = [this.#order.describe(last.values), this.#order.describe(values)];
      run.refuse(
        `its rows are not in the merge order: row ${last.row + 1} (${now}) comes behind row ${last.row} (${before})`,
        `the query must sort them so: ${this.#order.clause}`,
      );
      return undefined;
    }
    this.#last.set(run, { key, values, row: (last?.row ?? 0) + 1 });
    return key;
  }

  #insert(head: Head): void {
    let low = 0;
    let high = this.#heads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#heads[middle];
      if (other !== undefined && this.#comesBefore(head, other)) low = middle + 1;
      else high = middle;
    }
    this.#heads.splice(low, 0, head);
  }

  #comesBefore(one: Head, other: Head): boolean {
    const difference = this.#order.compare(one.key, other.key);
    if (difference !== 0) return difference < 0;
    return (this.#places.get(one.run) ?? 0) < (this.#places.get(other.run) ?? 0);
  }
}

interface Head extends UnionRow {
  readonly key: SortKey;
}

interface Seen {
  readonly key: SortKey;
  readonly values: RawRow;
  /** Counted from 1. */
  readonly row: number;
}
