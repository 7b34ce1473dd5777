import { InputError } from '../../model/diagnostic.js';
import type { MergeOrder } from '../../model/merge-order.js';
import type { Field } from '../result-taker.js';
import { Arrival, type Picker, type UnionRow } from './arrival.js';
import { describeColumns, sameColumns } from './columns.js';
import { OrderedMerge } from './ordered-merge.js';
import { within } from './patience.js';
import type { RowStatement } from './row-query.js';
import type { Shard } from './shard.js';
import { ShardRun } from './shard-run.js';
import { TargetError } from './target-error.js';

/**
 * One query over all databases: their rows as one list.
 *
 * `read` gives what is there and never waits; `more` waits until there may be something. No row is given before all have
 * told their columns and these are the same. `read` throws when it cannot go on; `close` then, and always at the end, stops
 * what still runs and waits until the connections can be used again.
 */
export interface UnionOptions {
  readonly order: MergeOrder | undefined;
  /** Go on with the others when one fails. */
  readonly keepGoing: boolean;
  /** Any row will do: the first that comes is not held back by databases that have told nothing yet. */
  readonly isHasty: boolean;
}

export class Union {
  readonly #options: UnionOptions;
  readonly #runs: readonly ShardRun[];
  readonly #failed: ShardRun[] = [];
  #picker: Picker | undefined;
  #columns: readonly Field[] | undefined;
  #abort: { readonly reason: unknown } | undefined;
  #closing: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(shards: readonly Shard[], statement: RowStatement, options: UnionOptions) {
    this.#options = options;
    const listener = {
      changed: () => this.#wake(),
      failed: (run: ShardRun) => {
        this.#failed.push(run);
        this.#wake();
      },
    };
    this.#runs = shards.map((shard) => new ShardRun(shard, statement, listener));
  }

  get runs(): readonly ShardRun[] {
    return this.#runs;
  }

  /** Known from the first row on; empty when no database has told any. */
  get columns(): readonly Field[] {
    return this.#columns ?? [];
  }

  /** Failures in the order in which they happened. */
  get errors(): readonly TargetError[] {
    return this.#failed.flatMap(({ shard, failure }) =>
      failure === undefined ? [] : [new TargetError(shard.name, failure)],
    );
  }

  read(): UnionRow | 'wait' | 'end' {
    if (this.#abort !== undefined) throw this.#abort.reason;
    this.#heedFailures();
    this.#picker ??= this.#begin();
    const row = this.#picker?.pick();
    // To pick may show that a database is not to be trusted.
    this.#heedFailures();
    if (row !== undefined) {
      row.run.taken += 1;
      return row;
    }
    return this.#runs.every((run) => run.isOver && run.buffer.isEmpty) ? 'end' : 'wait';
  }

  /** Resolves when `read` may have something else to say. To be called right behind it. */
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** `read` throws this from now on. */
  abort(reason: unknown): void {
    this.#abort ??= { reason };
    for (const run of this.#runs) run.stop();
    this.#wake();
  }

  /** Again harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const run of this.#runs) run.stop();
    await within(GRACE, Promise.all(this.#runs.map((run) => run.settled)));
  }

  /** What the user is to be told of an error that `read` has thrown: with all that has failed by now. */
  explain(error: unknown): unknown {
    const [first, ...others] = this.errors;
    return error instanceof TargetError && first !== undefined
      ? new TargetError(first.target, first.failure, others)
      : error;
  }

  #heedFailures(): void {
    if (this.#failed.length === 0) return;
    const [first] = this.errors;
    if (first !== undefined && !this.#options.keepGoing) throw first;
    for (const run of this.#failed) run.stop();
  }

  /** Undefined: not all have told their columns. */
  #begin(): Picker | undefined {
    const { order, isHasty } = this.#options;
    const going = this.#runs.filter(({ failure }) => failure === undefined);
    const described = going.filter(({ columns }) => columns !== undefined);
    const mustWait = order !== undefined || !isHasty || described.every(({ buffer }) => buffer.isEmpty);
    if (mustWait && going.some(({ columns }) => columns === undefined)) return undefined;
    this.#columns = this.#agreedColumns(described);
    this.#heedFailures();
    if (order === undefined || going.length === 0) return new Arrival(this.#runs);
    const bound = order.bind(this.#columns);
    if (!bound.ok) throw new InputError(bound.diagnostics);
    return new OrderedMerge(this.#runs, bound.value);
  }

  /** Those of the first database; one that has others is refused. */
  #agreedColumns(runs: readonly ShardRun[]): readonly Field[] {
    const [first, ...others] = runs;
    const columns = first?.columns ?? [];
    for (const run of others) {
      const own = run.columns ?? [];
      if (first === undefined || sameColumns(columns, own)) continue;
      run.refuse(
        `its columns are others than those of ${first.shard.name}: ${describeColumns(own)} instead of ${describeColumns(columns)}`,
        'give the tables the same columns, or name and cast them in the query',
      );
    }
    return columns;
  }
}

/** Milliseconds that a query waits for its cancelled parts; their connections stay busy until the server answers. */
const GRACE = 5_000;
