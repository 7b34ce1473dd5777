import type { SerialReason } from '../../model/explain.js';
import type { QueryShape } from '../../script/query-shape.js';
import { messageOf, type ExplainConnection } from './connection.js';
import { serverFacts, tableFacts, wholeAggregates } from './facts.js';
import { cteFactor, hindranceReason, settingFactors, tableFactor, wordsFactor } from './factors.js';
import { callFactors } from './functions.js';
import type { PlanNode } from './plan-tree.js';
import { doneByOneProcess, forbiddenByRule, readByOneProcess, type RuledPlan } from './rules.js';
import { BRIEFLY, findCauses, plannedWith, provedReasons, type Factor } from './trials.js';

/** Why a statement's plan is serial: by experiment where one can be made, then by rule. Leaves the session as it was. */
export interface SerialStatement {
  readonly text: string;
  readonly shape: QueryShape;
  readonly plans: readonly PlanNode[];
  /** What is asked, as a view would say it; undefined where that cannot be told. */
  readonly query: string | undefined;
  /** Of the script's own transaction; undefined: the session's default. */
  readonly isolation: string | undefined;
}

export async function whySerial(
  connection: ExplainConnection,
  { text, shape, plans, query, isolation }: SerialStatement,
): Promise<readonly SerialReason[]> {
  const server = await serverFacts(connection);
  const facts = { ...server, isolation: isolation ?? server.isolation };
  const tables = await tableFacts(connection, plans);
  const calls = await callFactors(connection, { named: shape.functions, plans, query });
  const own = [...calls, ...present(tableFactor(tables))];
  const { usable, unproved } = await sortOut(connection, own);
  const factors = [
    ...present(wordsFactor(shape)),
    ...present(cteFactor(shape, plans)),
    ...usable,
    ...settingFactors(facts, tables),
  ];
  const causes = await findCauses(factors, (some) => plannedWith(connection, text, some));
  const proved = causes.flatMap(provedReasons);
  const ruled = { plans, tables, facts, aggregates: await wholeAggregates(connection, plans) };
  if (proved.length > 0) return [...behindTheRows(proved, ruled), ...proved];
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

/** When it is the rows' way to one process that costs too much, what keeps them from being fewer is told, too. */
function behindTheRows(proved: readonly SerialReason[], ruled: RuledPlan): readonly SerialReason[] {
  if (proved.every(({ kind }) => kind !== 'tuple-cost')) return [];
  return [...doneByOneProcess(ruled), ...readByOneProcess(ruled)].filter((rule) =>
    proved.every(({ kind }) => kind !== rule.kind),
  );
}

function present(factor: Factor | undefined): readonly Factor[] {
  return factor === undefined ? [] : [factor];
}

/** What this role may not alter, or somebody else has locked, is no experiment. */
async function sortOut(
  connection: ExplainConnection,
  factors: readonly Factor[],
): Promise<{ readonly usable: readonly Factor[]; readonly unproved: readonly SerialReason[] }> {
  const usable: Factor[] = [];
  const unproved: SerialReason[] = [];
  for (const factor of factors) {
    const { failure } = await connection.attempt(`${BRIEFLY}${factor.sql ?? ''}`, 'undo');
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
