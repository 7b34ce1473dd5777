import type {
  ExplainedStatement,
  ExplainOutcome,
  Explanation,
  Proof,
  SerialReason,
} from '../model/explain.js';
import { formatPlural } from './format.js';

/**
 * What `pqrun explain` prints: a line a statement, and how many run in parallel. Statements that are no queries have a
 * line only when something is to be said about them.
 */
export function explainText({ statements, notes }: Explanation): string {
  const lines = statements.flatMap(statementLines);
  return `${[...lines, summary(statements), ...notes.map((note) => `note: ${note}`)].join('\n')}\n`;
}

function statementLines({ place, verb, outcome }: ExplainedStatement): readonly string[] {
  const words = outcomeText(outcome);
  if (words === undefined) return [];
  const [first, ...others] = words;
  return [`${place.file}:${place.line}  ${verb}  ${first}`, ...others.map((line) => `      ${line}`)];
}

/** The first line, and those below it. */
type Words = readonly [string, ...string[]];

function outcomeText(outcome: ExplainOutcome): Words | undefined {
  switch (outcome.kind) {
    case 'parallel': {
      const { planned, launched, nodes, reasons } = outcome;
      const some = launched === undefined ? '' : ` (launched ${launched})`;
      return [`workers planned ${planned}${some}  ${nodes.join(', ')}`, ...reasonLines(reasons)];
    }
    case 'serial': {
      const [only, ...others] = reasonLines(outcome.reasons);
      return others.length === 0 ? [`serial: ${only ?? ''}`] : ['serial:', only ?? '', ...others];
    }
    case 'executed':
      return undefined;
    case 'passed':
      return [`passed over: ${outcome.note}`];
    case 'failed':
      return [`failed: ${outcome.message}`];
  }
}

/** Reasons that are causes only together share one proof. */
function reasonLines(reasons: readonly SerialReason[]): readonly string[] {
  return reasons.map(({ text, fix, proof }, index) => {
    const next = reasons[index + 1];
    const isShared = next !== undefined && sameProof(proof, next.proof);
    return isShared ? `${text} — fix: ${fix}; and` : `${text} — ${proofText(proof)}; fix: ${fix}`;
  });
}

function sameProof(one: Proof, other: Proof): boolean {
  return one.kind === 'proved' && other.kind === 'proved' && one.change === other.change;
}

function proofText(proof: Proof): string {
  switch (proof.kind) {
    case 'proved': {
      const together = proof.together ? ' together' : '';
      return `proved: with ${proof.change}${together} the plan has ${formatPlural(proof.workers, 'worker')}`;
    }
    case 'rule':
      return 'by rule';
    case 'unproved':
      return `not proved: ${proof.why}`;
  }
}

function summary(statements: readonly ExplainedStatement[]): string {
  const count = (kind: ExplainOutcome['kind']): number =>
    statements.filter(({ outcome }) => outcome.kind === kind).length;
  const queries = count('parallel') + count('serial');
  const parts = [
    `${formatPlural(queries, 'statement')} explained: ${count('parallel')} parallel, ${count('serial')} serial`,
    ...(count('executed') > 0 ? [`${count('executed')} executed`] : []),
    ...(count('passed') > 0 ? [`${count('passed')} passed over`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  return `${parts.join('; ')}; all rolled back`;
}

/** The same as data. */
export function explainJson(explanation: Explanation): string {
  return `${JSON.stringify(explanation, undefined, 2)}\n`;
}
