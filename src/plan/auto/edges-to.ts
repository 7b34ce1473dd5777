import type { Alone } from '../../model/job.js';
import type { Edge } from '../../model/plan.js';
import { isNeed, type Wait } from './frontier.js';

/** Edges from all that a job waits for to each of its entries, each with its reason. */
export function edgesTo(
  entries: readonly number[],
  waits: readonly Wait[],
  alone: Alone | undefined,
): readonly Edge[] {
  return entries.flatMap((to) =>
    waits.map(({ on, conflict, isByFile }): Edge => {
      if (isByFile === true) return { from: on, to, kind: 'order', reason: 'file order=sequential' };
      if (conflict === undefined)
        return { from: on, to, kind: 'order', reason: alone === undefined ? 'it ran alone' : 'runs alone' };
      return { from: on, to, kind: isNeed(conflict) ? 'needs' : 'order', conflict };
    }),
  );
}
