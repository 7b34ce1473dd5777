import { isGate, type Job } from '../../model/job.js';
import { formatPlace } from '../../model/place.js';
import type { Plan } from '../../model/plan.js';
import { isChunkSplit } from '../../model/script.js';
import { shareOf } from '../../plan/chunk-pieces.js';
import { formatCount, formatDuration, formatPlural } from '../format.js';

/**
 * What a plan is shown as: a job; or the pieces of one split as one; on each of the targets that have it. Gates are no
 * entries, because they are not the author's.
 */
export interface Entry {
  readonly first: Job;
  /** On the first target. */
  readonly pieces: number;
  /** All that it stands for. */
  readonly jobs: Job[];
  readonly targets: Set<string>;
}

/** In the written order. */
export function entriesOf(plan: Plan): readonly Entry[] {
  const byTarget = new Map<string | undefined, Job[]>();
  for (const job of plan.jobs) {
    if (isGate(job)) continue;
    const own = byTarget.get(job.target?.name);
    if (own === undefined) byTarget.set(job.target?.name, [job]);
    else own.push(job);
  }
  const entries: Entry[] = [];
  const several = new Map<number | string, Entry>();
  for (const [target, own] of byTarget) {
    for (const jobs of foldPieces(own)) {
      const [first] = jobs;
      if (first === undefined) continue;
      const key = isDealt(first) ? `dealt ${placeOf(first)}` : first.union;
      const known = key === undefined ? undefined : several.get(key);
      known?.jobs.push(...jobs);
      if (target !== undefined) known?.targets.add(target);
      if (known !== undefined) continue;
      const targets = target === undefined ? NO_TARGETS : new Set([target]);
      const entry = { first, pieces: jobs.length, jobs, targets };
      entries.push(entry);
      if (key !== undefined) several.set(key, entry);
    }
  }
  return entries.sort((one, other) => one.first.id - other.first.id);
}

/** Of a run over one database: nothing is added to it. */
const NO_TARGETS = new Set<string>();

/** The pieces of one split follow each other. */
function foldPieces(jobs: readonly Job[]): readonly Job[][] {
  const groups: Job[][] = [];
  for (const job of jobs) {
    const last = groups.at(-1)?.at(-1);
    const isNext = job.piece !== undefined && job.piece.index - 1 === last?.piece?.index;
    if (isNext && placeOf(job) === placeOf(last)) groups.at(-1)?.push(job);
    else groups.push([job]);
  }
  return groups;
}

function placeOf({ steps }: Job): string {
  const place = steps[0]?.place;
  return place === undefined ? '' : formatPlace(place);
}

export function isDealt({ piece, steps }: Job): boolean {
  const split = steps[0]?.statement.directives.split;
  return piece !== undefined && split?.isDealt === true;
}

/** It was split without a directive, and may give fewer rows than its series has values. */
function isOfSeries({ steps }: Job): boolean {
  const split = steps[0]?.statement.directives.split;
  return split?.by === 'rows' && split.series !== undefined;
}

/** Without its piece and its target: these are told beside. */
export function plainName({ name, target, piece }: Job): string {
  const own = target === undefined ? name : name.slice(0, -`@${target.name}`.length);
  return piece === undefined ? own : own.replace(/ \[\d+(?:\/\d+)?\]$/, '');
}

/** What an entry is made of: `1 statement`, `split into 4 pieces of 25 rows`. */
export function contentText({ first: job, pieces: own }: Entry): string {
  const { piece } = job;
  if (piece !== undefined) {
    const pieces = isDealt(job) && piece.unit !== 'chunk' ? piece.count : own;
    if (piece.unit === 'record') {
      if (piece.file === undefined) return `once a value: ${formatPlural(pieces, 'value')}`;
      return `once a record: ${formatPlural(pieces, 'record')} of ${piece.file}`;
    }
    if (piece.unit === 'lines') return `its data in ${formatPlural(pieces, 'piece')}`;
    if (piece.unit === 'chunk') return chunkText(job, pieces);
    const what = isOfSeries(job) ? 'values of its series' : 'rows';
    return `split into ${formatPlural(pieces, 'piece')} of ${formatCount(piece.rows)} ${what}`;
  }
  if (job.live !== undefined) return 'read while it runs, because what it does depends on its results';
  const transaction = job.transaction === 'single' ? ', one transaction' : '';
  const together = job.together === undefined ? '' : `, ${job.together.reason}`;
  return `${formatPlural(job.steps.length, 'statement')}${transaction || together}`;
}

/** A split over a table's rows: by what, and what is known of its pieces. */
function chunkText({ steps, piece }: Job, pieces: number): string {
  const split = steps[0]?.statement.directives.split;
  if (!isChunkSplit(split) || piece?.unit !== 'chunk') return formatPlural(pieces, 'piece');
  const by = split.by === 'blocks' ? 'the blocks of its table' : split.columns.join(', ');
  if (piece.count > 0) return `split by ${by} into ${formatPlural(pieces, 'piece')}`;
  if (split.time !== undefined)
    return `split by ${by} into pieces of about ${formatDuration(split.time)}, which grow and shrink while it runs`;
  if (split.size !== undefined)
    return `split by ${by} into pieces of about ${formatPlural(split.size, 'row')}`;
  if (split.byPartition === true) return `split by ${by} into a piece for each partition`;
  // Without the table nobody knows how many that will be.
  if ('falling' in shareOf(split, pieces)) return `split by ${by} into pieces that get ever smaller`;
  return `split by ${by} into ${formatPlural(pieces, 'piece')}`;
}
