import type { Place } from './place.js';

/** What `pqrun tune` has found of one split. */
export interface Tuning {
  readonly place: Place;
  /** `UPDATE`, … */
  readonly verb: string;
  /** Rows of the whole split, or about so many. */
  readonly rows: number;
  readonly connections: readonly number[];
  readonly sizes: readonly TunedSize[];
  /** Undefined: it was interrupted before anything was measured. */
  readonly best?: Measured;
}

export interface TunedSize {
  /** Rows a piece. */
  readonly size: number;
  /** By the number of connections; undefined: not tried, because a piece would take too long. */
  readonly measured: readonly (Measured | undefined)[];
}

export interface Measured {
  readonly size: number;
  readonly connections: number;
  /** Rows a second of all connections together. */
  readonly rate: number;
  /** Milliseconds that a piece took, on the average. */
  readonly piece: number;
}

/** What will be done, told before it begins. */
export interface TunePlan {
  readonly place: Place;
  readonly verb: string;
  readonly rows: number;
  readonly sizes: readonly number[];
  readonly connections: readonly number[];
  /** About so long, in milliseconds. */
  readonly time: number;
}
