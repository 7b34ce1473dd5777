import type { SlotValues } from './job.js';

/**
 * The rows of a table laid out along a key: steps, one behind the other, of which about how many rows each has is known. A piece
 * of a split is a run of neighbouring steps.
 *
 * The first step takes all below it (and NULLs), the last all above: whatever is inserted later, each row belongs to one step.
 */
export interface Axis {
  /** About how many rows each step has: at least one step, even of an empty table. */
  readonly rows: readonly number[];
  /** Steps with which a new partition begins, which no piece goes across: ascending, from 0. */
  readonly parts: readonly number[];
  /** What the slots of the statement stand for in a piece of the steps from … to - 1. */
  values(from: number, to: number): AxisValues;
}

export interface AxisValues {
  /** `:chunk`, and `TABLE_SLOT` where it is of a partition. */
  readonly slots: SlotValues;
  /** For people: the predicate, behind the partition's name where it is of one. */
  readonly text: string;
  /** Where the next piece begins, to go on from there in a later run (`AxisRequest.from`); undefined: it is the last. */
  readonly until?: string;
}

/** Stands for the name of the table that is walked. No variable can have this name. */
export const TABLE_SLOT = 'pqrun table';

/** What is known of the table that the pieces of a split walk, before they run. */
export interface TableWalk {
  /** Places for pieces. */
  readonly places: number;
  /** About so many rows are in the table; 0: not known. */
  readonly rows: number;
  /** Undefined: settled while it runs. */
  readonly pieces?: readonly WalkPiece[];
}

export interface WalkPiece extends Omit<AxisValues, 'until'> {
  readonly rows: number;
}
