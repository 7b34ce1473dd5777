import pg from 'pg';
import { InputError, type Diagnostic } from '../../model/diagnostic.js';
import { parseMergeOrder, type MergeOrder } from '../../model/merge-order.js';
import type { RowStatement } from './row-query.js';
import { ShardQuery } from './shard-query.js';
import { openShard, type Shard, type ShardAddress, type ShardSession } from './shard.js';
import { TargetError } from './target-error.js';
import { Union } from './union.js';

/**
 * Several databases that hold one table together, and queries over all of them, as if they were one.
 *
 * A query (shard-query.ts) makes a union (union.ts), which has a run on each shard (shard-run.ts); a picker (arrival.ts,
 * ordered-merge.ts) says which row is the next. Each shard has one connection, on which runs take turns.
 */
export interface QueryOptions {
  /** Stop at the first row that comes, and cancel the rest. For queries that only read: what is cancelled is rolled back. */
  readonly first?: boolean;
  /** Adds the column `target` to the rows: the name of the target that each is from. */
  readonly withTarget?: boolean;
  /**
   * `created desc, id`: each target's rows come in this order (the query must sort them so; a target that does not is an
   * error), and are merged into one list in this order. Written as behind ORDER BY: names of result columns or their
   * numbers, `asc` or `desc`, `nulls first` or `nulls last`. Texts are compared by their bytes: sort with COLLATE "C".
   */
  readonly mergeOrder?: string;
  /** Aborting cancels the query on all servers; it then ends with the signal's reason. */
  readonly signal?: AbortSignal;
  /** When a target fails, go on with the others; what failed is listed. */
  readonly keepGoing?: boolean;
}

/** Opens all, or throws the first failure as a TargetError, and leaves nothing open. */
export async function openShards(
  addresses: readonly ShardAddress[],
  session: ShardSession,
): Promise<readonly Shard[]> {
  const opened = await Promise.all(addresses.map((address) => openShard(address, session)));
  const shards = opened.flatMap((one) => (one.ok ? [one.shard] : []));
  const [first, ...others] = opened.flatMap((one) =>
    one.ok ? [] : [new TargetError(one.name, one.failure)],
  );
  if (first === undefined) return shards;
  await Promise.all(shards.map((shard) => shard.close()));
  throw new TargetError(first.target, first.failure, others);
}

/**
 * Connections to the targets, one each. Each is one session: settings, temporary tables and transactions (`BEGIN`) stay
 * from query to query. A connection that is lost is not renewed; every later query names it as failed.
 */
export class Shards {
  readonly #shards: readonly Shard[];
  readonly #ended = new AbortController();
  #ending: Promise<void> | undefined;

  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
  }

  /** The names of the targets, in the order in which they were given. */
  get targets(): readonly string[] {
    return this.#shards.map(({ name }) => name);
  }

  /**
   * Runs one statement on every target. It begins when the query is awaited (all rows at once) or iterated (row by row);
   * queries take turns in the order in which they began.
   *
   * `$1`, `$2` … stand for `params`, whose types the server decides. Values are what node-postgres gives: bigint and
   * numeric are strings, timestamps are Dates, json is parsed.
   *
   * It is not one transaction over all targets: when one fails the others are cancelled, but what they have committed by
   * then stays. While one query is iterated, a second one that waits for its turn makes the first read its rest into
   * memory, so that a query in the loop over another does not wait forever.
   *
   * Throws InputError when `mergeOrder` cannot be read, and when it or `withTarget` does not fit the columns. A target
   * that fails is a TargetError; the first of several has the others in `errors`.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params: readonly unknown[] = [],
    options: QueryOptions = {},
  ): ShardQuery<Row> {
    const { first = false, withTarget = false, keepGoing = false, signal } = options;
    const order = orderOf(options.mergeOrder);
    const statement = { text: sql, values: params.map(prepared) };
    const start = (): Union => {
      return new Union(this.#shards, statement, {
        order,
        keepGoing,
        isHasty: first && order === undefined,
      });
    };
    const signals = [this.#ended.signal, ...(signal === undefined ? [] : [signal])];
    return new ShardQuery(start, { first, withTarget, isOrdered: order !== undefined, signals });
  }

  /** Cancels what still runs (such queries end with an error) and closes all connections. Again harmless. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#ended.abort(new Error('the connections are closed: end() was called'));
    await Promise.all(this.#shards.map((shard) => shard.close()));
  }
}

function orderOf(text: string | undefined): MergeOrder | undefined {
  if (text === undefined) return undefined;
  const order = parseMergeOrder(text);
  if (!order.ok) throw new InputError(order.diagnostics);
  return order.value;
}

/** How node-postgres sends a value; its types do not have this function. */
const { prepareValue } = (
  pg as unknown as {
    readonly utils: { readonly prepareValue: (value: unknown) => RowStatement['values'][number] };
  }
).utils;

function prepared(value: unknown): RowStatement['values'][number] {
  return prepareValue(value);
}

/** Names that are given twice: targets are told apart by nothing else. */
export function ambiguousNames(names: readonly string[]): readonly Diagnostic[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => ({
    severity: 'error',
    message: `two targets have the name "${name}"`,
    hint: 'give each a name of its own: { name, dsn }',
  }));
}
