import type { Plan } from '../model/plan.js';
import type { Script } from '../model/script.js';

/** The scripts of a plan, each once, by their ids: those that ask for `:target` were read for each target anew. */
export function readScripts({ scripts }: Plan): readonly Script[] {
  return scripts.filter(({ id }, index) => id === index);
}

/** How many statements they have. */
export function statementCount(plan: Plan): number {
  return readScripts(plan).reduce((sum, { statements }) => sum + statements.length, 0);
}
