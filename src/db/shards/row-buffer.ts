import type { Value } from '../result-taker.js';

/**
 * Rows that have come and that nobody has taken yet. Beyond a limit the server is held back, by not reading what it sends;
 * then it waits, and so memory stays the same whatever the size of the result.
 */
export class RowBuffer {
  #rows: RawRow[] = [];
  #next = 0;
  #bytes = 0;
  #limit = HIGH;
  #discards = false;
  #source: Source | undefined;
  #isHeld = false;

  /** Rows are about to come from there. */
  attach(source: Source): void {
    this.#source = source;
  }

  push(values: RawRow, bytes: number): void {
    if (this.#discards) return;
    this.#rows.push(values);
    this.#bytes += bytes + ROW_OVERHEAD;
    if (this.#isHeld || this.#bytes <= this.#limit) return;
    this.#isHeld = true;
    this.#source?.pause();
  }

  take(): RawRow | undefined {
    const row = this.#rows[this.#next];
    if (row === undefined) return undefined;
    this.#next += 1;
    // What has come is taken as a whole before more is asked for: one pause a batch, not one a row.
    if (this.#next === this.#rows.length) this.#clear();
    return row;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** No more holding back: somebody waits for what comes behind this result. */
  release(): void {
    this.#limit = Number.POSITIVE_INFINITY;
    this.#resume();
  }

  /** No more is read until `discard`; nobody wants what is here. */
  hold(): void {
    this.#discards = true;
    this.#clear();
    this.#isHeld = true;
    this.#source?.pause();
  }

  /** Nobody wants what is here and what comes. */
  discard(): void {
    this.#discards = true;
    this.#clear();
  }

  #clear(): void {
    this.#rows = [];
    this.#next = 0;
    this.#bytes = 0;
    this.#resume();
  }

  #resume(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#source?.resume();
  }
}

/** A row as the server's texts. */
export type RawRow = readonly Value[];

export interface Source {
  pause(): void;
  resume(): void;
}

const HIGH = 256 * 1024;
/** What a row takes in memory beside its texts. */
const ROW_OVERHEAD = 64;
