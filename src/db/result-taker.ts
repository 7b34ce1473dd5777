import type { ResultColumn } from '../model/output.js';

/**
 * Who takes the results of a statement, row by row, as they come from the server. Values stay the server's text: types are
 * never guessed.
 */
export interface ResultTaker {
  /** A result begins: the rows of one SELECT (or …RETURNING, SHOW, EXPLAIN). */
  begin(fields: readonly Field[]): void;
  row(values: readonly Value[]): Hold;
  /** Data of a COPY … TO STDOUT, one row. The bytes are only lent: node-postgres uses their memory again. */
  copy(chunk: Buffer): Hold;
  /** The result, if one has begun, is whole. */
  end(): Hold;
  /** The statement failed: what has begun will never be whole. */
  drop(): void;
}

/** A promise asks for the server to be held back until it resolves; undefined: more may come. */
export type Hold = Promise<void> | undefined;

export type Field = ResultColumn;

/** The server's text; null for NULL. */
export type Value = string | null;

/** The rows of one SELECT, or the data of one COPY … TO STDOUT. */
export type ResultSet =
  | { readonly kind: 'rows'; readonly fields: readonly Field[]; readonly rows: readonly (readonly Value[])[] }
  | { readonly kind: 'copy'; readonly data: string };

/** Wants nothing of them. */
export const NOBODY: ResultTaker = {
  begin: () => undefined,
  row: () => undefined,
  copy: () => undefined,
  end: () => undefined,
  drop: () => undefined,
};

/** Keeps results in memory, for pqrun's own questions and for what a script does with a result itself. */
export class ResultCollector implements ResultTaker {
  readonly results: ResultSet[] = [];
  #open: { readonly fields: readonly Field[]; readonly rows: (readonly Value[])[] } | undefined;
  #copy: Buffer[] = [];

  begin(fields: readonly Field[]): void {
    this.#open = { fields, rows: [] };
  }

  row(values: readonly Value[]): Hold {
    this.#open?.rows.push(values);
    return undefined;
  }

  copy(chunk: Buffer): Hold {
    this.#copy.push(Buffer.from(chunk));
    return undefined;
  }

  end(): Hold {
    if (this.#open !== undefined) this.results.push({ kind: 'rows', ...this.#open });
    if (this.#copy.length > 0)
      this.results.push({ kind: 'copy', data: Buffer.concat(this.#copy).toString() });
    this.drop();
    return undefined;
  }

  drop(): void {
    this.#open = undefined;
    this.#copy = [];
  }
}

/** Holds the server back by not reading what it sends, as long as anybody asks for that. */
export class Brake {
  readonly #stream: { pause(): void; resume(): void };
  #holds = 0;

  constructor(stream: { pause(): void; resume(): void }) {
    this.#stream = stream;
  }

  hold(until: Hold): void {
    if (until === undefined) return;
    this.#holds += 1;
    this.#stream.pause();
    void until.then(() => {
      this.#holds -= 1;
      if (this.#holds === 0) this.#stream.resume();
    });
  }
}

/** Hands results on to another taker. */
export abstract class HandingOn implements ResultTaker {
  protected abstract get next(): ResultTaker;

  begin(fields: readonly Field[]): void {
    this.next.begin(fields);
  }

  row(values: readonly Value[]): Hold {
    return this.next.row(values);
  }

  copy(chunk: Buffer): Hold {
    return this.next.copy(chunk);
  }

  end(): Hold {
    return this.next.end();
  }

  drop(): void {
    this.next.drop();
  }
}
