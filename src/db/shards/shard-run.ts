import type { Failure } from '../../model/failure.js';
import type { Field } from '../result-taker.js';
import { requestCancel } from './cancel-request.js';
import { within } from './patience.js';
import { RowBuffer } from './row-buffer.js';
import { RowQuery, type RowStatement } from './row-query.js';
import type { Shard } from './shard.js';

/**
 * One query's part on one of the databases: it waits for its turn, runs, and is over when the server is ready for the
 * next. Rows wait in `buffer`. Whatever happens is told by `changed`.
 *
 * `stop` cancels it on the server, again and again until the server is done with it, because a request that comes before
 * the server has begun is passed over.
 */
export interface RunListener {
  /** Rows have come, or columns, or it is over. */
  changed(): void;
  failed(run: ShardRun): void;
}

export class ShardRun {
  readonly shard: Shard;
  readonly buffer = new RowBuffer();
  /** The server is ready for the next statement, or was never sent this one, or is gone. */
  readonly settled: Promise<void>;
  /** Rows that were given on. */
  taken = 0;
  readonly #listener: RunListener;
  #columns: readonly Field[] | undefined;
  #failure: Failure | undefined;
  #isRunning = false;
  #isOver = false;
  #isStopped = false;
  #cancelling: Promise<void> | undefined;
  /** The server's answer, when the statement is sent. */
  #answer: Promise<Failure | undefined> = Promise.resolve(undefined);

  constructor(shard: Shard, statement: RowStatement, listener: RunListener) {
    this.shard = shard;
    this.#listener = listener;
    this.settled = this.#run(statement);
  }

  /** Undefined as long as the server has not told them. */
  get columns(): readonly Field[] | undefined {
    return this.#columns;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** No row will come any more; some may still be in the buffer. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its rows are not wanted: it is cancelled if it runs, and never sent if it waits. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (this.#isRunning) this.#cancelling = this.#cancel();
    else this.buffer.discard();
  }

  /** What came of it cannot be used. */
  refuse(message: string, hint: string): void {
    this.stop();
    this.#fail({ kind: 'client', message, hint });
  }

  async #run(statement: RowStatement): Promise<void> {
    await this.shard.turn(this);
    if (!this.#isStopped) await this.#send(statement);
    this.#isOver = true;
    this.#listener.changed();
  }

  async #send(statement: RowStatement): Promise<void> {
    if (this.shard.lost !== undefined) {
      this.#fail(this.shard.lost);
      return;
    }
    this.#isRunning = true;
    const query = new RowQuery(statement, {
      begin: (source) => this.buffer.attach(source),
      columns: (columns) => {
        this.#columns = columns;
        this.#listener.changed();
      },
      row: (values, bytes) => {
        this.buffer.push(values, bytes);
        this.#listener.changed();
      },
    });
    this.#answer = this.shard.client.query(query).done;
    const failure = await this.#answer;
    this.#isRunning = false;
    if (failure !== undefined && !this.#isAskedFor(failure)) this.#fail(failure);
    // A late request must not hit the next statement.
    await this.#cancelling;
  }

  /** The server is held back until it is told: it sends faster than a new connection is made. */
  async #cancel(): Promise<void> {
    this.buffer.hold();
    for (let pause = 50; this.#isRunning; pause = Math.min(pause * 2, 1_000)) {
      await requestCancel(this.shard.client);
      this.buffer.discard();

      await within(pause, this.#answer);
    }
  }

  /** 57014 is query_canceled. */
  #isAskedFor(failure: Failure): boolean {
    return this.#isStopped && failure.kind === 'server' && failure.code === '57014';
  }

  #fail(failure: Failure): void {
    if (this.#failure !== undefined) return;
    this.#failure = this.shard.masked(failure);
    this.#listener.failed(this);
  }
}
