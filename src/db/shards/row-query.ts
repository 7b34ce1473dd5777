import type { Connection, Submittable } from 'pg';
import type { Failure } from '../../model/failure.js';
import { onReady } from '../on-ready.js';
import type { Field } from '../result-taker.js';
import { serverFailure, sessionEnded, type ServerError } from '../server-failure.js';
import type { RawRow, Source } from './row-buffer.js';

/**
 * One statement with parameters, in the extended protocol; its columns and rows are told as they come.
 *
 * There is no cursor, and all rows are asked for at once: the server makes no parallel plan of a statement that is fetched
 * in portions (PostgreSQL documentation, "When Can Parallel Query Be Used?"), and no portion costs a round trip. Whoever
 * takes the rows holds the server back by pausing the source.
 *
 * `done` resolves when the server is ready for the next statement, or the connection is gone. It never rejects.
 */
export interface RowListener {
  /** Before anything comes. */
  begin(source: Source): void;
  /** Once, before the first row. Empty when the statement gives no rows. */
  columns(columns: readonly Field[]): void;
  row(values: RawRow, bytes: number): void;
}

export interface RowStatement {
  readonly text: string;
  /** As the server is sent them: texts, bytes, or NULL. Their types are left to the server. */
  readonly values: readonly (string | Buffer | null)[];
}

/** What node-postgres' connection can do beside what its types say. */
type ExtendedConnection = Connection & {
  parse(query: { name: string; text: string; types: readonly number[] }): void;
  bind(config: { portal: string; statement: string; values: RowStatement['values'] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(config: { portal: string }): void;
  sendCopyFail(reason: string): void;
};

export class RowQuery implements Submittable {
  readonly done: Promise<Failure | undefined>;
  readonly #statement: RowStatement;
  readonly #listener: RowListener;
  #resolve: (failure: Failure | undefined) => void = () => undefined;
  #isDescribed = false;
  #failure: Failure | undefined;

  constructor(statement: RowStatement, listener: RowListener) {
    this.#statement = statement;
    this.#listener = listener;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  submit(connection: Connection): void {
    // pg's own queries call these methods, which its types do not have.
    const extended = connection as ExtendedConnection;
    const { text, values } = this.#statement;
    this.#listener.begin(connection.stream);
    connection.stream.cork();
    extended.parse({ name: '', text, types: [] });
    extended.bind({ portal: '', statement: '', values });
    extended.describe({ type: 'P', name: '' });
    // The columns are sent at once, not when the first rows fill the server's buffer.
    extended.flush();
    extended.execute({ portal: '' });
    extended.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#describe(fields);
  }

  handleDataRow({ fields, length }: { readonly fields: RawRow; readonly length: number }): void {
    this.#listener.row(fields, length);
  }

  handleCommandComplete(): void {
    this.#describe([]);
  }

  handleEmptyQuery(): void {
    this.#describe([]);
  }

  handlePortalSuspended(): void {
    // All rows are asked for.
  }

  handleCopyInResponse(connection: Connection): void {
    this.#refuse('COPY … FROM STDIN has no data here', 'load data with run() and a script');
    // As above.
    const extended = connection as ExtendedConnection;
    extended.sendCopyFail('there are no data for this COPY … FROM STDIN');
    // The server has read the first one as a part of the data, and passed over it.
    extended.sync();
  }

  handleCopyData(): void {
    this.#refuse('COPY … TO STDOUT gives no rows', 'write a SELECT, or run the COPY with run()');
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#failure);
  }

  handleError(error: ServerError, connection: Connection): void {
    const failure = serverFailure(error);
    this.#failure ??= failure;
    if (failure.kind === 'connection') this.#resolve(failure);
    else
      onReady(connection, {
        ready: () => this.#resolve(this.#failure),
        end: () => this.#resolve(sessionEnded(error)),
      });
  }

  #refuse(message: string, hint: string): void {
    this.#failure ??= { kind: 'client', message, hint };
  }

  #describe(columns: readonly Field[]): void {
    if (this.#isDescribed) return;
    this.#isDescribed = true;
    this.#listener.columns(columns);
  }
}
