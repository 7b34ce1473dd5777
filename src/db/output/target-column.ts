import type { Field, Hold, ResultTaker, Value } from '../result-taker.js';

/** Puts the name of its target before each row, of results that do not become one with those of others. */
export class TargetColumn implements ResultTaker {
  readonly #name: string;
  readonly #taker: ResultTaker;

  constructor(name: string, taker: ResultTaker) {
    this.#name = name;
    this.#taker = taker;
  }

  begin(fields: readonly Field[]): void {
    this.#taker.begin([TARGET_FIELD, ...fields]);
  }

  row(values: readonly Value[]): Hold {
    return this.#taker.row([this.#name, ...values]);
  }

  copy(chunk: Buffer): Hold {
    return this.#taker.copy(chunk);
  }

  end(): Hold {
    return this.#taker.end();
  }

  drop(): void {
    this.#taker.drop();
  }
}

/** Of the type text. */
export const TARGET_FIELD: Field = { name: 'target', dataTypeID: 25 };
