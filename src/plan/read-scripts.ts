import type { Plan } from '../model/plan.js';
import type { Script } from '../model/script.js';

/** The scripts of a plan, each once, by their ids: those that ask for `:target` were read for each target anew. */
export function readScripts({ scripts }: Plan): readonly Script[] {
  return scripts.filter(({ id }, index) => id === index);
}

/** How many statements they have: of a script that differs between targets, as many as where it has most. */
export function statementCount({ scripts }: Plan): number {
  const most = new Map<number, number>();
  for (const { id, statements } of scripts) most.set(id, Math.max(most.get(id) ?? 0, statements.length));
  return [...most.values()].reduce((sum, count) => sum + count, 0);
}
