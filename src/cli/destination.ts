import { constants as system } from 'node:os';
import { once } from 'node:events';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  open,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeAll } from '../db/output/write-all.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { RunStatus } from '../model/event.js';

/** Where a run's results go: standard output, or the file of `-o`. */
export interface Destination {
  /** A promise: no more is to come before it resolves. */
  write(data: string | Uint8Array): Promise<void> | undefined;
  /** The run has ended; undefined: it never began. Returns what a user should know. */
  close(status: RunStatus | undefined): Promise<Diagnostic | undefined>;
}

/** What `cat` in the same place would end with. */
export const READER_GONE_STATUS = 128 + system.signals.SIGPIPE;

/** Small texts are gathered: a system call for each of thousands of results would take longer than the queries. */
const GATHERED_SIZE = 32 * 1024;

/** Milliseconds that an interrupted run waits for a reader that does not read. */
const PATIENCE = 500;

/**
 * A stream that somebody reads, at their own speed. That they stop reading (`| head`) is their right: `readerGone` is called,
 * once, and nothing is written any more. Neither is it when the stream fails for another reason, as where it is a file on a
 * disk that is full (`> results.csv`): the next write() throws, or close() says so.
 */
export class StreamDestination implements Destination {
  readonly #stream: Writable;
  /** Where it is a file: what Node's own stream writes only in part it takes for written. */
  readonly #file: number | undefined;
  readonly #readerGone: () => void;
  #gathered = '';
  #isGone = false;
  #isStuck = false;
  #error: unknown;
  #hasThrown = false;
  readonly #name: string;

  constructor(stream: Writable, readerGone: () => void, name = 'standard output') {
    this.#stream = stream;
    this.#name = name;
    this.#file = 'fd' in stream && !(stream instanceof Socket) ? Number(stream.fd) : undefined;
    this.#readerGone = readerGone;
    stream.on('error', (error) => this.#fail(error));
  }

  /** It cannot be written. */
  get hasFailed(): boolean {
    return this.#error !== undefined;
  }

  /** Nobody reads any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** What was written last has not been read: it would keep the process. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  write(data: string | Uint8Array): Promise<void> | undefined {
    if (this.#error !== undefined) {
      this.#hasThrown = true;
      throw new Error(`${this.#name}: ${causeOf(this.#error)}`, { cause: this.#error });
    }
    if (typeof data !== 'string') {
      this.#flush();
      this.#put(data);
      return this.#drained();
    }
    if (this.#gathered === '') setImmediate(() => this.#flush());
    this.#gathered += data;
    if (this.#gathered.length >= GATHERED_SIZE) this.#flush();
    return this.#drained();
  }

  /** Waits for the reader, so that one who has gone is noticed. */
  async close(status: RunStatus | undefined): Promise<Diagnostic | undefined> {
    this.#flush();
    if (!this.#hasEnded && this.#stream.writableLength > 0) {
      const passed = new Promise<void>((resolve) => {
        this.#stream.write('', () => resolve());
      });
      if (status !== 'interrupted') await passed;
      else await Promise.race([passed, setTimeout(PATIENCE, undefined, { ref: false })]);
      this.#isStuck = this.#stream.writableLength > 0;
    }
    if (this.#error === undefined || this.#hasThrown) return undefined;
    const message = `${this.#name} cannot be written: ${causeOf(this.#error)}`;
    return { severity: 'error', message, hint: 'what was printed is not complete; make room on the disk' };
  }

  get #hasEnded(): boolean {
    return this.#isGone || this.#error !== undefined;
  }

  #flush(): void {
    if (this.#gathered !== '') this.#put(this.#gathered);
    this.#gathered = '';
  }

  #put(data: string | Uint8Array): void {
    if (this.#hasEnded) return;
    try {
      if (this.#file === undefined) this.#stream.write(data);
      else writeAll(this.#file, data);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') this.#error ??= error;
    else if (!this.#isGone) {
      this.#isGone = true;
      this.#readerGone();
    }
  }

  #drained(): Promise<void> | undefined {
    if (this.#hasEnded || !this.#stream.writableNeedDrain) return undefined;
    return once(this.#stream, 'drain').then(
      () => undefined,
      () => undefined,
    );
  }
}

/**
 * Prints a text on standard output. Returns the exit status: the given one, or the one that says that the reader has gone. Throws
 * InputError when it cannot be written.
 */
export async function printText(parts: Iterable<string>, status = 0): Promise<number> {
  const output = new StreamDestination(process.stdout, () => undefined);
  for (const part of parts) {
    if (output.hasFailed) break;
    await output.write(part);
  }
  const remark = await output.close('done');
  if (remark !== undefined) throw new InputError([remark]);
  return output.isGone ? READER_GONE_STATUS : status;
}

/**
 * A file, written under a temporary name, which becomes its own when the run is done: what was there before is replaced by
 * something whole, or stays. What is no file (/dev/null) is written to as it is.
 */
export class FileDestination implements Destination {
  readonly #path: string;
  readonly #temporary: string | undefined;
  readonly #file: number;
  #isEmpty = true;

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
    try {
      writeAll(this.#file, data);
    } catch (error) {
      throw new Error(`${this.#path}: ${causeOf(error)}`, { cause: error });
    }
    this.#isEmpty &&= data.length === 0;
    return undefined;
  }

  close(status: RunStatus | undefined): Promise<Diagnostic | undefined> {
    closeSync(this.#file);
    return Promise.resolve(this.#temporary === undefined ? undefined : this.#settle(this.#temporary, status));
  }

  #settle(temporary: string, status: RunStatus | undefined): Diagnostic | undefined {
    if (status === undefined || (status !== 'done' && this.#isEmpty)) {
      rmSync(temporary, { force: true });
      return undefined;
    }
    const hint = `${this.#path} is as it was`;
    if (status !== 'done') {
      const message = `the results are not complete: what there is of them is in ${temporary}`;
      return { severity: 'warning', message, hint };
    }
    try {
      renameSync(temporary, this.#path);
      return undefined;
    } catch (error) {
      const message = `the results are in ${temporary}: cannot write ${this.#path}: ${causeOf(error)}`;
      return { severity: 'error', message, hint };
    }
  }
}

/** What `-o` names. A named pipe has a reader as standard output has one. Throws InputError. */
export async function openDestination(
  path: string,
  readerGone: () => void,
): Promise<FileDestination | StreamDestination> {
  if (path.startsWith('|')) throw shellRefused(path);
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return new FileDestination(path);
  // Not synchronously: it waits for a reader.
  const fd = await promisify(open)(path, 'w').catch((error: unknown) => {
    throw unwritable(path, error);
  });
  return new StreamDestination(new Socket({ fd, readable: false, writable: true }), readerGone, path);
}

/** Whether files can be made in a directory, which need not be there yet. Throws InputError. */
export function checkDirectory(path: string): void {
  try {
    let existing = resolve(path);
    while (!existsSync(existing)) existing = dirname(existing);
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is not a directory`);
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function shellRefused(path: string): InputError {
  const command = path.slice(1).trim();
  return new InputError([
    {
      severity: 'error',
      message: `-o ${path} runs a shell command, which pqrun never does`,
      hint: `leave the shell to your shell: pqrun … | ${command === '' ? 'command' : command}`,
    },
  ]);
}

function unwritable(path: string, error: unknown): InputError {
  return new InputError([
    {
      severity: 'error',
      message: `cannot write ${path}: ${causeOf(error)}`,
      hint: 'name a file in a directory that you may write to, or a directory with a slash at its end',
    },
  ]);
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
