import type { Client } from 'pg';

/**
 * Hears whether a connection that owes an answer is silent: whether bytes come, or those that wait to be sent become fewer.
 *
 * A connection that owes nothing, or that is held back because nobody takes its results yet (result-taker.ts), is not silent. It
 * knows nothing of the server: a silent connection may just have much to do.
 */
export class Ear {
  readonly #client: Client;
  #sign = '';
  #since = performance.now();
  #number = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Undefined: it is not silent. What was heard is noticed at the next call. */
  listen(): Silence | undefined {
    const { isOwing, sign } = signsOf(this.#client);
    if (!isOwing || sign !== this.#sign) {
      this.#sign = sign;
      this.#since = performance.now();
      this.#number += 1;
      return undefined;
    }
    return { number: this.#number, milliseconds: performance.now() - this.#since };
  }
}

export interface Silence {
  /** Another one has another number. */
  readonly number: number;
  readonly milliseconds: number;
}

/** What node-postgres and Node know, and their types do not say. */
interface Listened {
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: {
      readonly bytesRead: number;
      readonly writableLength: number;
      readonly _handle?: { readonly writeQueueSize?: number } | null;
      isPaused(): boolean;
    };
  };
}

function signsOf(client: Client): { readonly isOwing: boolean; readonly sign: string } {
  const {
    readyForQuery,
    connection: { stream },
  } = client as unknown as Listened;
  const unsent = stream._handle?.writeQueueSize ?? 0;
  return {
    isOwing: !readyForQuery && !stream.isPaused(),
    sign: [stream.bytesRead, stream.writableLength, unsent].join(' '),
  };
}
