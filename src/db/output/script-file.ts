import { closeSync, openSync } from 'node:fs';
import type { Failure } from '../../model/failure.js';
import { JsonArray } from '../../model/json-array.js';
import type { Hold } from '../result-taker.js';
import type { TextSink } from './job-output.js';
import { writeAll } from './write-all.js';

/**
 * A file that a script itself names (`\o`, `\g`, `\copy`). It is emptied when it is opened, and written as it is, as psql
 * does. What goes wrong while it is written is told when asked: it happens amid the server's answer, where nobody could
 * catch it.
 */
export class ScriptFile implements TextSink {
  readonly #path: string;
  readonly #file: number;
  readonly #array: JsonArray | undefined;
  #failure: Failure | undefined;
  #isBroken = false;

  /** `isArray`: results are the elements of one JSON array. Throws the system's error when it cannot be opened. */
  constructor(path: string, { isArray = false }: { readonly isArray?: boolean } = {}) {
    this.#path = path;
    this.#file = openSync(path, 'w');
    this.#array = isArray ? new JsonArray() : undefined;
  }

  write(data: string | Uint8Array): Hold {
    this.#attempt(() => writeAll(this.#file, this.#array === undefined ? data : this.#array.add(data)));
    return undefined;
  }

  /** Why it could not be written, once. */
  takeFailure(): Failure | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** Returns what nobody has asked for yet. */
  close(): Failure | undefined {
    this.#attempt(() => {
      if (this.#array !== undefined) writeAll(this.#file, this.#array.end());
    });
    closeSync(this.#file);
    return this.takeFailure();
  }

  #attempt(action: () => void): void {
    if (this.#isBroken) return;
    try {
      action();
    } catch (error) {
      const message = `cannot write ${this.#path}: ${error instanceof Error ? error.message : String(error)}`;
      this.#failure = { kind: 'client', message };
      this.#isBroken = true;
    }
  }
}
