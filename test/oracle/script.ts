/** A script of the oracle. Whoever makes, shrinks, runs or reads one agrees on this. */
export interface GeneratedScript {
  /** By path from the directory it is run in; `main.sql` is the one that is run, the others are included or copied. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Arguments behind psql's own: `-v`, `name=value`, `-v`, … */
  readonly args: readonly string[];
  /** What the generator put in, for the statistics. */
  readonly features: ReadonlySet<string>;
}
