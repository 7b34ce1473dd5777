import type { AccessMode } from '../../model/access.js';
import type { Conflict } from '../../model/plan.js';
import type { BoundBy } from '../../plan/plan-figures.js';

/** What its author could do so that more of a plan overlaps; undefined: nothing that is known. */
export function hintFor(bound: BoundBy): string | undefined {
  switch (bound.kind) {
    case 'conflict':
      return conflictHint(bound.conflict);
    case 'barrier':
      return bound.remedy;
    case 'reason':
      return REASONS[bound.reason];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  'written order': 'another --order lets more of it overlap',
  barrier: 'each `-- pqrun: barrier` makes all behind it wait for all before it',
};

function conflictHint({ object, from, to }: Conflict): string {
  if (object.startsWith('sequence '))
    return 'numbers are drawn in the written order: rows that bring their own ids need not wait';
  const modes: readonly AccessMode[] = [from, to];
  if (modes.includes('define')) return 'put what defines or changes it before everything that uses it';
  if (modes.includes('write'))
    return 'if the order of these changes does not matter, say what they do: `-- pqrun: reads=… writes=…`';
  if (modes.includes('read')) return 'rows that are read must all be there: load them earlier, or read later';
  return 'put its indexes and its ANALYZE behind all of its loads';
}
