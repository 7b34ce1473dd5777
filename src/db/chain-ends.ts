import type { TaskResult } from './task.js';

/**
 * Hears of the jobs of one chain as they end. A thread's messages and the answer to its task come by different ways, so the
 * answer may be here before the last of the messages.
 */
export class ChainEnds {
  readonly #tell: (index: number, result: TaskResult) => Promise<void>;
  #heard = 0;
  /** Told in their order. */
  #told: Promise<void> = Promise.resolve();
  #wanted: { readonly count: number; readonly heard: () => void } | undefined;

  constructor(tell: (index: number, result: TaskResult) => Promise<void>) {
    this.#tell = tell;
  }

  hear(result: TaskResult): void {
    const index = this.#heard++;
    this.#told = this.#told.then(() => this.#tell(index, result));
    if (this.#heard === this.#wanted?.count) this.#wanted.heard();
  }

  /** Resolves when so many ends are told. */
  async told(count: number): Promise<void> {
    if (this.#heard < count) await new Promise<void>((heard) => (this.#wanted = { count, heard }));
    await this.#told;
  }
}
