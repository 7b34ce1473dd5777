import { isGate, type Job } from '../../model/job.js';
import { formatPlace } from '../../model/place.js';
import type { Plan } from '../../model/plan.js';
import { doneAtLeastOnce } from '../../plan/journal-units.js';
import { readScripts, statementCount } from '../../plan/read-scripts.js';
import { formatPlural } from '../format.js';
import { contentText, entriesOf, isDealt, plainName, type Entry } from './entries.js';
import { figuresText } from './figures-text.js';
import { Waits } from './waits.js';

/**
 * A plan for people: a line a job, under it what it waits for and why, and at the end what it all comes to. Pieces of a
 * split are one, and what all targets do is told once. It comes line by line: that of a long plan is as long as its scripts.
 */
export function* planText(plan: Plan, connections: number): Generator<string> {
  const waits = new Waits(plan);
  const isAtLeastOnce = doneAtLeastOnce(plan);
  const targets = [...new Set(plan.jobs.flatMap(({ target }) => target?.name ?? []))];
  for (const entry of entriesOf(plan)) {
    const { first } = entry;
    yield `${String(first.id).padStart(5)}  ${headline(entry)}${whereText(entry, targets)}\n`;
    for (const line of pieceLines(entry)) yield under(line);
    for (const line of aloneLines(first)) yield under(line);
    for (const line of togetherLines(first)) yield under(line);
    if (isAtLeastOnce(first)) yield under(AT_LEAST_ONCE);
    for (const line of waits.lines(first)) yield under(line);
  }
  const jobs = plan.jobs.filter((job) => !isGate(job)).length;
  const what = `${formatPlural(jobs, 'job')} of ${formatPlural(statementCount(plan), 'statement')} in ${formatPlural(readScripts(plan).length, 'script')}`;
  const over = `over at most ${formatPlural(Math.min(connections, jobs), 'connection')}`;
  yield `${what}, ${targetsText(targets)}${over}\n`;
  for (const line of figuresText(plan)) yield `${line}\n`;
  for (const line of splittableText(plan)) yield `${line}\n`;
}

function under(line: string): string {
  return `         ${line}\n`;
}

const AT_LEAST_ONCE = 'with --journal done at least once: it is recorded only behind its end';

function splittableText({ splittable = [] }: Plan): readonly string[] {
  return splittable.length === 0
    ? []
    : [`could be split (--auto-split): ${listText(splittable.map(formatPlace), MOST_PLACES)}`];
}

function headline(entry: Entry): string {
  return `${plainName(entry.first)}  ${contentText(entry)}`;
}

/** Of a split over a table: which rows each piece would be for now. */
function pieceLines({ jobs }: Entry): readonly string[] {
  if (jobs[0]?.piece?.unit !== 'chunk') return [];
  const lines = jobs.flatMap(({ piece }) =>
    piece?.unit === 'chunk' && piece.chunk !== undefined
      ? `[${piece.index + 1}] about ${formatPlural(piece.rows, 'row')}: ${piece.chunk}`
      : [],
  );
  const more = lines.length - MOST_PIECES;
  return more > 0 ? [...lines.slice(0, MOST_PIECES), `… and ${formatPlural(more, 'more piece')}`] : lines;
}

function aloneLines({ alone }: Job): readonly string[] {
  if (alone === undefined) return [];
  return [
    `runs alone: ${alone.reason}`,
    ...(alone.remedy === undefined ? [] : [`to let it overlap: ${alone.remedy}`]),
    ...(alone.isOpaque ? ['the catalog is read again after it'] : []),
  ];
}

function togetherLines({ together }: Job): readonly string[] {
  const { because, remedy } = together ?? {};
  return [
    ...(because === undefined ? [] : [`one job because ${because}`]),
    ...(remedy === undefined ? [] : [`to let them overlap: ${remedy}`]),
  ];
}

/** Which of the targets; nothing where all have it. */
function whereText({ first, targets }: Entry, all: readonly string[]): string {
  if (isDealt(first)) return `, dealt out to ${formatPlural(targets.size, 'target')}`;
  return targets.size === all.length ? '' : `, on ${listText([...targets])}`;
}

function targetsText(targets: readonly string[]): string {
  return targets.length === 0 ? '' : `on ${formatPlural(targets.length, 'target')} (${listText(targets)}), `;
}

function listText(names: readonly string[], most = NAMED_TARGETS): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

const NAMED_TARGETS = 6;
const MOST_PLACES = 12;
const MOST_PIECES = 24;
