import { touchesWithoutOrder } from './builds.js';
import { judge, judgeAgainst, repaired, stillDiffers, type Judging, type Verdict } from './judge.js';
import { makeProgram, type MadeProgram } from './make-program.js';
import { countEntries, programText, type Program } from './program.js';
import type { Scratch } from './scratch.js';
import { shrink } from './shrink.js';
import type { Totals } from './totals.js';

/** One program from its number to what is said about it. */
export interface Proof {
  readonly scratch: Scratch;
  readonly judging: Judging;
  readonly seed: number;
  /** Prints every program. */
  readonly show: boolean;
}

export type Found = Verdict['kind'];

export interface Telling {
  readonly totals: Totals;
  readonly isQuiet: boolean;
  readonly tell: (text: string) => void;
}

/** Makes program `number` and judges it. A difference is shrunk and told, unless quiet. */
export async function judgeProgram(
  proof: Proof,
  number: number,
  { totals, isQuiet, tell }: Telling,
): Promise<Found> {
  const { scratch } = proof;
  const seed = seedOf(proof.seed, number);
  const began = performance.now();
  const tried = await makeProgram(scratch, seed);
  // What hung on a savepoint of the trial may fail without it.
  const written = await repaired(scratch, tried.program);
  const made = { ...tried, program: written?.program ?? { files: [] } };
  if (proof.show) tell(`\n=== program ${number}\n${programText(made.program)}`);
  const isMade = performance.now();
  const judging = { ...proof.judging, seed };
  const verdict: Verdict =
    written === undefined
      ? { kind: 'invalid', detail: 'nothing of it can be built' }
      : await judgeAgainst(scratch, { ...written, judging });
  totals.add({ made, verdict, makingTime: isMade - began, judgingTime: performance.now() - isMade });
  if (verdict.kind === 'different' && !isQuiet) tell(await report(proof, number, { verdict, judging, made }));
  if (verdict.kind === 'invalid' || verdict.kind === 'unsteady')
    tell(`program ${number} is ${verdict.kind}: ${verdict.detail}`);
  return verdict.kind;
}

/** The seed of one program. */
export function seedOf(seed: number, number: number): number {
  return seed * SEEDS_APART + number;
}

/** More programs than anybody makes of one seed. */
const SEEDS_APART = 1_000_003;

async function report(
  { scratch, seed }: Proof,
  number: number,
  {
    verdict,
    judging,
    made,
  }: { verdict: Verdict & { kind: 'different' }; judging: Judging; made: MadeProgram },
): Promise<string> {
  // Differences that depend on times are tried for more than once.
  const attempts = verdict.mode === 'walk' ? 1 : 3;
  const narrowed = { ...judging, modes: [verdict.mode], walks: Math.max(8, judging.walks) };
  const small = await shrink(made.program, (candidate) =>
    stillDiffers(scratch, candidate, { judging: narrowed, attempts }),
  );
  const last = await judge(scratch, small, narrowed);
  const { how, detail } = last.kind === 'different' ? last : verdict;
  const counts = `${countEntries(made.program)} statements, ${countEntries(small)} when shrunk`;
  const head = `\n=== --seed ${seed} --program ${number} differs (${verdict.mode}: ${how}); ${counts}`;
  return `${head}\n  ${detail}\n\n${programText(small)}`;
}

/** Of a directory of scripts as people write them: whether what they touch is ordered. */
export async function judgeScripts({ scratch, judging }: Proof, path: string): Promise<string> {
  const found = await touchesWithoutOrder(scratch, [path], judging);
  return found.length === 0 ? 'same' : `different (touch): ${found.join('\n  ')}`;
}

/** In words. */
export async function judgeFile({ scratch, judging }: Proof, program: Program): Promise<string> {
  const verdict = await judge(scratch, program, judging);
  if (verdict.kind === 'same') return 'same';
  const how = verdict.kind === 'different' ? ` (${verdict.mode}: ${verdict.how})` : '';
  return `${verdict.kind}${how}: ${verdict.detail}`;
}
