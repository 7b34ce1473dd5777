import type { Scene } from './scene.js';

/** Makes one statement of a kind; undefined: there is nothing to make it of. */
export interface Maker {
  readonly weight: number;
  readonly make: (scene: Scene) => string | undefined;
  /** `rows`: leaves the catalog as it is, so that it need not be read again. */
  readonly changes?: 'rows';
  /** Cannot be in a transaction block. */
  readonly alone?: boolean;
  /** Leaves something that only its session has. */
  readonly tied?: boolean;
}

/** So many makers as one: a family. */
export type Family = readonly Maker[];

/** Between statements that are made together. */
export const NEXT = '\n-- next\n';

export function inARow(...statements: readonly string[]): string {
  return statements.join(NEXT);
}

export const TABLES = ['t1', 't2', 't3', 't4'];
export const VIEWS = ['v1', 'v2', 'v3'];
export const MATVIEWS = ['m1', 'm2'];
export const SEQUENCES = ['q1', 'q2'];
export const SCHEMAS = ['s1', 's2'];
