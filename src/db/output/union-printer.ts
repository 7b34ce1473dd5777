import type { ResultBeginning } from '../../model/output.js';
import type { PrintSettings } from '../../model/print.js';
import { isJson, JsonWriter } from '../print/json.js';
import { rowWriter } from '../print/row-format.js';
import type { RowWriter } from '../print/row-writer.js';
import type { Field, Hold, ResultTaker, Value } from '../result-taker.js';
import type { UnionMessage } from '../task.js';
import type { JobOutput } from './job-output.js';
import { TARGET_FIELD } from './target-column.js';

/**
 * Prints the results of one of many targets, of which the main thread makes one: each begins with its columns, which are to
 * be the same on all targets, and its header, which is printed once for all.
 *
 * A result that fails before any row of it was passed on has never begun.
 *
 * Formats that are written row by row are written here. For others (tables), and where the main thread must look into the
 * rows, rows go as JSON arrays of the server's texts.
 */
export class UnionPrinter implements ResultTaker {
  readonly #print: PrintSettings;
  readonly #union: UnionMessage;
  readonly #output: JobOutput;
  /** Of a format in which lines of COPY would be no part of the document. */
  readonly #copyWriter: JsonWriter | undefined;
  #writer: RowWriter | undefined;
  /** What is to be said before the first row. */
  #beginning: { readonly result: ResultBeginning; readonly header: string } | undefined;
  #text = '';
  #isCopying = false;

  constructor(print: PrintSettings, union: UnionMessage, output: JobOutput) {
    this.#print = print;
    this.#union = union;
    this.#output = output;
    this.#copyWriter = isJson(print.format) ? new JsonWriter(print.format) : undefined;
  }

  begin(fields: readonly Field[]): void {
    const columns = this.#withTarget(TARGET_FIELD, fields).map(({ name, dataTypeID }) => ({
      name,
      dataTypeID,
    }));
    // A footer that counts rows counts those of all targets.
    const own = this.#union.isRaw || this.#print.format === 'unaligned' ? undefined : rowWriter(this.#print);
    this.#writer = own ?? RAW_ROWS;
    this.#text = '';
    this.#beginning = {
      result: { columns, print: this.#print, isRaw: own === undefined },
      header: this.#writer.begin(columns),
    };
  }

  row(values: readonly Value[]): Hold {
    const { targetColumn = null, isUrgent } = this.#union;
    this.#text += this.#writer?.row(this.#withTarget<Value>(targetColumn, values)) ?? '';
    if (!isUrgent) return this.#text.length < PIECE_SIZE ? undefined : this.#write();
    void this.#write();
    return this.#output.flush();
  }

  /** COPY data are no rows: they go through as they are. The bytes are copied, because their memory is used again. */
  copy(chunk: Buffer): Hold {
    if (!this.#isCopying) this.#output.begin({ columns: [], print: this.#print, isRaw: false }, '');
    this.#isCopying = true;
    const line = this.#copyWriter?.line(chunk.toString());
    return this.#output.write(line ?? Buffer.from(chunk));
  }

  end(): Hold {
    const hold = this.#write();
    this.drop();
    return hold;
  }

  drop(): void {
    this.#writer = undefined;
    this.#beginning = undefined;
    this.#text = '';
    this.#isCopying = false;
  }

  #write(): Hold {
    const text = this.#text;
    this.#text = '';
    if (this.#beginning !== undefined) this.#output.begin(this.#beginning.result, this.#beginning.header);
    this.#beginning = undefined;
    return this.#output.write(text);
  }

  #withTarget<T>(first: T, others: readonly T[]): readonly T[] {
    return this.#union.targetColumn === undefined ? others : [first, ...others];
  }
}

const RAW_ROWS: RowWriter = {
  begin: () => '',
  row: (values) => `${JSON.stringify(values)}\n`,
  end: () => '',
};

/** Characters that are passed on at a time. */
const PIECE_SIZE = 64 * 1024;
