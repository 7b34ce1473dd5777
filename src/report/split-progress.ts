import { splitName } from '../model/job.js';
import type { JobFinished, JobStarted, RunEvent } from '../model/event.js';

/** Something done that deserves a line: a job, or a split with all its pieces. */
export interface Done {
  readonly name: string;
  readonly duration: number;
  readonly rows: number;
}

/**
 * Makes one thing out of the pieces of a split: a split is done when its last piece is, and took as long as from the
 * start of its first piece to the end of its last.
 *
 * Events name no split, so pieces belong together when their names are the same without the ` [3/8]` at the end.
 */
export class SplitProgress {
  readonly #splits = new Map<string, { began: number; done: number; rows: number; count: number }>();
  readonly #pieces = new Map<number, { name: string; noun: string }>();

  /** What this event brought to its end. */
  fold(event: RunEvent): Done | undefined {
    if (event.type === 'job-started') this.#start(event);
    return event.type === 'job-finished' ? this.#finish(event) : undefined;
  }

  #start({ job, name, piece, at }: JobStarted): void {
    if (piece === undefined) return;
    const split = splitName(name);
    this.#pieces.set(job, {
      name: split,
      noun: piece.unit === 'record' ? 'record' : 'piece',
    });
    const known = this.#splits.get(split) ?? { began: at, done: 0, rows: 0, count: 0 };
    // How many pieces of a table's rows there are may be known only when the last of them begins.
    this.#splits.set(split, { ...known, count: Math.max(known.count, piece.count) });
  }

  #finish({ job, name, at, duration, rows }: JobFinished): Done | undefined {
    const piece = this.#pieces.get(job);
    const split = piece === undefined ? undefined : this.#splits.get(piece.name);
    if (piece === undefined || split === undefined) return { name, duration, rows };
    this.#pieces.delete(job);
    split.done++;
    split.rows += rows;
    if (split.count === 0 || split.done < split.count) return undefined;
    this.#splits.delete(piece.name);
    return {
      name: `${piece.name} [${split.count} ${piece.noun}${split.count === 1 ? '' : 's'}]`,
      duration: at - split.began,
      rows: split.rows,
    };
  }
}
