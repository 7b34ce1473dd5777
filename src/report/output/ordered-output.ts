import type { OutputPart } from '../../model/output.js';
import type { Spill, SpilledRange } from './spill.js';

/**
 * What jobs print, as one stream: job by job, in the written order whatever finished first, or (`arrival`) as they come.
 * A job's output is never mixed with another's.
 *
 * One job has its turn: what it prints is passed on at once, and taken no faster than it is passed on. What others print
 * waits, in memory as long as there is not much of it, else in a file.
 *
 * A job's messages and the news of its end come over different ports, in no promised order. So a job counts as ended only
 * when as many messages have come as its end announced; what came along with the news stands behind them.
 */
export interface OutputOptions {
  readonly order: 'written' | 'arrival';
  /** Jobs that will never be announced (gates). */
  readonly silent: readonly number[];
  /** Passes a part of a job's output on. A promise: the next one must wait. */
  readonly write: (part: OutputPart, job: number) => Promise<void> | undefined;
  readonly spill: Spill;
  /** Bytes (or characters) of waiting results that are kept in memory; more are spilled. */
  readonly memory: number;
  /** It cannot go on: a part could not be written, or not be kept. Called once. */
  readonly broken: (error: unknown) => void;
}

export class OrderedOutput {
  readonly #options: OutputOptions;
  readonly #jobs: readonly Slot[];
  /** In the written order: the job whose turn it is, or would be. */
  #next = 0;
  /** In the order of arrival: whose turn it is; and jobs that wait for theirs. */
  #chosen: Slot | undefined;
  readonly #arrived: Slot[] = [];
  #open: number;
  #kept = 0;
  #isPumping = false;
  #isReleased = false;
  #isAbandoned = false;
  #whenDrained: (() => void) | undefined;

  constructor(jobs: number, options: OutputOptions) {
    this.#options = options;
    this.#jobs = Array.from({ length: jobs }, (_, job) => ({
      job,
      entries: [],
      received: 0,
      rest: [],
      isOpen: true,
    }));
    this.#open = jobs;
    for (const job of options.silent) this.end(job, { posted: 0, rest: [] });
  }

  /** A message of a job. `taken` is called when there is room for its next one. */
  add(job: number, parts: readonly OutputPart[], taken: () => void): void {
    const slot = this.#jobs[job];
    if (slot === undefined || this.#isAbandoned) {
      taken();
      return;
    }
    slot.received += 1;
    this.#arrive(slot);
    for (const [index, part] of parts.entries())
      this.#keep(slot, part, index === parts.length - 1 ? taken : undefined);
    this.#advance(slot);
  }

  /** A job has ended (or will not run) after so many messages. The first announcement counts. */
  end(
    job: number,
    { posted, rest }: { readonly posted: number; readonly rest: readonly OutputPart[] },
  ): void {
    const slot = this.#jobs[job];
    if (slot === undefined || slot.announced !== undefined) return;
    slot.announced = posted;
    slot.rest = rest;
    this.#advance(slot);
  }

  /** Resolves when every job has ended and all is passed on. */
  drained(): Promise<void> {
    if (this.#open === 0 || this.#isAbandoned) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenDrained = resolve;
    });
  }

  /** Nobody is held back any more: the run is being stopped, and what is on its way must come to its end. */
  release(): void {
    this.#isReleased = true;
    for (const slot of this.#jobs) for (const entry of slot.entries) take(entry);
  }

  /** All that waits, and all that comes, is dropped. */
  abandon(): void {
    this.#isAbandoned = true;
    this.release();
    for (const slot of this.#jobs) slot.entries.length = 0;
    this.#whenDrained?.();
  }

  #advance(slot: Slot): void {
    const { announced, received } = slot;
    if (announced !== undefined && received >= announced) {
      this.#arrive(slot);
      for (const part of slot.rest) this.#keep(slot, part, undefined);
      slot.rest = [];
      slot.isOpen = false;
    }
    // What is passed on without waiting is passed on now.
    void this.#pump();
  }

  #arrive(slot: Slot): void {
    if (this.#options.order === 'arrival' && slot !== this.#chosen && !this.#arrived.includes(slot))
      this.#arrived.push(slot);
  }

  #keep(slot: Slot, part: OutputPart, taken: (() => void) | undefined): void {
    const entry: Entry = { part, size: part.data.length, taken };
    slot.entries.push(entry);
    this.#kept += entry.size;
    if (slot === this.#whoseTurn() && !this.#isReleased) return;
    if (this.#kept <= this.#options.memory) take(entry);
    else this.#spill(entry, part);
  }

  #spill(entry: Entry, part: OutputPart): void {
    this.#kept -= entry.size;
    entry.size = 0;
    entry.part = undefined;
    entry.spilled = this.#options.spill.write(part.data).then((range) => {
      take(entry);
      return { part: { ...part, data: '' }, range };
    });
    entry.spilled.catch((error: unknown) => this.#break(error));
  }

  /** Whose turn it is. */
  #whoseTurn(): Slot | undefined {
    if (this.#options.order === 'written') return this.#jobs[this.#next];
    if (this.#chosen === undefined) {
      // A job that has ended is passed on in one go; one that is on its way holds the others up.
      const ended = this.#arrived.findIndex(({ isOpen }) => !isOpen);
      [this.#chosen] = this.#arrived.splice(Math.max(0, ended), 1);
    }
    return this.#chosen;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let slot = this.#whoseTurn(); slot !== undefined && !this.#isAbandoned; slot = this.#whoseTurn()) {
        const entry = slot.entries.shift();
        if (entry !== undefined) {
          const passing = this.#pass(entry, slot.job);
          if (passing !== undefined) await passing.finally(() => take(entry));
          else take(entry);
        } else if (slot.isOpen) return;
        else this.#finish();
      }
    } catch (error) {
      this.#break(error);
    } finally {
      this.#isPumping = false;
    }
    if (this.#open === 0) this.#whenDrained?.();
  }

  #pass(entry: Entry, job: number): Promise<void> | undefined {
    this.#kept -= entry.size;
    if (entry.part !== undefined) return this.#options.write(entry.part, job);
    return this.#passSpilled(entry, job);
  }

  async #passSpilled({ spilled }: Entry, job: number): Promise<void> {
    const stored = await spilled;
    if (stored === undefined || this.#isAbandoned) return;
    await this.#options.write({ ...stored.part, data: await this.#options.spill.read(stored.range) }, job);
  }

  #finish(): void {
    this.#open -= 1;
    this.#next += 1;
    this.#chosen = undefined;
  }

  #break(error: unknown): void {
    if (this.#isAbandoned) return;
    this.abandon();
    this.#options.broken(error);
  }
}

interface Slot {
  readonly job: number;
  readonly entries: Entry[];
  received: number;
  announced?: number;
  rest: readonly OutputPart[];
  /** More may come. */
  isOpen: boolean;
}

/** A part that waits: in memory, or in the file. */
interface Entry {
  part: OutputPart | undefined;
  spilled?: Promise<{ readonly part: OutputPart; readonly range: SpilledRange }>;
  /** Of what is in memory. */
  size: number;
  taken: (() => void) | undefined;
}

function take(entry: Entry): void {
  const { taken } = entry;
  entry.taken = undefined;
  taken?.();
}
