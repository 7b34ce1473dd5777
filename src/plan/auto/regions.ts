import type { StatementFound } from '../accesses/analysis.js';
import type { Asked, SequencesFound } from '../accesses/sequences.js';

/**
 * Runs of a script's statements that need one session, from the first to the last of them:
 *
 * - all that make or use what only a session has, together
 * - what leaves something that nobody can tell, and all behind it
 * - who asks for the last value of a sequence, and those who may have drawn it, back to one that drew for certain
 *
 * Runs that overlap are one.
 */
export interface Region {
  readonly first: number;
  readonly last: number;
  /** The statement that says why: the first of the longest run in it. */
  readonly cause: number;
}

export function sessionRegions(found: readonly StatementFound[]): readonly Region[] {
  const runs = [...keptRun(found), ...restRun(found), ...askedRuns(found)];
  runs.sort((one, other) => one.first - other.first);
  const regions: Region[] = [];
  for (const run of runs) {
    const before = regions.at(-1);
    if (before === undefined || run.first > before.last) regions.push(run);
    else regions[regions.length - 1] = joined(before, run);
  }
  return regions;
}

function joined(one: Region, other: Region): Region {
  const longer = other.last - other.first > one.last - one.first ? other : one;
  return { first: one.first, last: Math.max(one.last, other.last), cause: longer.cause };
}

function run(first: number, last: number): Region {
  return { first, last, cause: first };
}

function keptRun(found: readonly StatementFound[]): readonly Region[] {
  const isTied = ({ ties }: StatementFound): boolean => ties.has('keeps') || ties.has('needs');
  const first = found.findIndex(isTied);
  return first < 0 ? [] : [run(first, found.findLastIndex(isTied))];
}

function restRun(found: readonly StatementFound[]): readonly Region[] {
  const first = found.findIndex(({ ties }) => ties.has('rest') || ties.has('unknown'));
  return first < 0 ? [] : [run(first, found.length - 1)];
}

function askedRuns(found: readonly StatementFound[]): readonly Region[] {
  return found.flatMap(({ sequences }, at) => {
    if (sequences === undefined || sequences.asked.size === 0) return [];
    return run(Math.min(...[...sequences.asked].map((asked) => firstDraw(found, at, asked))), at);
  });
}

/** The first of those that may have drawn what is asked for at `at`; `at` itself where nobody has. */
function firstDraw(found: readonly StatementFound[], at: number, asked: Asked): number {
  let first = at;
  for (let before = at - 1; before >= 0; before -= 1) {
    const { drawn, certain } = found[before]?.sequences ?? NONE;
    if (mayBe(drawn, asked)) first = before;
    if (asked === 'last' ? certain.size > 0 : asked !== 'some' && certain.has(asked)) break;
  }
  return first;
}

function mayBe(drawn: SequencesFound['drawn'], asked: Asked): boolean {
  if (drawn.size === 0) return false;
  return asked === 'some' || asked === 'last' || drawn.has(asked) || drawn.has('some');
}

const NONE: Pick<SequencesFound, 'drawn' | 'certain'> = { drawn: new Set(), certain: new Set() };
