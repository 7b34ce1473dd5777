import { constants } from 'node:os';
import { once } from 'node:events';
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { RunStatus } from '../model/event.js';

/** Where a run's results go: standard output, or the file of `-o`. */
export interface Destination {
  /** A promise: no more is to come before it resolves. */
  write(data: string | Uint8Array): Promise<void> | undefined;
  /** The run has ended. Returns what a user should know. */
  close(status: RunStatus | undefined): Promise<Diagnostic | undefined>;
}

/** What `cat` in the same place would end with. */
export const READER_GONE_STATUS = 128 + constants.signals.SIGPIPE;

/** Small texts are gathered: a system call for each of thousands of results would take longer than the queries. */
const GATHERED_SIZE = 32 * 1024;

/**
 * A stream that somebody reads, at their own speed. That they stop reading (`| head`) is their right: `readerGone` is called,
 * once, and nothing is written any more.
 */
export class StreamDestination implements Destination {
  readonly #stream: NodeJS.WriteStream;
  #gathered = '';
  #isGone = false;

  constructor(stream: NodeJS.WriteStream, readerGone: () => void) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!this.#isGone) readerGone();
      this.#isGone = true;
    });
  }

  write(data: string | Uint8Array): Promise<void> | undefined {
    if (typeof data !== 'string') {
      this.#flush();
      if (!this.#isGone) this.#stream.write(data);
      return this.#drained();
    }
    if (this.#gathered === '') setImmediate(() => this.#flush());
    this.#gathered += data;
    if (this.#gathered.length < GATHERED_SIZE) return undefined;
    this.#flush();
    return this.#drained();
  }

  close(): Promise<undefined> {
    this.#flush();
    return Promise.resolve(undefined);
  }

  #flush(): void {
    if (this.#gathered !== '' && !this.#isGone) this.#stream.write(this.#gathered);
    this.#gathered = '';
  }

  #drained(): Promise<void> | undefined {
    if (this.#isGone || !this.#stream.writableNeedDrain) return undefined;
    return once(this.#stream, 'drain').then(
      () => undefined,
      () => undefined,
    );
  }
}

/**
 * A file, written under a temporary name, which becomes its own when the run is done: what was there before is replaced by
 * something whole, or stays. What is no file (a named pipe, /dev/null) is written to as it is.
 */
export class FileDestination implements Destination {
  readonly #path: string;
  readonly #temporary: string | undefined;
  readonly #file: number;

  /** Throws InputError when it cannot be written. */
  constructor(path: string) {
    this.#path = path;
    const there = statSync(path, { throwIfNoEntry: false });
    this.#temporary = there === undefined || there.isFile() ? `${path}.part` : undefined;
    try {
      this.#file = openSync(this.#temporary ?? path, 'w');
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  write(data: string | Uint8Array): Promise<void> | undefined {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.#file, bytes, written, bytes.length - written);
    return undefined;
  }

  close(status: RunStatus | undefined): Promise<Diagnostic | undefined> {
    closeSync(this.#file);
    if (this.#temporary === undefined) return Promise.resolve(undefined);
    if (status === 'done') {
      renameSync(this.#temporary, this.#path);
      return Promise.resolve(undefined);
    }
    const message = `the results are not complete: what there is of them is in ${this.#temporary}`;
    const hint = `${this.#path} is as it was`;
    return Promise.resolve({ severity: 'warning', message, hint });
  }
}

export function unwritable(path: string, error: unknown): InputError {
  const cause = error instanceof Error ? error.message : String(error);
  return new InputError([
    {
      severity: 'error',
      message: `cannot write ${path}: ${cause}`,
      hint: 'name a file in a directory that you may write to, or a directory with a slash at its end',
    },
  ]);
}
