import type { Connection, Submittable } from 'pg';
import { serverFailure, type ServerError } from '../server-failure.js';
import type { Failure } from '../../model/failure.js';

/**
 * What columns a statement would give, without running it (`\gdesc`): Parse and Describe of the extended protocol. Empty
 * when it gives none.
 */
export interface Description {
  readonly columns: readonly Column[];
  readonly failure?: Failure;
}

export interface Column {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

/** What node-postgres' connection can do beside what its types say. */
type ExtendedConnection = Connection & {
  parse(query: { name: string; text: string; types: readonly number[] }): void;
  describe(message: { type: 'S'; name: string }): void;
  sync(): void;
};

export class DescribeQuery implements Submittable {
  readonly done: Promise<Description>;
  readonly #text: string;
  #columns: readonly Column[] = [];
  #failure: Failure | undefined;
  #resolve: (description: Description) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  submit(connection: Connection): void {
    // pg's own queries call these methods, which its types do not have.
    const extended = connection as ExtendedConnection;
    extended.parse({ name: '', text: this.#text, types: [] });
    extended.describe({ type: 'S', name: '' });
    extended.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Column[] }): void {
    this.#columns = fields;
  }

  handleDataRow(): void {
    // Nothing is run.
  }

  handleCommandComplete(): void {
    // Nothing is run.
  }

  handleEmptyQuery(): void {
    // Nothing is run.
  }

  handlePortalSuspended(): void {
    // Nothing is run.
  }

  handleReadyForQuery(): void {
    this.#finish();
  }

  handleError(error: ServerError, connection: Connection): void {
    this.#failure = serverFailure(error);
    if (this.#failure.kind === 'connection') this.#finish();
    else connection.once('readyForQuery', () => this.#finish());
  }

  #finish(): void {
    this.#resolve({
      columns: this.#columns,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    });
  }
}
