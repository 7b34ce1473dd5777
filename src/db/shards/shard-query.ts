import { setMaxListeners } from 'node:events';
import type { UnionRow } from './arrival.js';
import { RowMaker, type ShardField } from './row-maker.js';
import type { ShardRun } from './shard-run.js';
import type { TargetError } from './target-error.js';
import type { Union } from './union.js';

/** What a query over all targets gave. */
export interface ShardResult<Row> {
  /** In the order of `mergeOrder`; without one those of the first target, then those of the second, and so on. */
  readonly rows: Row[];
  readonly fields: readonly ShardField[];
  /** How many rows each target gave, in the order in which they were named. */
  readonly targets: readonly TargetRows[];
  /** With `keepGoing`: the targets that failed. None of their rows is in the result. */
  readonly failures: readonly TargetError[];
}

export interface TargetRows {
  readonly target: string;
  readonly rows: number;
}

export interface ReadingOptions {
  readonly first: boolean;
  readonly withTarget: boolean;
  readonly isOrdered: boolean;
  /** Each ends the query with its reason. */
  readonly signals: readonly AbortSignal[];
}

/**
 * A query that begins when it is awaited or iterated, whichever comes first, and then once.
 *
 * Awaited, it gives all rows at once. Iterated, it gives them one by one as they come (in the order of `mergeOrder`), never
 * faster than they are taken; leaving the loop cancels what still runs. Awaiting it again gives the same result. Rows that
 * were iterated are gone: to await them, or to iterate again, is an error.
 */
export class ShardQuery<Row> implements PromiseLike<ShardResult<Row>>, AsyncIterable<Row> {
  readonly #start: () => Union;
  readonly #options: ReadingOptions;
  #union: Union | undefined;
  #result: Promise<ShardResult<Row>> | undefined;
  #isIterated = false;

  constructor(start: () => Union, options: ReadingOptions) {
    this.#start = start;
    this.#options = options;
  }

  /** How many rows each target has given so far: of use while iterating, and behind it. */
  get targets(): readonly TargetRows[] {
    return (this.#union?.runs ?? []).map(({ shard, taken }) => ({ target: shard.name, rows: taken }));
  }

  /** Of an iteration with `keepGoing`: what has failed so far. Rows that had come before the failure were given. */
  get failures(): readonly TargetError[] {
    return this.#union?.errors ?? [];
  }

  then<Result = ShardResult<Row>, Other = never>(
    fulfilled?: ((result: ShardResult<Row>) => Result | PromiseLike<Result>) | null,
    rejected?: ((reason: unknown) => Other | PromiseLike<Other>) | null,
  ): Promise<Result | Other> {
    this.#result ??= this.#collect();
    return this.#result.then(fulfilled, rejected);
  }

  catch<Other = never>(
    rejected?: ((reason: unknown) => Other | PromiseLike<Other>) | null,
  ): Promise<ShardResult<Row> | Other> {
    return this.then(undefined, rejected);
  }

  finally(settled?: (() => void) | null): Promise<ShardResult<Row>> {
    return this.then().finally(settled);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#result !== undefined) throw new Error('the query was awaited: its rows are in the result');
    if (this.#isIterated) throw new Error('the query was iterated already: its rows are gone');
    this.#isIterated = true;
    const union = this.#begin();
    let maker: RowMaker | undefined;
    for await (const row of rowsOf(union, this.#options)) {
      maker ??= new RowMaker(union.columns, this.#options.withTarget);
      // Whoever names the type of the rows knows what the statement gives.
      yield maker.make(row) as Row;
    }
  }

  async #collect(): Promise<ShardResult<Row>> {
    if (this.#isIterated) throw new Error('the query was iterated: its rows are gone');
    const union = this.#begin();
    const all: UnionRow[] = [];
    for await (const row of rowsOf(union, this.#options)) all.push(row);
    const byRun = new Map(union.runs.map((run): [ShardRun, UnionRow[]] => [run, []]));
    for (const row of all) byRun.get(row.run)?.push(row);
    const rows = (this.#options.isOrdered ? all : [...byRun.values()].flat()).filter(isWhole);
    const maker = new RowMaker(union.columns, this.#options.withTarget);
    const targets = [...byRun].map(([run, own]) => ({
      target: run.shard.name,
      rows: own.filter(isWhole).length,
    }));
    // As above.
    return {
      rows: rows.map((row) => maker.make(row) as Row),
      fields: maker.fields,
      targets,
      failures: union.errors,
    };
  }

  #begin(): Union {
    for (const signal of this.#options.signals) signal.throwIfAborted();
    this.#union = this.#start();
    return this.#union;
  }
}

/** Of a database that failed on the way nobody knows what is missing. */
function isWhole({ run }: UnionRow): boolean {
  return run.failure === undefined;
}

/** The rows, one by one. However that ends, what runs is stopped and the connections are left ready. */
async function* rowsOf(union: Union, { first, signals }: ReadingOptions): AsyncGenerator<UnionRow> {
  const aborts = signals.map((signal) => ({ signal, abort: () => union.abort(signal.reason) }));
  // Many queries may wait for their turn with the same signal; that is no leak.
  setMaxListeners(0, ...signals);
  for (const { signal, abort } of aborts) signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const step = union.read();
      if (step === 'end') return;
      if (step === 'wait') await union.more();
      else yield step;
      if (first && step !== 'wait') return;
    }
  } catch (error) {
    await union.close();
    throw union.explain(error);
  } finally {
    for (const { signal, abort } of aborts) signal.removeEventListener('abort', abort);
    await union.close();
  }
}
