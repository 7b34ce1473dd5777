import type { RawRow } from './row-buffer.js';
import type { ShardRun } from './shard-run.js';

/** Which of the rows that have come is the next one of the union. */
export interface Picker {
  /** Undefined: that depends on rows that have not come yet, or there are none. */
  pick(): UnionRow | undefined;
}

export interface UnionRow {
  readonly run: ShardRun;
  readonly values: RawRow;
}

/** Rows as they come: what one database has sent is taken before that of the next one, in turn. */
export class Arrival implements Picker {
  /** The one whose turn it is comes first. */
  readonly #runs: ShardRun[];

  constructor(runs: readonly ShardRun[]) {
    this.#runs = [...runs];
  }

  pick(): UnionRow | undefined {
    const ready = this.#runs.findIndex(({ buffer }) => !buffer.isEmpty);
    if (ready > 0) this.#runs.push(...this.#runs.splice(0, ready));
    const [run] = this.#runs;
    const values = run?.buffer.take();
    return run === undefined || values === undefined ? undefined : { run, values };
  }
}
