import { edgesOf, type PlanEdges } from './builds.js';
import { judgeAgainst, repaired, type Written } from './judge.js';
import { makeProgram } from './make-program.js';
import type { Mutant } from './mutants.js';
import { seedOf, type Proof } from './proof.js';

/**
 * Which program notices that a rule is switched off. Programs are made, and built as they are written, once for all mutants. A
 * mutant under which the plan of a program has the same edges need not be walked: it cannot differ, but behind an opaque
 * barrier, where edges are found while it is walked: that counts for the rules that only work there. The first difference is enough.
 */
export interface Noticing {
  readonly proof: Proof;
  /** So many programs at most. */
  readonly count: number;
  readonly workers: number;
  readonly tell: (text: string) => void;
}

/** Prints a table; says whether all were noticed, but for those that others cover. */
export async function proveMutants(mutants: readonly Mutant[], noticing: Noticing): Promise<boolean> {
  const { count, tell } = noticing;
  const noticed = new Map<Mutant, number>();
  let wanted = mutants.filter(({ covered }) => covered === undefined);
  for (let from = 1; from <= count && wanted.length > 0; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from + 1) }, (_, index) => from + index);
    const batch = await prepare(numbers, noticing);
    for (const mutant of wanted) {
      const number = await firstNotice(mutant, batch, noticing);
      if (number === undefined) continue;
      noticed.set(mutant, number);
      tell(`${mutant.name.padEnd(WIDTH)} noticed by program ${number}`);
    }
    wanted = wanted.filter((mutant) => !noticed.has(mutant));
  }
  tell(`\n${'mutant'.padEnd(WIDTH)} noticed by program`);
  for (const mutant of mutants) tell(`${mutant.name.padEnd(WIDTH)} ${outcome(mutant, noticed, count)}`);
  const judged = mutants.length - mutants.filter(({ covered }) => covered !== undefined).length;
  tell(`${noticed.size} of ${judged} mutants were noticed, ${mutants.length - judged} are covered`);
  return noticed.size === judged;
}

const BATCH = 60;
const WIDTH = 32;
/** Only one edge may be missing: more orders than in a proof, of fewer programs. */
const WALKS = 12;

function outcome(mutant: Mutant, noticed: ReadonlyMap<Mutant, number>, count: number): string {
  if (mutant.covered !== undefined) return `covered by ${mutant.covered}`;
  const number = noticed.get(mutant);
  return number === undefined ? `not noticed in ${count} programs` : String(number);
}

interface Known extends Written {
  readonly number: number;
  readonly edges: PlanEdges;
}

async function prepare(numbers: readonly number[], noticing: Noticing): Promise<readonly Known[]> {
  const { scratch, seed, judging } = noticing.proof;
  const known: Known[] = [];
  await sharedOut(numbers, noticing.workers, async (number) => {
    const { program } = await makeProgram(scratch, seedOf(seed, number));
    const written = await repaired(scratch, program);
    if (written === undefined) return;
    known.push({ ...written, number, edges: await edgesOf(scratch, { ...written, order: judging.order }) });
  });
  return known.sort((one, other) => one.number - other.number);
}

async function firstNotice(
  mutant: Mutant,
  programs: readonly Known[],
  noticing: Noticing,
): Promise<number | undefined> {
  let left = programs;
  for (;;) {
    const one = await firstDifference(mutant, left, noticing);
    if (one === undefined) return undefined;
    // A rule that is missing anyway says nothing about the one that was switched off.
    if (!(await differs(one, noticing))) return one.number;
    noticing.tell(`program ${one.number} differs although no rule is switched off`);
    left = left.filter((other) => other !== one);
  }
}

async function firstDifference(
  mutant: Mutant,
  programs: readonly Known[],
  noticing: Noticing,
): Promise<Known | undefined> {
  const { scratch, judging } = noticing.proof;
  const found: Known[] = [];
  const undo = mutant.apply();
  try {
    await sharedOut(programs, noticing.workers, async (one) => {
      if (found.length > 0) return;
      const edges = await edgesOf(scratch, { program: one.program, order: judging.order });
      const mayDiffer =
        edges.text !== one.edges.text || (mutant.showsLater === true && one.edges.isReplanned);
      if (mayDiffer && (await differs(one, noticing))) found.push(one);
    });
  } finally {
    undo();
  }
  return found.toSorted((one, other) => one.number - other.number)[0];
}

async function differs(one: Known, { proof }: Noticing): Promise<boolean> {
  const judging = { ...proof.judging, walks: WALKS, seed: seedOf(proof.seed, one.number) };
  const { kind } = await judgeAgainst(proof.scratch, { ...one, judging });
  return kind === 'different';
}

/** So many at a time. */
async function sharedOut<T>(
  items: readonly T[],
  workers: number,
  use: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await use(item);
  };
  await Promise.all(Array.from({ length: workers }, work));
}
