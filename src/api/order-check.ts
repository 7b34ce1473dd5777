import type { Value } from '../db/result-taker.js';
import type { ClientFailure } from '../model/failure.js';
import { UnreadableValue, type MergeOrder, type RowOrder, type SortKey } from '../model/merge-order.js';
import type { OutputPart } from '../model/output.js';
import { rawRows } from './raw-rows.js';

/**
 * Whether each target gives its rows in the order that they are to be merged by. It trusts nobody: rows that are not are a
 * failure of their query, told at the first row that shows it.
 */
export class OrderCheck {
  readonly #order: MergeOrder;
  /** By job: the result that is coming. */
  readonly #results = new Map<number, Result>();

  constructor(order: MergeOrder) {
    this.#order = order;
  }

  /** Looks at what a job prints; parts come in their order. Returns what is wrong with it. */
  look(job: number, { begin, data }: OutputPart): ClientFailure | undefined {
    if (begin !== undefined) {
      const bound = begin.isRaw ? this.#order.bind(begin.columns) : undefined;
      if (bound?.ok === false) return failureOf(bound.diagnostics[0]);
      if (bound === undefined) this.#results.delete(job);
      else this.#results.set(job, { order: bound.value, last: undefined, rows: 0 });
      return undefined;
    }
    const result = this.#results.get(job);
    if (result === undefined) return undefined;
    for (const row of rawRows(data)) {
      const failure = next(result, row);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }
}

interface Result {
  readonly order: RowOrder;
  last: { readonly key: SortKey; readonly row: readonly Value[] } | undefined;
  rows: number;
}

function next(result: Result, row: readonly Value[]): ClientFailure | undefined {
  const { order, last } = result;
  const key = order.keyOf(row);
  if (key instanceof UnreadableValue) return failureOf(key);
  if (last !== undefined && order.compare(last.key, key) > 0) {
    const [before, now] = [order.describe(last.row), order.describe(row)];
    return failureOf({
      message: `the rows are not in the merge order: row ${result.rows + 1} (${now}) comes behind row ${result.rows} (${before})`,
      hint: `the query must sort them so: ${order.clause}`,
    });
  }
  result.last = { key, row };
  result.rows += 1;
  return undefined;
}

function failureOf(told: { readonly message: string; readonly hint?: string } | undefined): ClientFailure {
  const { message = 'the merge order cannot be kept', hint } = told ?? {};
  return { kind: 'client', message, ...(hint === undefined ? {} : { hint }) };
}
