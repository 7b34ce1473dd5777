import { isGate, targetName, type Job } from '../model/job.js';
import { formatPlace } from '../model/place.js';
import type { Edge, Plan } from '../model/plan.js';
import { readScripts, statementCount } from '../plan/read-scripts.js';
import { formatCount, formatPlural } from './format.js';

/**
 * A plan for people: a line a job, and under it what it waits for and why. Pieces of a split and long lists of
 * predecessors are summed up; gates are looked through, because they are not the author's. What all targets do is told once.
 */
export function planText(plan: Plan, connections: number): string {
  const incoming = predecessors(plan);
  const jobs = plan.jobs.filter((job) => !isGate(job));
  const targets = [...new Set(plan.jobs.flatMap(({ target }) => target?.name ?? []))];
  const lines = entriesOf(jobs).flatMap((entry) => [
    `${String(entry.first.id).padStart(5)}  ${headline(entry)}${whereText(entry, targets)}`,
    ...reasons(incoming.get(entry.first.id) ?? []).map((reason) => `         ${reason}`),
  ]);
  const what = `${formatPlural(jobs.length, 'job')} of ${formatPlural(statementCount(plan), 'statement')} in ${formatPlural(readScripts(plan).length, 'script')}`;
  const over = `over at most ${formatPlural(Math.min(connections, jobs.length), 'connection')}`;
  return `${[...lines, `${what}, ${targetsText(targets)}${over}`].join('\n')}\n`;
}

/** A job, or the pieces of one split, on each of the targets that have it. */
interface Entry {
  readonly first: Job;
  /** On the first target. */
  readonly pieces: number;
  readonly targets: Set<string>;
}

function entriesOf(jobs: readonly Job[]): readonly Entry[] {
  const byTarget = new Map<string | undefined, Job[]>();
  for (const job of jobs) {
    const own = byTarget.get(job.target?.name);
    if (own === undefined) byTarget.set(job.target?.name, [job]);
    else own.push(job);
  }
  const entries = new Map<number | string, Entry>();
  for (const [target, own] of byTarget) {
    for (const { first, pieces } of foldPieces(own)) {
      const key = isDealt(first) ? `dealt ${placeOf(first)}` : (first.union ?? first.id);
      const entry = entries.get(key) ?? { first, pieces, targets: new Set() };
      if (target !== undefined) entry.targets.add(target);
      entries.set(key, entry);
    }
  }
  return [...entries.values()].sort((one, other) => one.first.id - other.first.id);
}

/** The pieces of one split follow each other; they are shown as one. */
function foldPieces(jobs: readonly Job[]): readonly { readonly first: Job; readonly pieces: number }[] {
  const groups: Job[][] = [];
  for (const job of jobs) {
    const last = groups.at(-1)?.at(-1);
    const isNext = job.piece !== undefined && job.piece.index - 1 === last?.piece?.index;
    if (isNext && placeOf(job) === placeOf(last)) groups.at(-1)?.push(job);
    else groups.push([job]);
  }
  return groups.flatMap((group) =>
    group[0] === undefined ? [] : [{ first: group[0], pieces: group.length }],
  );
}

function placeOf({ steps }: Job): string {
  const place = steps[0]?.place;
  return place === undefined ? '' : formatPlace(place);
}

function isDealt({ piece, steps }: Job): boolean {
  const split = steps[0]?.statement.directives.split;
  return piece !== undefined && split?.isDealt === true;
}

/** Which of the targets; nothing where all have it. */
function whereText({ first, targets }: Entry, all: readonly string[]): string {
  if (isDealt(first)) return `, dealt out to ${formatPlural(targets.size, 'target')}`;
  return targets.size === all.length ? '' : `, on ${listText([...targets])}`;
}

function targetsText(targets: readonly string[]): string {
  return targets.length === 0 ? '' : `on ${formatPlural(targets.length, 'target')} (${listText(targets)}), `;
}

function listText(names: readonly string[]): string {
  const more = names.length - NAMED_TARGETS;
  return more > 0 ? `${names.slice(0, NAMED_TARGETS).join(', ')} and ${more} more` : names.join(', ');
}

const NAMED_TARGETS = 6;

/** Without its piece and its target: these are told beside. */
function plainName({ name, target }: Job): string {
  const own = target === undefined ? name : name.slice(0, -`@${target.name}`.length);
  return own.replace(/ \[\d+\/\d+\]$/, '');
}

function headline({ first: job, pieces: own }: Entry): string {
  const { piece } = job;
  const name = plainName(job);
  if (piece !== undefined) {
    const pieces = isDealt(job) ? piece.count : own;
    if (piece.unit === 'record') {
      if (piece.file === undefined) return `${name}  once a value: ${formatPlural(pieces, 'value')}`;
      return `${name}  once a record: ${formatPlural(pieces, 'record')} of ${piece.file}`;
    }
    if (piece.unit === 'lines') return `${name}  its data in ${formatPlural(pieces, 'piece')}`;
    return `${name}  split into ${formatPlural(pieces, 'piece')} of ${formatCount(piece.rows)} rows`;
  }
  if (job.live !== undefined)
    return `${name}  read while it runs, because what it does depends on its results`;
  const transaction = job.transaction === 'single' ? ', one transaction' : '';
  return `${name}  ${formatPlural(job.steps.length, 'statement')}${transaction}`;
}

interface Wait {
  readonly edge: Edge;
  readonly from: Job;
}

/** For each job the real jobs it waits for, found through gates. */
function predecessors(plan: Plan): ReadonlyMap<number, readonly Wait[]> {
  const direct = new Map<number, Edge[]>();
  for (const edge of plan.edges) {
    const list = direct.get(edge.to);
    if (list === undefined) direct.set(edge.to, [edge]);
    else list.push(edge);
  }
  const waits = (id: number): readonly Wait[] =>
    (direct.get(id) ?? []).flatMap((edge) => {
      const from = plan.jobs[edge.from];
      if (from === undefined) return [];
      return isGate(from) ? waits(from.id) : [{ edge, from }];
    });
  return new Map(plan.jobs.filter((job) => !isGate(job)).map((job) => [job.id, waits(job.id)]));
}

function reasons(waits: readonly Wait[]): readonly string[] {
  const byReason = new Map<string, Job[]>();
  for (const { edge, from } of waits) {
    const list = byReason.get(edge.reason);
    if (list === undefined) byReason.set(edge.reason, [from]);
    else list.push(from);
  }
  return [...byReason].map(([reason, from]) => {
    const names = [...new Set(from.map(plainName))];
    const shown = names.slice(0, 3).join(', ');
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return `after ${shown}${more} (${reason})`;
  });
}

/** The plan as data: jobs without their texts, and edges with their reasons. */
export function planJson(plan: Plan): string {
  const jobs = plan.jobs.map((job) => ({
    id: job.id,
    name: job.name,
    gate: isGate(job),
    ...targetName(job),
    statements: job.steps.map((step) => step.place),
    transaction: job.transaction,
    ...(job.piece === undefined ? {} : { piece: job.piece }),
    weight: job.weight,
  }));
  return `${JSON.stringify({ jobs, edges: plan.edges }, undefined, 2)}\n`;
}
