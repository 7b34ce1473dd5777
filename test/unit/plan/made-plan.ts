import type { AccessMode } from '../../../src/model/access.js';
import type { Job } from '../../../src/model/job.js';
import type { Edge, Plan } from '../../../src/model/plan.js';
import { script } from './scripts.js';

/** Plans made by hand, edge by edge. */

/** What differs from a job of one statement that weighs 1. */
export type MadeJob = Partial<Omit<Job, 'id' | 'steps'>> & { readonly isGate?: boolean };

/** Jobs are the statements of `a.sql`, a line each; jobs whose names tell the same line are of the same statement. */
export function planOf(made: readonly MadeJob[], edges: readonly Edge[]): Plan {
  const only = script(
    0,
    made.map(() => ({})),
    { name: 'a.sql' },
  );
  const jobs = made.map(({ isGate = false, ...rest }, id): Job => {
    const name = isGate ? 'gate' : (rest.name ?? `a.sql:${id + 1}`);
    const [, line] = /^a\.sql:(\d+)/.exec(name) ?? [];
    const statement = only.statements[line === undefined ? id : Number(line) - 1]!;
    return {
      id,
      script: isGate ? undefined : 0,
      steps: isGate ? [] : [{ statement, place: statement.place }],
      transaction: 'each',
      context: [],
      weight: isGate ? 0 : 1,
      ...rest,
      name,
    };
  });
  return { scripts: [only], jobs, edges };
}

/** An edge that waits its turn. */
export function turn(from: number, to: number, reason = 'written order'): Edge {
  return { from, to, kind: 'order', reason };
}

/** An edge of two accesses: `table public.t`, `append read`. */
export function conflict(
  [from, to]: readonly [number, number],
  object: string,
  [one, other]: readonly [AccessMode, AccessMode],
): Edge {
  return {
    from,
    to,
    kind: 'needs',
    conflict: { object, from: one, to: other },
  };
}

/** Of a table loaded by four pieces, then indexed, and read; and a table of its own; then an extension, and its use. */
export function smallPlan(): Plan {
  const piece = (index: number): MadeJob => ({
    name: `a.sql:2 [${index + 1}/4]`,
    piece: { index, count: 4, unit: 'rows', rows: 25, lo: 25 * index + 1, hi: 25 * index + 25 },
    weight: 5,
  });
  const alone = {
    reason: 'what CREATE EXTENSION makes cannot be told',
    remedy: 'put it first',
    isOpaque: true,
  };
  const made: readonly MadeJob[] = [
    {},
    ...[0, 1, 2, 3].map(piece),
    { name: 'a.sql:3', weight: 2 },
    { name: 'a.sql:4', weight: 3 },
    { name: 'a.sql:5' },
    { name: 'a.sql:6', alone },
    { name: 'a.sql:7' },
  ];
  const pieces = [1, 2, 3, 4];
  return planOf(made, [
    ...pieces.map((to) => conflict([0, to], 'table public.t', ['define', 'append'])),
    ...pieces.map((from) => conflict([from, 5], 'table public.t', ['append', 'index'])),
    conflict([0, 5], 'table public.t', ['define', 'index']),
    ...pieces.map((from) => conflict([from, 6], 'table public.t', ['append', 'read'])),
    ...[...pieces, 0, 5, 6, 7].map((from) => turn(from, 8, 'barrier')),
    turn(8, 9, 'barrier'),
  ]);
}
