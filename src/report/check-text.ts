import type { Difference, FactDifference } from '../model/difference.js';
import { shortenEnd, singleLine } from '../model/text-width.js';
import type { Build, CheckOutcome, CheckStep, Compared, FoundDifference, Suspects } from './check-outcome.js';
import { failureText } from './failure-text.js';
import { formatCount, formatDuration, formatFactor, formatPlural } from './format.js';
import { makePaint } from './paint.js';

/**
 * What `pqrun check` prints: a line a build, then what came of it. Of several differences the first is told, and how many more
 * there are; all with `all`.
 */
export function checkText(outcome: CheckOutcome, { all }: { readonly all: boolean }): string {
  const [sequential] = outcome.builds;
  const lines = [
    ...outcome.builds.flatMap((build) => buildLine(build, sequential)),
    ...verdict(outcome, all),
    ...(outcome.kept.length === 0 ? [] : [`kept: ${outcome.kept.join(', ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as data. Rows are numbers, and texts are whole. */
export function checkJson(outcome: CheckOutcome): string {
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  return `${JSON.stringify(outcome, plain, 2)}\n`;
}

/** A line of progress. */
export function stepText(step: CheckStep): string {
  if (step.kind === 'compare') return 'reading what came out';
  const { database, way, connections, shuffle } = step;
  if (way === 'sequential') return `building ${database}, one statement after another`;
  const seed = shuffle === undefined ? '' : `, seed ${shuffle}`;
  return `building ${database}, over ${formatPlural(connections, 'connection')}${seed}`;
}

function buildLine(build: Build, sequential: Build | undefined): readonly string[] {
  const { way, status, jobs, wall, order, connections, shuffle } = build;
  if (status !== 'done') return [];
  const done = `${formatPlural(jobs, 'job')} in ${formatDuration(wall)}`;
  if (way === 'sequential') return [`sequential: ${done}`];
  const how = [`order ${order}`, formatPlural(connections, 'connection')];
  if (shuffle !== undefined) how.push(`seed ${shuffle}`);
  const factor = sequential === undefined ? '' : `, ${formatFactor(sequential.wall / wall)} as fast`;
  return [`parallel (${how.join(', ')}): ${done}${factor}`];
}

function verdict(outcome: CheckOutcome, all: boolean): readonly string[] {
  const { status, builds, compared, differences } = outcome;
  switch (status) {
    case 'interrupted':
      return ['interrupted: nothing is proved'];
    case 'failed':
      return ['the scripts fail, even one statement after another:', ...failureLines(builds)];
    case 'same':
      return compared === undefined ? [] : [sameText(compared)];
    case 'different': {
      if (differences.length === 0)
        return ['different: the sequential build is done, the parallel one fails:', ...failureLines(builds)];
      const shown = all ? differences : differences.slice(0, 1);
      const others = differences.length - shown.length;
      return [
        ...shown.flatMap(differenceLines),
        ...(others === 0 ? [] : [`and ${formatPlural(others, 'other difference')} (--all lists them)`]),
      ];
    }
    default:
      return status satisfies never;
  }
}

function sameText({ objects, tables, rows, sequences }: Compared): string {
  const filled = `${formatPlural(tables, 'table')} with ${formatPlural(Number(rows), 'row')}`;
  return `the same: ${formatPlural(objects, 'object')}, ${filled}, ${formatPlural(sequences, 'sequence')}`;
}

/** Of the last build. */
function failureLines(builds: readonly Build[]): readonly string[] {
  const paint = makePaint(false);
  const [failed] = builds.at(-1)?.failures ?? [];
  const [failure] = failed?.failures ?? [];
  return failure === undefined ? [] : [failureText(failure, { piece: failed?.piece }, paint)];
}

function differenceLines({ difference, sample, jobs }: FoundDifference): readonly string[] {
  const only = (side: string, rows: readonly string[]): readonly string[] =>
    rows.map((row) => `  only in the ${side} build: ${shorten(row)}`);
  return [
    `different: ${headline(difference)}`,
    ...(difference.kind === 'facts' ? difference.facts.flatMap(factLines) : []),
    ...only('sequential', sample?.left ?? []),
    ...only('parallel', sample?.right ?? []),
    ...suspectLines(jobs),
  ];
}

function headline(difference: Difference): string {
  const { what, object } = difference;
  switch (difference.kind) {
    case 'object':
      return `${what} ${object} is only in the ${difference.onlyIn === 'left' ? 'sequential' : 'parallel'} build`;
    case 'facts':
      return `${what} ${object}`;
    case 'rows': {
      const { left, right } = difference;
      const counts = left === right ? `${formatCount(Number(left))} each` : countsText(left, right);
      return `${what} ${object} has other rows: ${counts}`;
    }
    default:
      return difference satisfies never;
  }
}

function countsText(left: bigint, right: bigint): string {
  return `${formatCount(Number(left))} sequential, ${formatCount(Number(right))} parallel`;
}

/** Of long definitions the first line that differs. */
function factLines({ name, left, right }: FactDifference): readonly string[] {
  const [lefts, rights] = [left?.split('\n') ?? [], right?.split('\n') ?? []];
  const at = lefts.findIndex((line, index) => line !== rights[index]);
  const line = at < 0 ? lefts.length : at;
  const shown = (text: string | null, lines: readonly string[]): string =>
    text === null ? 'none' : shorten((lines[line] ?? '(ends before)').trim());
  return [
    `  ${name.replaceAll('_', ' ')}`,
    `    sequential: ${shown(left, lefts)}`,
    `    parallel:   ${shown(right, rights)}`,
  ];
}

function suspectLines({ names, mayOverlap }: Suspects): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.length <= SUSPECTS ? names : [...names.slice(0, SUSPECTS), '…'];
  const what = mayOverlap ? 'jobs that name it and may overlap' : 'jobs that name it';
  return [`  ${what}: ${shown.join(', ')}`];
}

const SUSPECTS = 8;
const COLUMNS = 160;

function shorten(text: string): string {
  return shortenEnd(singleLine(text), COLUMNS);
}
