/**
 * Query results in the written order, whatever finished first: the text of a job is passed on once all jobs before it
 * have ended; until then it is kept.
 *
 * A job's texts and the news of its end come over different ports, in no promised order. So a job counts as ended only
 * when as many texts have come as its end announced.
 *
 * It keeps waiting results in memory.
 */
export class OrderedOutput {
  readonly #write: (text: string) => void;
  readonly #jobs: Slot[];
  #next = 0;
  #whenDrained: (() => void) | undefined;

  /** `silent`: jobs that will never be announced (gates). */
  constructor(
    jobs: number,
    options: { readonly silent: readonly number[]; readonly write: (text: string) => void },
  ) {
    this.#write = options.write;
    this.#jobs = Array.from({ length: jobs }, () => ({ texts: [], received: 0, announced: undefined }));
    for (const job of options.silent) this.end(job, 0);
  }

  /** A result of a job. */
  add(job: number, text: string): void {
    const slot = this.#jobs[job];
    if (slot === undefined) return;
    slot.received++;
    if (job === this.#next) this.#write(text);
    else slot.texts.push(text);
    this.#advance();
  }

  /** A job has ended (or will not run) after so many results. The first announcement counts. */
  end(job: number, results: number): void {
    const slot = this.#jobs[job];
    if (slot === undefined) return;
    slot.announced ??= results;
    this.#advance();
  }

  /** Resolves when every job has ended and all texts are written. */
  drained(): Promise<void> {
    if (this.#next >= this.#jobs.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenDrained = resolve;
    });
  }

  #advance(): void {
    for (let slot = this.#jobs[this.#next]; slot !== undefined; slot = this.#jobs[this.#next]) {
      for (const text of slot.texts) this.#write(text);
      slot.texts.length = 0;
      if (slot.announced === undefined || slot.received < slot.announced) return;
      this.#next++;
    }
    this.#whenDrained?.();
  }
}

interface Slot {
  readonly texts: string[];
  received: number;
  announced: number | undefined;
}
