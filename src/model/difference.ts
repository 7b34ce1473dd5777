/**
 * What two databases that should be the same have not in common. Left is the one that says what is right: a database that was
 * built one statement after another. Objects are named as PostgreSQL's pg_identify_object names them, qualified.
 */
export type Difference = ObjectDifference | FactsDifference | RowsDifference;

export type Side = 'left' | 'right';

/** Only one of them has the object. What belongs to it (its columns, indexes, comments) is not told apart. */
export interface ObjectDifference {
  readonly kind: 'object';
  /** `table`, `function`, `table constraint` … */
  readonly what: string;
  readonly object: string;
  readonly onlyIn: Side;
}

/** Both have it, and it is not the same. */
export interface FactsDifference {
  readonly kind: 'facts';
  readonly what: string;
  readonly object: string;
  /** At least one. */
  readonly facts: readonly FactDifference[];
}

export interface FactDifference {
  /** `definition`, `owner`, `last_value` … */
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** Both have the table, with other rows in it. */
export interface RowsDifference {
  readonly kind: 'rows';
  readonly what: string;
  readonly object: string;
  /** How many rows; where they are as many, some of them are others. */
  readonly left: bigint;
  readonly right: bigint;
}

/** Rows that only one side has, as text; not more than were asked for. */
export interface RowSample {
  readonly left: readonly string[];
  readonly right: readonly string[];
}
