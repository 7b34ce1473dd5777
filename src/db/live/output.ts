import { closeSync, openSync, writeSync } from 'node:fs';
import type { JobOutput, TextSink } from '../output/job-output.js';
import type { Hold } from '../result-taker.js';

/**
 * Where a live script's results go: the run's output, or the file that `\o` names; `\g file` goes to a file for one
 * statement. Files are emptied when they are opened, as psql does.
 */
export class LiveOutput implements TextSink {
  readonly #output: JobOutput;
  #file: number | undefined;

  constructor(output: JobOutput) {
    this.#output = output;
  }

  /** False while results go to a file that the script names. */
  get isOfRun(): boolean {
    return this.#file === undefined;
  }

  /** Another one of the same job, that no `\o` has led elsewhere. */
  fresh(): LiveOutput {
    return new LiveOutput(this.#output);
  }

  /** Beside the results, to the screen. */
  print(text: string): void {
    this.#output.print(text);
  }

  write(data: string | Uint8Array): Hold {
    if (this.#file === undefined) return this.#output.write(data);
    if (typeof data === 'string') writeSync(this.#file, data);
    else writeSync(this.#file, data);
    return undefined;
  }

  /** Throws the system's error when the file cannot be written. Undefined: the run's output again. */
  redirect(path: string | undefined): void {
    const file = path === undefined ? undefined : openSync(path, 'w');
    this.close();
    this.#file = file;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
