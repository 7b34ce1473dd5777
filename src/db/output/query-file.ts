import { closeSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { JsonArray } from '../../model/json-array.js';
import type { Failure } from '../../model/failure.js';
import type { Hold } from '../result-taker.js';
import type { TextSink } from './job-output.js';
import { writeAll } from './write-all.js';

/**
 * The file of one query's results. It is written under a temporary name and gets its own when the query is done, so that a
 * failed query leaves no half file, and the one of an earlier run as it was. A query without results has no file.
 *
 * Written synchronously: the thread has nothing else to do for this connection, and a slow disk holds the server back.
 */
export class QueryFile implements TextSink {
  readonly #path: string;
  readonly #array: JsonArray | undefined;
  #file: number | undefined;
  #exists = false;
  #failure: Failure | undefined;

  /** `isArray`: what comes are the elements of one JSON array. */
  constructor(path: string, { isArray }: { readonly isArray: boolean }) {
    this.#path = path;
    this.#array = isArray ? new JsonArray() : undefined;
  }

  /** Empty data are a result too: the file is there. Never holds; what goes wrong is told at the end. */
  write(data: string | Uint8Array): Hold {
    this.#attempt(() => this.#writeAll(this.#array === undefined ? data : this.#array.add(data)));
    return undefined;
  }

  /** The query is done. Returns why the file could not be written. */
  commit(): Failure | undefined {
    this.#attempt(() => {
      if (this.#file === undefined) return;
      if (this.#array !== undefined) this.#writeAll(this.#array.end());
      this.#close();
      renameSync(this.#temporary, this.#path);
      this.#exists = false;
    });
    if (this.#failure !== undefined) this.discard();
    return this.#failure;
  }

  /** The query failed. */
  discard(): void {
    this.#close();
    if (this.#exists) rmSync(this.#temporary, { force: true });
    this.#exists = false;
  }

  get #temporary(): string {
    return `${this.#path}.part`;
  }

  #writeAll(data: string | Uint8Array): void {
    this.#file ??= this.#open();
    writeAll(this.#file, data);
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true });
    const file = openSync(this.#temporary, 'w');
    this.#exists = true;
    return file;
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #attempt(action: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      action();
    } catch (error) {
      const message = `cannot write ${this.#path}: ${error instanceof Error ? error.message : String(error)}`;
      this.#failure = { kind: 'client', message };
    }
  }
}
