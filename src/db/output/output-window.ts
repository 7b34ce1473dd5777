import type { Hold } from '../result-taker.js';

/**
 * Keeps what one connection's thread has posted at most so many messages ahead of what the main thread has passed on, so that
 * a result of any size waits in the server and not in memory. The main thread counts in shared memory what it has passed on.
 */
export class OutputWindow {
  readonly #passedOn: Int32Array<SharedArrayBuffer>;
  readonly #connection: number;
  #posted = 0;

  constructor(passedOn: Int32Array<SharedArrayBuffer>, connection: number) {
    this.#passedOn = passedOn;
    this.#connection = connection;
  }

  /** A message was posted. Asks for a hold while there are too many. */
  posted(): Hold {
    this.#posted += 1;
    return this.#isOpenAt(Atomics.load(this.#passedOn, this.#connection)) ? undefined : this.#wait();
  }

  async #wait(): Promise<void> {
    for (;;) {
      const passedOn = Atomics.load(this.#passedOn, this.#connection);
      if (this.#isOpenAt(passedOn)) return;
      const change = Atomics.waitAsync(this.#passedOn, this.#connection, passedOn);
      if (change.async) await change.value;
    }
  }

  /** The shared count is of 32 bits, and begins again. */
  #isOpenAt(passedOn: number): boolean {
    return ((this.#posted - passedOn) | 0) < MESSAGES_AHEAD;
  }
}

/** The main thread has passed on one message of a connection. */
export function passOn(passedOn: Int32Array<SharedArrayBuffer>, connection: number): void {
  Atomics.add(passedOn, connection, 1);
  Atomics.notify(passedOn, connection);
}

/** Messages are of some 64 KB. */
const MESSAGES_AHEAD = 16;
