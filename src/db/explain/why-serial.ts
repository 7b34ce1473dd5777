import type { SerialReason } from '../../model/explain.js';
import type { QueryShape } from '../../script/query-shape.js';
import { messageOf, type ExplainConnection } from './connection.js';
import { serverFacts, tableFacts } from './facts.js';
import { hindranceReason, settingFactors, wordsFactor } from './factors.js';
import { functionFactors } from './functions.js';
import type { PlanNode } from './plan-tree.js';
import { doneByOneProcess, forbiddenByRule } from './rules.js';
import { findCauses, plannedWith, provedReasons, type Factor } from './trials.js';

/** Why a statement's plan is serial: by experiment where one can be made, then by rule. Leaves the session as it was. */
export interface SerialStatement {
  readonly text: string;
  readonly shape: QueryShape;
  readonly plans: readonly PlanNode[];
}

export async function whySerial(
  connection: ExplainConnection,
  { text, shape, plans }: SerialStatement,
): Promise<readonly SerialReason[]> {
  const facts = await serverFacts(connection);
  const tables = await tableFacts(connection, plans);
  const functions = await functionFactors(connection, shape.functions, plans);
  const { usable, unproved } = await sortOut(connection, functions);
  const words = wordsFactor(shape);
  const factors = [...(words === undefined ? [] : [words]), ...usable, ...settingFactors(facts, tables)];
  const causes = await findCauses(factors, (some) => plannedWith(connection, text, some));
  const proved = causes.flatMap(provedReasons);
  const ruled = { plans, tables, facts };
  if (proved.length > 0) {
    const passesRows = proved.some(({ kind }) => kind === 'tuple-cost');
    return passesRows ? [...doneByOneProcess(ruled), ...proved] : proved;
  }
  const forbidden = shape.hindrances.map((hindrance) => ({
    ...hindranceReason(hindrance, shape.verb),
    proof: { kind: 'rule' as const },
  }));
  // What a writing CTE gives is read as a CTE: that is no further reason.
  const rules = shape.hindrances.includes('writing-cte')
    ? []
    : [...forbiddenByRule(ruled), ...doneByOneProcess(ruled)];
  const found = [...forbidden, ...unproved, ...rules];
  return found.length > 0 ? found : [notCheaper(factors)];
}

/** Functions that this role may not alter are no experiment. */
async function sortOut(
  connection: ExplainConnection,
  functions: readonly Factor[],
): Promise<{ readonly usable: readonly Factor[]; readonly unproved: readonly SerialReason[] }> {
  const usable: Factor[] = [];
  const unproved: SerialReason[] = [];
  for (const factor of functions) {
    const { failure } = await connection.attempt(factor.sql ?? '', 'undo');
    if (failure === undefined) usable.push(factor);
    else {
      const why = messageOf(failure);
      unproved.push(
        ...factor.reasons.map((reason) => ({ ...reason, proof: { kind: 'unproved' as const, why } })),
      );
    }
  }
  return { usable, unproved };
}

function notCheaper(factors: readonly Factor[]): SerialReason {
  const tried = factors.map(({ change }) => change).join(', ');
  return {
    kind: 'not-cheaper',
    text: 'no parallel plan is cheaper than this one',
    fix: 'nothing to do: it reads little, or what it reads cannot be shared out',
    proof: { kind: 'unproved', why: `it stays serial even with ${tried}` },
  };
}
