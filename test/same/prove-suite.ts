import { judge, type Judging } from './judge.js';
import { countEntries, type Entry, type Program } from './program.js';
import type { Scratch } from './scratch.js';
import { SETUP, succeeding, suiteEntries, suiteScripts, type Suite } from './suite.js';

/** Judges the scripts of a regression suite, one by one, each behind the suite's setup. Says how many statements were the same. */
export async function proveSuite(
  { scratch, judging }: { readonly scratch: Scratch; readonly judging: Judging },
  { root, names, tell }: SuiteOptions,
): Promise<boolean> {
  const [first] = suiteScripts(root, [SETUP]);
  const setup = first === undefined ? [] : await workingEntries(scratch, first, { root, setup: [] });
  const counts = new Map<string, number>();
  let statements = 0;
  for (const script of suiteScripts(root, names)) {
    const entries = await workingEntries(scratch, script, { root, setup });
    const program: Program = { files: setup.length === 0 ? [entries] : [setup, entries] };
    // By its seed a program is divided into what is there and what is planned: all but the last file is there.
    const verdict = await judge(scratch, program, { ...judging, seed: program.files.length - 1 });
    counts.set(verdict.kind, (counts.get(verdict.kind) ?? 0) + 1);
    if (verdict.kind === 'same') statements += entries.length;
    const detail = 'detail' in verdict ? `: ${verdict.detail}` : '';
    tell(`${script.name}, ${countEntries({ files: [entries] })} statements: ${verdict.kind}${detail}`);
  }
  tell(
    `${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${statements} statements the same`,
  );
  return (counts.get('different') ?? 0) === 0;
}

export interface SuiteOptions {
  /** The directory that `sql` is in. */
  readonly root: string;
  /** Of scripts; none: all. */
  readonly names: readonly string[];
  readonly tell: (text: string) => void;
}

/** What depends on a statement that failed fails in the next round. */
async function workingEntries(
  scratch: Scratch,
  script: Suite,
  { root, setup }: { readonly root: string; readonly setup: readonly Entry[] },
): Promise<readonly Entry[]> {
  let entries = (await suiteEntries(script, root)) ?? [];
  for (let round = 0; round < ROUNDS; round += 1)
    entries = await scratch.within(async (database) => {
      await succeeding(scratch, database, setup);
      return succeeding(scratch, database, entries);
    });
  return entries;
}

const ROUNDS = 2;
