import { HandingOn, type Field, type Hold, type ResultTaker, type Value } from '../result-taker.js';

/** Puts the name of its target before each row, of results that do not become one with those of others. */
export class TargetColumn extends HandingOn {
  readonly #name: string;
  protected readonly next: ResultTaker;

  constructor(name: string, taker: ResultTaker) {
    super();
    this.#name = name;
    this.next = taker;
  }

  override begin(fields: readonly Field[]): void {
    super.begin([TARGET_FIELD, ...fields]);
  }

  override row(values: readonly Value[]): Hold {
    return super.row([this.#name, ...values]);
  }
}

/** Of the type text. */
export const TARGET_FIELD: Field = { name: 'target', dataTypeID: 25 };
