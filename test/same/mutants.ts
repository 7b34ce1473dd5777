import { ACCESS_MODES, CONFLICT_BITS, CONFLICTS, modeBit, type AccessMode } from '../../src/model/access.js';
import { INDIRECT_PATHS, Touch, type IndirectPath } from '../../src/plan/accesses/touch.js';

/**
 * Rules of the order that are switched off one at a time, in this process: a harness that does not notice proves nothing.
 */
export interface Mutant {
  readonly name: string;
  /** Switches the rule off; what it returns switches it on again. */
  readonly apply: () => () => void;
  /** It is about what is only known once the catalog is read behind an opaque barrier. */
  readonly showsLater?: boolean;
  /** Why no program can notice it. */
  readonly covered?: string | undefined;
}

/**
 * Pairs that change nothing which is compared. That the server's own locks keep them apart is why they are conflicts: a job that
 * would only wait for another's lock is better not begun.
 */
const COVERED: ReadonlyMap<string, string> = new Map([
  [
    'maintain/define',
    'use/define: what is commented on or analysed is named, itself or by its name; of heirs only statistics are taken',
  ],
  [
    'append/index',
    "the server's locks: all rows that are there in the end are in the index, and none is refused by fewer rows",
  ],
  ['append/maintain', 'nothing: statistics are not promised, and no comment depends on rows'],
  ['write/maintain', 'nothing: statistics are not promised, and no comment depends on rows'],
]);

/** A pair of accesses that is no conflict any more: `conflict read/append`. */
const CONFLICT_MUTANTS: readonly Mutant[] = ACCESS_MODES.flatMap((one, index) =>
  CONFLICTS[one]
    .filter((other) => ACCESS_MODES.indexOf(other) >= index)
    .map((other) => ({
      name: `conflict ${one}/${other}`,
      apply: () => without(one, other),
      covered: COVERED.get(`${one}/${other}`),
    })),
);

/** An indirect path that is not followed any more: `path trigger`. */
const PATH_MUTANTS: readonly Mutant[] = INDIRECT_PATHS.map((path) => ({
  name: `path ${path}`,
  apply: () => notFollowing(path),
  showsLater: path === 'hidden function',
}));

export const MUTANTS: readonly Mutant[] = [...PATH_MUTANTS, ...CONFLICT_MUTANTS];

function notFollowing(path: IndirectPath): () => void {
  const follows = Object.getOwnPropertyDescriptor(Touch.prototype, 'follows');
  if (follows === undefined) throw new Error('nothing asks whether a path is followed');
  Touch.prototype.follows = (asked) => asked !== path;
  return () => Object.defineProperty(Touch.prototype, 'follows', follows);
}

function without(one: AccessMode, other: AccessMode): () => void {
  // The table is read-only for everybody else.
  const table = CONFLICT_BITS as number[];
  const before = [...table];
  clear(table, one, other);
  clear(table, other, one);
  return () => table.splice(0, table.length, ...before);
}

function clear(table: number[], mode: AccessMode, other: AccessMode): void {
  const at = ACCESS_MODES.indexOf(mode);
  table[at] = (table[at] ?? 0) & ~modeBit(other);
}

/** Those that a word of the command line names: a part of their names; an empty one names all. */
export function mutantsNamed(word: string): readonly Mutant[] {
  return MUTANTS.filter(({ name }) => name.includes(word));
}
