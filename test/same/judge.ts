import { compareDescriptions } from '../../src/db/compare/differences.js';
import type { DatabaseDescription } from '../../src/db/compare/description.js';
import {
  buildAsWritten,
  buildByRun,
  buildByWalks,
  touchesWithoutOrder,
  withFiles,
  type Built,
  type PlanShape,
} from './builds.js';
import type { Order } from './plan-files.js';
import { countEntries, type Program } from './program.js';
import type { Scratch } from './scratch.js';
import { shakeRows } from './shake.js';
import { without } from './shrink.js';
import { STYLES, type Walk } from './walk.js';

/** Builds a program as written and in other ways, and tells whether the databases are the same. */
export interface Judging {
  readonly order: Order;
  /** `walk`: one job after another in orders that the plan allows; `wide`: many
   * at once; `run`: pqrun itself, over its threads; `shake`: as written, with rows in another physical order; `touch`: as
   * written, and what jobs touch must be ordered. */
  readonly modes: readonly Mode[];
  /** So many orders of a plan. */
  readonly walks: number;
  readonly jobs: number;
  readonly seed: number;
}

export const MODES = ['walk', 'wide', 'run', 'shake', 'touch'] as const;
export type Mode = (typeof MODES)[number];

export type Verdict =
  | { readonly kind: 'same'; readonly shape: PlanShape }
  /** It fails as it is written. */
  | { readonly kind: 'invalid'; readonly detail: string }
  /** As it is written it does not give the same twice. */
  | { readonly kind: 'unsteady'; readonly detail: string }
  | { readonly kind: 'different'; readonly mode: Mode; readonly how: string; readonly detail: string };

export async function judge(scratch: Scratch, program: Program, judging: Judging): Promise<Verdict> {
  const written = await buildAsWritten(scratch, program);
  if (written.description === undefined) return { kind: 'invalid', detail: written.failure ?? '' };
  return judgeAgainst(scratch, { program, judging, expected: written.description });
}

/** Of a program whose description as it is written is known. */
export async function judgeAgainst(
  scratch: Scratch,
  one: Case,
): Promise<Exclude<Verdict, { kind: 'invalid' }>> {
  const { program, expected } = one;
  const found = await findDifference(scratch, one);
  if (found.kind !== 'different') return found;
  const again = await buildAsWritten(scratch, program);
  const detail = again.description && differenceOf(expected, again);
  return detail === undefined ? found : { kind: 'unsteady', detail };
}

/** A program, and the database that it gives as it is written. */
export interface Written {
  readonly program: Program;
  readonly expected: DatabaseDescription;
}

export interface Case extends Written {
  readonly judging: Judging;
}

async function findDifference(
  scratch: Scratch,
  { program, judging, expected }: Case,
): Promise<Exclude<Verdict, { kind: 'invalid' }>> {
  const { order, modes, jobs, seed } = judging;
  let found: (Verdict & { kind: 'different' }) | undefined;
  const see = (built: Built, walk: Walk): boolean => {
    const detail = differenceOf(expected, built);
    const how = `${walk.style}, seed ${walk.seed}`;
    if (detail !== undefined)
      found = { kind: 'different', mode: walk.width === 1 ? 'walk' : 'wide', how, detail };
    return found !== undefined;
  };
  if (modes.includes('shake')) {
    const detail = differenceOf(expected, await buildAsWritten(scratch, program, shakeRows));
    if (detail !== undefined) return { kind: 'different', mode: 'shake', how: 'rows turned round', detail };
  }
  if (modes.includes('touch')) {
    // Some of the files are there before the plan is made.
    const split = seed % program.files.length;
    const [before, planned] = [
      { files: program.files.slice(0, split) },
      { files: program.files.slice(split) },
    ];
    const found = await withFiles(planned, (paths) =>
      touchesWithoutOrder(scratch, paths, { order, seed, before }),
    );
    if (found.length > 0)
      return { kind: 'different', mode: 'touch', how: 'as written', detail: found.slice(0, 5).join('\n  ') };
  }
  const walks = walksOf(judging);
  const shape = await buildByWalks(scratch, { program, order, walks }, see);
  if (found !== undefined) return found;
  if (modes.includes('run')) {
    const detail = differenceOf(expected, await buildByRun(scratch, { program, order, jobs, seed }));
    if (detail !== undefined) return { kind: 'different', mode: 'run', how: `seed ${seed}`, detail };
  }
  return { kind: 'same', shape };
}

function walksOf({ modes, walks, seed, jobs }: Judging): readonly Walk[] {
  const narrow = Array.from({ length: walks }, (_, index) => ({
    style: STYLES[index % STYLES.length] ?? 'any',
    seed: seed + index,
    width: 1,
  }));
  const wide = { style: 'any', seed, width: jobs } as const;
  return [...(modes.includes('walk') ? narrow : []), ...(modes.includes('wide') ? [wide] : [])];
}

/** In words; undefined: there is none. */
function differenceOf(expected: DatabaseDescription, built: Built): string | undefined {
  if (built.description === undefined) return `it failed: ${built.failure ?? ''}`;
  const differences = compareDescriptions(expected, built.description);
  if (differences.length === 0) return undefined;
  // Counts of rows are bigints.
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  return differences
    .slice(0, 5)
    .map((one) => JSON.stringify(one, plain))
    .join('\n  ');
}

/** A candidate of the shrinker, without what fails in it; undefined: it does not differ. */
export async function stillDiffers(
  scratch: Scratch,
  candidate: Program,
  { judging, attempts }: { readonly judging: Judging; readonly attempts: number },
): Promise<Program | undefined> {
  const written = await repaired(scratch, candidate);
  if (written === undefined) return undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const seeded = { ...judging, seed: judging.seed + 100 * attempt };
    const { kind } = await judgeAgainst(scratch, { ...written, judging: seeded });
    if (kind === 'different') return written.program;
    if (kind !== 'same') return undefined;
  }
  return undefined;
}

/** Without an entry others fail, which then go with it. Undefined: nothing is left. */
export async function repaired(scratch: Scratch, candidate: Program): Promise<Written | undefined> {
  let program = candidate;
  while (countEntries(program) > 0) {
    const { failed, failure, description } = await buildAsWritten(scratch, program);
    if (description !== undefined) return { program, expected: description };
    if (failed === undefined) throw new Error(failure ?? 'no entry failed, and nothing was built');
    program = without(program, new Set([failed]));
  }
  return undefined;
}
