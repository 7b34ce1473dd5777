import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * Where a live script's results go: the run's output, or the file that `\o` names; `\g file` goes to a file for one
 * statement. Files are emptied when they are opened, as psql does.
 */
export class LiveOutput {
  readonly #print: (text: string) => void;
  #file: number | undefined;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Always to the run's output. */
  print(text: string): void {
    this.#print(text);
  }

  result(text: string): void {
    if (this.#file === undefined) this.#print(text);
    else writeSync(this.#file, text);
  }

  data(chunk: Buffer): void {
    if (this.#file === undefined) this.#print(chunk.toString());
    else writeSync(this.#file, chunk);
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
