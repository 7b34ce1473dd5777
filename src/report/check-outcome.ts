import type { Difference, RowSample } from '../model/difference.js';
import type { RunStatus } from '../model/event.js';
import type { Order } from '../model/script.js';
import type { FailedJob } from './run-summary.js';

/** What a check has found: the same scripts were built several times, the first time one statement after another. */
export interface CheckOutcome {
  /**
   * `failed`: the scripts fail even one after another; `different` is also when only a parallel build fails.
   */
  readonly status: 'same' | 'different' | 'failed' | 'interrupted';
  /** The sequential one first. The last is the one that differs, or fails. */
  readonly builds: readonly Build[];
  /** What was compared; undefined: it did not come to that. */
  readonly compared: Compared | undefined;
  readonly differences: readonly FoundDifference[];
  /** Databases that are kept for a look, in the order of the builds. */
  readonly kept: readonly string[];
}

export interface Build {
  readonly way: 'sequential' | 'parallel';
  readonly order: Order;
  /** Connections. */
  readonly connections: number;
  /** The seed of a build whose jobs were taken in a random order. */
  readonly shuffle?: number;
  readonly status: RunStatus;
  /** Jobs that ended well. */
  readonly jobs: number;
  /** Milliseconds. */
  readonly wall: number;
  readonly failures: readonly FailedJob[];
}

/** What a check does next. */
export type CheckStep =
  | {
      readonly kind: 'build';
      /** The database, in words. */
      readonly database: string;
      readonly way: Build['way'];
      readonly connections: number;
      readonly shuffle: number | undefined;
    }
  | { readonly kind: 'compare' };

/** Of the sequential build. */
export interface Compared {
  readonly objects: number;
  readonly tables: number;
  readonly rows: bigint;
  readonly sequences: number;
}

export interface FoundDifference {
  readonly difference: Difference;
  /** Of other rows: some that only one side has. */
  readonly sample?: RowSample;
  /** Jobs that have to do with the object. */
  readonly jobs: Suspects;
}

export interface Suspects {
  readonly names: readonly string[];
  /** Nothing says which of them comes first. */
  readonly mayOverlap: boolean;
}
