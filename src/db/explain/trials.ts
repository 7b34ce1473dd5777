import type { ExplainConnection } from './connection.js';
import { plansOf, workersOf } from './plan-tree.js';
import type { SerialReason } from '../../model/explain.js';

/**
 * Reasons proved by experiment: one thing is changed, the statement is planned again, and everything is undone. A factor
 * is one such thing.
 */
export interface Factor {
  /** What is done in the session before planning: `SET LOCAL …`, `ALTER FUNCTION …`. */
  readonly sql?: string;
  /** The statement that is planned instead. */
  readonly text?: string;
  /** The change in words: `with parallel_setup_cost = 0`. */
  readonly change: string;
  /** What it means when this is the cause. */
  readonly reasons: readonly Omit<SerialReason, 'proof'>[];
}

export interface Cause {
  readonly factors: readonly Factor[];
  readonly workers: number;
}

/** Plans the statement with all these factors changed; gives the workers planned, 0 when it cannot be planned so. */
export async function plannedWith(
  connection: ExplainConnection,
  text: string,
  factors: readonly Factor[],
): Promise<number> {
  const changes = factors.flatMap(({ sql }) => sql ?? []);
  const changed = factors.findLast((factor) => factor.text !== undefined)?.text ?? text;
  const message = `${BRIEFLY}${[...changes, `${EXPLAIN} ${changed}`].join(';\n')}`;
  return workersOf(plansOf(await connection.attempt(message, 'undo'))).planned;
}

/** A trial that would have to wait for somebody else's lock fails; who waits for the locks of a trial waits no longer. */
export const BRIEFLY = `SET LOCAL lock_timeout = '1s';\n`;

/** Prepared statements have plans that outlive the settings they were made under. */
export const EXPLAIN = 'DISCARD PLANS;\nEXPLAIN (VERBOSE, FORMAT JSON)';

/** Times of single nodes are not asked for: taking them slows the statement down. */
export const ANALYZE = 'DISCARD PLANS;\nEXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)';

/**
 * The causes: each factor that by itself is enough; when none is, the smallest set that is (no factor in it can be left
 * out). Empty: not even all factors together give a parallel plan.
 */
export async function findCauses(
  factors: readonly Factor[],
  trial: (factors: readonly Factor[]) => Promise<number>,
): Promise<readonly Cause[]> {
  const alone: Cause[] = [];
  for (const factor of factors) {
    const workers = await trial([factor]);
    if (workers > 0) alone.push({ factors: [factor], workers });
  }
  if (alone.length > 0 || factors.length < 2) return alone;
  let needed = factors;
  let workers = await trial(needed);
  if (workers === 0) return [];
  for (const factor of factors.toReversed()) {
    const rest = needed.filter((other) => other !== factor);
    const without = await trial(rest);
    if (without === 0) continue;
    needed = rest;
    workers = without;
  }
  return [{ factors: needed, workers }];
}

/** A cause as reasons with their proof. */
export function provedReasons({ factors, workers }: Cause): readonly SerialReason[] {
  const change = factors.map((factor) => factor.change).join(' and ');
  const together = factors.length > 1;
  return factors.flatMap(({ reasons }) =>
    reasons.map((reason) => ({ ...reason, proof: { kind: 'proved' as const, change, workers, together } })),
  );
}
