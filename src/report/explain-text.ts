import type {
  ExplainedStatement,
  ExplainOutcome,
  Explanation,
  Proof,
  SerialReason,
} from '../model/explain.js';
import { displayWidth } from '../model/text-width.js';
import { formatPlural } from './format.js';

/**
 * What `pqrun explain` prints: a line a statement that tells its place and whether it runs in parallel, below it the
 * nodes or the reasons, and at the end how many there are of each. Statements that are no queries have a line only when
 * something is to be said about them. Nothing but a long name is wider than 80 columns.
 */
export function explainText({ statements, interrupted, notes }: Explanation): string {
  const lines = [
    ...statements.flatMap(statementLines),
    ...wrap(0, summary(statements)),
    ...(interrupted ? wrap(0, INTERRUPTED) : []),
    ...notes.flatMap((note) => wrap(0, `note: ${note}`)),
  ];
  return `${lines.join('\n')}\n`;
}

const INTERRUPTED = 'interrupted: the statement that was running, and those behind it, are missing';

function statementLines({ place, verb, outcome }: ExplainedStatement): readonly string[] {
  const words = outcomeText(outcome);
  if (words === undefined) return [];
  const [first, ...below] = words;
  return [...wrap(0, `${place.file}:${place.line}  ${verb}  ${first}`), ...below];
}

/** The end of the first line, and the lines below it. */
type Words = readonly [string, ...string[]];

function outcomeText(outcome: ExplainOutcome): Words | undefined {
  switch (outcome.kind) {
    case 'parallel': {
      const { planned, launched, nodes, reasons } = outcome;
      const some = launched === undefined ? '' : ` (launched ${launched})`;
      return [
        `workers planned ${planned}${some}`,
        ...wrap(4, nodes.join(', ')),
        ...reasonLines(reasons, 'run'),
      ];
    }
    case 'serial':
      return ['serial', ...reasonLines(outcome.reasons, 'plan')];
    case 'executed':
      return undefined;
    case 'passed':
      return [`passed over: ${outcome.note}`];
    case 'failed':
      return [`failed: ${outcome.message}`];
  }
}

/** What shows that a reason is one: another plan, or another run. */
type Shown = 'plan' | 'run';

/** Reasons that are causes only together share one proof. */
function reasonLines(reasons: readonly SerialReason[], shown: Shown): readonly string[] {
  return reasons.flatMap(({ text, fix, proof }, index) => {
    const before = reasons[index - 1];
    const next = reasons[index + 1];
    const isFurther = before !== undefined && sameProof(before.proof, proof);
    const isShared = next !== undefined && sameProof(proof, next.proof);
    return [
      ...wrap(4, isFurther ? `and ${text}` : text),
      ...wrap(6, `fix: ${fix}`),
      ...(isShared ? [] : wrap(6, proofText(proof, shown))),
    ];
  });
}

function sameProof(one: Proof, other: Proof): boolean {
  return one.kind === 'proved' && other.kind === 'proved' && one.change === other.change;
}

function proofText(proof: Proof, shown: Shown): string {
  switch (proof.kind) {
    case 'proved': {
      const together = proof.together ? ', all together,' : '';
      return `proved: with ${proof.change}${together} the ${shown} has ${formatPlural(proof.workers, 'worker')}`;
    }
    case 'rule':
      return "by rule: PostgreSQL's documentation says so; there is nothing to try";
    case 'unproved':
      return `not proved: ${proof.why}`;
  }
}

const WIDTH = 80;

/** Further lines are indented by two more, so that it is seen where the next thing begins. */
function wrap(indent: number, text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<! ) (?! )/)) {
    const margin = ' '.repeat(lines.length === 0 ? indent : indent + 2);
    if (line !== '' && displayWidth(`${margin}${line} ${word}`) > WIDTH) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, ' '.repeat(lines.length === 0 ? indent : indent + 2) + line];
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
