/**
 * `time=`: how many rows the next piece of a split is to have, so that it takes the time that was asked for.
 *
 * What is measured is the time that a row takes on a connection, of pieces of whatever size; so it does no harm that several connections
 * are at work, and that a piece which ends now was cut long ago. Measurements are averaged, new ones for more, and the size moves by
 * a bounded factor with each: a piece that waited for a lock does not make all the others small.
 *
 * It aims a little below the time. The first pieces are small, because nothing is known; the last ones are, too, so that all
 * connections end together.
 *
 * It knows neither the table nor the connections.
 */
export class PieceSize {
  readonly #time: number;
  readonly #first: number;
  /** Milliseconds a row; undefined: nothing has been measured. */
  #cost: number | undefined;
  /** What the pieces begin with now, but for the tail. */
  #size: number;

  /** `time`: milliseconds; `rows`: of the whole table. */
  constructor(time: number, { rows, connections }: { readonly rows: number; readonly connections: number }) {
    this.#time = time * AIM;
    this.#first = Math.max(LEAST, Math.min(FIRST, rows / (8 * connections)));
    this.#size = this.#first;
  }

  /** Rows of the next piece. */
  next({ rowsLeft, connections }: { readonly rowsLeft: number; readonly connections: number }): number {
    const tail = Math.max(this.#size / TAIL, rowsLeft / (2 * connections));
    return Math.max(LEAST, Math.min(this.#size, tail));
  }

  /** A piece has ended, after so many milliseconds. */
  learn({ rows, ms }: { readonly rows: number; readonly ms: number }): void {
    if (rows <= 0 || ms <= 0) return;
    const measured = ms / rows;
    // Small pieces say little: the fixed part of their time is most of it.
    const share = NEW * Math.min(1, Math.sqrt(rows / this.#size));
    this.#cost = this.#cost === undefined ? measured : this.#cost * (1 - share) + measured * share;
    const wanted = this.#time / this.#cost;
    this.#size = Math.max(LEAST, Math.min(this.#size * GROWTH, Math.max(this.#size / GROWTH, wanted)));
  }
}

/** Of the time that was asked for. */
const AIM = 0.925;
/** Rows. */
const LEAST = 100;
const FIRST = 10_000;
/** In the tail pieces become so much smaller at most: each costs a round of its own. */
const TAIL = 8;
/** What a measurement counts for, and how much it may change the size. */
const NEW = 0.5;
const GROWTH = 2;
