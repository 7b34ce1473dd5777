import type { PrintSettings } from '../../model/print.js';
import { resultText } from '../print/result-text.js';
import { isJson, JsonWriter } from '../print/json.js';
import { rowWriter } from '../print/row-format.js';
import type { RowWriter } from '../print/row-writer.js';
import type { Field, Hold, ResultTaker, Value } from '../result-taker.js';
import type { TextSink } from './job-output.js';

/**
 * Prints a statement's results while they come. Formats that are written row by row take no more memory than a piece of
 * text; tables, whose columns are as wide as their widest value, are kept until they are whole, as psql does. COPY data go
 * through as they are, unless the results are JSON.
 *
 * Of a result that fails half-way, nothing is printed that was not passed on yet: nothing at all of a small one.
 */
export class ResultPrinter implements ResultTaker {
  readonly #print: PrintSettings;
  readonly #sink: TextSink;
  /** Of a format in which lines of COPY would be no part of the document. */
  readonly #copyWriter: JsonWriter | undefined;
  #writer: RowWriter | undefined;
  /** Of a format that needs all rows. */
  #table: { readonly fields: readonly Field[]; readonly rows: (readonly Value[])[] } | undefined;
  #text = '';
  #copied: Buffer[] = [];
  #copiedSize = 0;

  constructor(print: PrintSettings, sink: TextSink) {
    this.#print = print;
    this.#sink = sink;
    this.#copyWriter = isJson(print.format) ? new JsonWriter(print.format) : undefined;
  }

  begin(fields: readonly Field[]): void {
    this.#writer = rowWriter(this.#print);
    if (this.#writer === undefined) this.#table = { fields, rows: [] };
    else this.#text = this.#writer.begin(fields);
  }

  row(values: readonly Value[]): Hold {
    if (this.#writer === undefined) {
      this.#table?.rows.push(values);
      return undefined;
    }
    this.#text += this.#writer.row(values);
    return this.#text.length < PIECE_SIZE ? undefined : this.#flush();
  }

  copy(chunk: Buffer): Hold {
    const bytes = Buffer.from(
      this.#copyWriter === undefined ? chunk : this.#copyWriter.line(chunk.toString()),
    );
    this.#copied.push(bytes);
    this.#copiedSize += bytes.length;
    return this.#copiedSize < PIECE_SIZE ? undefined : this.#flush();
  }

  end(): Hold {
    // A command without a result prints nothing; a result without rows is one.
    if (this.#writer === undefined && this.#table === undefined && this.#copied.length === 0)
      return undefined;
    if (this.#writer !== undefined) this.#text += this.#writer.end();
    if (this.#table !== undefined) this.#text += resultText({ kind: 'rows', ...this.#table }, this.#print);
    const hold = this.#flush();
    this.drop();
    return hold;
  }

  drop(): void {
    this.#writer = undefined;
    this.#table = undefined;
    this.#take();
  }

  #flush(): Hold {
    const { text, copied } = this.#take();
    return copied.length > 0 ? this.#sink.write(Buffer.concat(copied)) : this.#sink.write(text);
  }

  #take(): { readonly text: string; readonly copied: readonly Buffer[] } {
    const taken = { text: this.#text, copied: this.#copied };
    this.#text = '';
    this.#copied = [];
    this.#copiedSize = 0;
    return taken;
  }
}

/** Characters or bytes that are passed on at a time. */
const PIECE_SIZE = 64 * 1024;
