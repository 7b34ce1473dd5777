/** A database as texts: two that are the same have equal descriptions. Nothing in it depends on OIDs. */
export interface DatabaseDescription {
  /** By `what object`, as in `table public.orders`. */
  readonly objects: ReadonlyMap<string, DescribedObject>;
  /** By the same key: all tables and materialized views that hold rows and were not ignored. */
  readonly rows: ReadonlyMap<string, DescribedRows>;
  /** Ignored names that fit nothing. */
  readonly unknown: readonly string[];
}

export interface DescribedObject {
  readonly what: string;
  /** Qualified and quoted. */
  readonly object: string;
  /** Key of what it belongs to. */
  readonly parent: string | undefined;
  readonly facts: Facts;
}

export type Facts = Readonly<Record<string, string | null>>;

export interface DescribedRows {
  readonly what: string;
  /** Qualified and quoted: what stands behind FROM. */
  readonly object: string;
  readonly count: bigint;
  /** The same for the same rows in whatever order; counts duplicates. */
  readonly checksum: string;
  /** What was compared of each row: an expression over the alias `t`. */
  readonly row: string;
}
