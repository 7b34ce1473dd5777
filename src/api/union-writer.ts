import { resultText } from '../db/print/result-text.js';
import type { Value } from '../db/result-taker.js';
import type { Job } from '../model/job.js';
import { UnreadableValue, type MergeOrder } from '../model/merge-order.js';
import type { OutputPart, ResultBeginning } from '../model/output.js';
import { rawRows } from './raw-rows.js';

/**
 * The results of all targets as if there were one: what follows each other of one query is one result, with one header. Rows
 * that come raw, because the format is made of all of them, are printed when the last target's are there.
 */
export class UnionWriter {
  readonly #options: UnionWriterOptions;
  /** Which query's result is being written. */
  #query = '';
  #table: { readonly beginning: ResultBeginning; readonly rows: (readonly Value[])[] } | undefined;
  #job: number | undefined;
  #results = 0;
  #hasFirst = false;

  constructor(options: UnionWriterOptions) {
    this.#options = options;
  }

  write(part: OutputPart, job: Job): Promise<void> | undefined {
    if (this.#hasFirst) return undefined;
    if (job.id !== this.#job) {
      this.#job = job.id;
      this.#results = 0;
    }
    if (part.to === 'screen') {
      const table = this.#takeTable();
      return after(table === '' ? undefined : this.#result(table), () => this.#options.write(part));
    }
    return part.begin === undefined
      ? this.#more(part.data)
      : this.#begin(part.begin, { job, header: part.data });
  }

  /** All is there. */
  end(): Promise<void> | undefined {
    const table = this.#takeTable();
    return table === '' ? undefined : this.#result(table);
  }

  #begin(
    beginning: ResultBeginning,
    { job, header }: { readonly job: Job; readonly header: OutputPart['data'] },
  ): Promise<void> | undefined {
    const query = `${job.union ?? `job ${job.id}`}.${this.#results}`;
    this.#results += 1;
    if (query === this.#query) return undefined;
    const table = this.#takeTable();
    this.#query = query;
    if (beginning.isRaw) this.#table = { beginning, rows: [] };
    return after(table === '' ? undefined : this.#result(table), () =>
      header.length === 0 ? undefined : this.#result(header),
    );
  }

  #more(data: OutputPart['data']): Promise<void> | undefined {
    if (this.#table === undefined) return this.#result(data);
    for (const row of rawRows(data)) this.#table.rows.push(row);
    if (this.#options.isEnough === undefined || this.#table.rows.length === 0) return undefined;
    this.#table.rows.length = 1;
    const text = this.#takeTable();
    this.#hasFirst = true;
    return after(this.#result(text), () => {
      this.#options.isEnough?.();
      return undefined;
    });
  }

  #takeTable(): string {
    const table = this.#table;
    this.#table = undefined;
    if (table === undefined) return '';
    const { columns, print } = table.beginning;
    // After what interrupts a table, the next rows of the same query are a table again.
    this.#query = '';
    const rows = this.#merged(table.rows, columns);
    return resultText({ kind: 'rows', fields: columns, rows }, print);
  }

  /** Each target's rows are in the order already (order-check.ts): to a sort that is stable they are runs to be merged. */
  #merged(
    rows: readonly (readonly Value[])[],
    columns: ResultBeginning['columns'],
  ): readonly (readonly Value[])[] {
    const bound = this.#options.mergeOrder?.bind(columns);
    if (bound?.ok !== true) return rows;
    const order = bound.value;
    const keyed = rows.flatMap((row) => {
      const key = order.keyOf(row);
      return key instanceof UnreadableValue ? [] : [{ row, key }];
    });
    return keyed.sort((one, other) => order.compare(one.key, other.key)).map(({ row }) => row);
  }

  #result(data: OutputPart['data']): Promise<void> | undefined {
    return this.#options.write({ to: 'results', data });
  }
}

export interface UnionWriterOptions {
  readonly write: (part: OutputPart) => Promise<void> | undefined;
  /** Each target's rows are in this order; all of them together shall be. They are kept in memory until all are there. */
  readonly mergeOrder?: MergeOrder | undefined;
  /** One row is wanted: called when it is there. */
  readonly isEnough?: (() => void) | undefined;
}

function after(
  first: Promise<void> | undefined,
  then: () => Promise<void> | undefined,
): Promise<void> | undefined {
  return first === undefined ? then() : first.then(then);
}
