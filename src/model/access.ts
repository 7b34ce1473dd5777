/**
 * What a job does to one object, from the weakest to the strongest. Two jobs whose accesses to one object conflict keep
 * their written order; all others may overlap, or overtake each other.
 *
 * - `use`: names it (a type, a function, a table's definition)
 * - `read`: SELECT, the check of a foreign key
 * - `append`: INSERT and COPY whose rows do not depend on the order
 * - `write`: UPDATE, DELETE, MERGE, ON CONFLICT, nextval, setval
 * - `index`: CREATE INDEX
 * - `maintain`: ANALYZE, VACUUM, COMMENT
 * - `define`: CREATE, ALTER, DROP, TRUNCATE, REFRESH, constraints, triggers, GRANT
 */
export const ACCESS_MODES = ['use', 'read', 'append', 'write', 'index', 'maintain', 'define'] as const;
export type AccessMode = (typeof ACCESS_MODES)[number];

/**
 * The table of conflicts, a row a mode. It is symmetric. Source: PostgreSQL's table of lock modes
 * (src/backend/storage/lmgr/lock.c, LockConflicts), made stricter where order matters without a lock: a read and an append
 * never wait for each other there, but the read would tell which came first.
 */
export const CONFLICTS: Readonly<Record<AccessMode, readonly AccessMode[]>> = {
  use: ['define'],
  read: ['append', 'write', 'define'],
  append: ['read', 'write', 'index', 'maintain', 'define'],
  write: ['read', 'append', 'write', 'index', 'maintain', 'define'],
  index: ['append', 'write', 'maintain', 'define'],
  maintain: ['append', 'write', 'index', 'maintain', 'define'],
  define: ACCESS_MODES,
};

/** Modes as bits of one number, so that what a job does to one object is one small integer. */
export function modeBit(mode: AccessMode): number {
  return 1 << ACCESS_MODES.indexOf(mode);
}

/** The modes of a set of bits. */
export function modesOf(bits: number): readonly AccessMode[] {
  return ACCESS_MODES.filter((mode) => (bits & modeBit(mode)) !== 0);
}

/** For each mode, by its place in ACCESS_MODES, the bits of those it conflicts with. */
export const CONFLICT_BITS: readonly number[] = ACCESS_MODES.map((mode) =>
  CONFLICTS[mode].reduce((bits, other) => bits | modeBit(other), 0),
);
