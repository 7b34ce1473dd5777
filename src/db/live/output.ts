import type { Failure } from '../../model/failure.js';
import type { JobOutput, TextSink } from '../output/job-output.js';
import { ScriptFile } from '../output/script-file.js';
import type { Hold } from '../result-taker.js';

/**
 * Where a live script's results go: the run's output, or the file that `\o` names; `\g file` goes to a file for one
 * statement. Files are emptied when they are opened, as psql does.
 */
export class LiveOutput implements TextSink {
  readonly #output: JobOutput;
  #file: ScriptFile | undefined;
  /** Of a file that is closed. */
  #failure: Failure | undefined;

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
    return (this.#file ?? this.#output).write(data);
  }

  /** Throws the system's error when the file cannot be opened. Undefined: the run's output again. */
  redirect(path: string | undefined, { isArray = false }: { readonly isArray?: boolean } = {}): void {
    const file = path === undefined ? undefined : new ScriptFile(path, { isArray });
    this.close();
    this.#file = file;
  }

  /** Why results could not be written, once. */
  takeFailure(): Failure | undefined {
    const failure = this.#failure ?? this.#file?.takeFailure();
    this.#failure = undefined;
    return failure;
  }

  close(): void {
    this.#failure ??= this.#file?.close();
    this.#file = undefined;
  }
}
