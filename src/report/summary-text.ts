import { failureHeadline, failureText } from './failure-text.js';
import { shortenEnd } from '../model/text-width.js';
import { formatPlace } from '../model/place.js';
import {
  formatCount,
  formatDuration,
  formatFactor,
  formatPlural,
  formatRate,
  formatShare,
} from './format.js';
import type { Paint } from './paint.js';
import type { FailedJob, RunSummary, TargetCounts } from './run-summary.js';
import {
  bestSpeedUp,
  busyShare,
  connectionCount,
  connectionUses,
  failuresByCause,
  jobsFailed,
  jobsTotal,
  speedUp,
} from './run-totals.js';
import { slowest, type SlowSplit, type SlowStatement } from './slow-statements.js';

/**
 * What is left to say when a run is over: how it ended, where the time went, and, when it failed, why and how to go
 * on. The failures come last, root cause first among them, because the end of a log is what people read.
 */

const SLOWEST = 5;
/** So many failures are told whole; of more, the headline. */
const WHOLE_FAILURES = 10;
/** More connections than this are summed up. */
const NAMED_CONNECTIONS = 8;
/** More targets than this are told only where something went wrong. */
const NAMED_TARGETS = 8;
const LABEL_COLUMNS = 10;
/** A rate of a few rows says nothing. */
const ROWS_FOR_RATE = 100;

export interface SummaryStyle {
  /** They stand in for the slowest statements, which are among them. */
  readonly insights?: string;
  /** Of the terminal; what is told of slow statements is cut there. Default: as long as it is. */
  readonly columns?: number;
}

/** The whole summary; ends with a newline. */
export function summaryText(
  summary: RunSummary,
  paint: Paint,
  { insights = '', columns = Infinity }: SummaryStyle = {},
): string {
  const lines = [verdictText(summary, paint), ...targetLines(summary), ...timingLines(summary)];
  if (insights === '') lines.push(...slowestLines(summary).map((line) => shortenEnd(line, columns - 1)));
  else lines.push('', insights);
  const failures = failuresText(summary, paint);
  return [...lines, ...(failures === '' ? [] : ['', failures])].join('\n') + '\n';
}

/** Only how it failed and how to go on (`-q`); empty when nothing failed, else without a newline at its end. */
export function failuresText(summary: RunSummary, paint: Paint): string {
  const failed = failuresByCause(summary);
  if (failed.length === 0) return '';
  const whole = failed.slice(0, WHOLE_FAILURES).map((job) => jobFailureText(job, summary, paint));
  const headlines = failed
    .slice(WHOLE_FAILURES)
    .flatMap(({ failures, target }) => failures.map((failure) => failureHeadline(failure, paint, target)));
  const untold = jobsFailed(summary) - failed.length;
  if (untold > 0) headlines.push(`… and ${formatPlural(untold, 'more failed job')}`);
  return [...whole, ...headlines, goOnText(summary)].join('\n');
}

/** `done: 12 jobs (34 statements, 200,000 rows) in 3.21 s over 4 connections` */
function verdictText(summary: RunSummary, paint: Paint): string {
  const { done, elsewhere, skipped, cancelled } = summary.jobs;
  const failed = jobsFailed(summary);
  const here = elsewhere === 0 ? '' : `, ${formatCount(elsewhere)} of them by other pqruns`;
  const time = `in ${formatDuration(summary.now)}`;
  const over = `over ${formatPlural(connectionCount(summary), 'connection')}`;
  const work = `(${formatPlural(summary.statements, 'statement')}, ${formatPlural(summary.rows, 'row')})`;
  const total = formatPlural(jobsTotal(summary), 'job');
  const counts = [
    `${formatCount(done)} of ${total} done ${work}${here}`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(cancelled > 0 ? [`${formatCount(cancelled)} cancelled`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
  ].join(', ');
  switch (summary.status) {
    case 'done':
      return `${paint.good('done:')} ${formatPlural(done, 'job')} ${work}${here === '' ? '' : `${here},`} ${time} ${over}`;
    case 'failed':
      return `${paint.error('failed:')} ${counts} ${time} ${over}`;
    case 'interrupted':
      return `${paint.warning('interrupted:')} ${counts} ${time} ${over}`;
    case 'running':
      return `${paint.warning('unfinished:')} ${counts} ${time} ${over}`;
    default:
      return summary.status satisfies never;
  }
}

/** What was done on each target; of many, on those where not all was. */
function targetLines(summary: RunSummary): readonly string[] {
  const all = [...summary.targets];
  const worth = all.length <= NAMED_TARGETS ? all : all.filter(([, counts]) => !isWhole(counts));
  const named = worth.slice(0, NAMED_TARGETS);
  const lines = named.map(([name, counts]) => `${name}: ${countsText(counts)}`);
  const untold = worth.length - named.length;
  if (untold > 0) lines.push(`… and ${formatPlural(untold, 'more target')} where not everything was done`);
  const rest = all.length - worth.length;
  if (rest > 0) lines.push(`${named.length > 0 ? `the other ${rest}` : `all ${rest}`}: everything done`);
  return lines.map((line, index) => labelled(index === 0 ? 'targets' : '', line));
}

function isWhole({ done, failed, cancelled, skipped }: TargetCounts): boolean {
  return done > 0 && failed + cancelled + skipped === 0;
}

function countsText({ done, failed, cancelled, skipped }: TargetCounts): string {
  return [
    `${formatPlural(done, 'job')} done`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(cancelled > 0 ? [`${formatCount(cancelled)} cancelled`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
  ].join(', ');
}

function timingLines(summary: RunSummary): readonly string[] {
  const lines: string[] = [];
  // On one connection the sum of the job times is the wall time, and the bars are one bar.
  if (summary.connections.size > 1 && summary.jobTime > 0) {
    lines.push(labelled('job time', jobTimeText(summary)), labelled('busy', busyText(summary)));
  }
  if (summary.paused > 0) lines.push(labelled('paused', formatDuration(summary.paused)));
  const rate = summary.rows >= ROWS_FOR_RATE ? formatRate(summary.rows, summary.now) : undefined;
  if (rate !== undefined) lines.push(labelled('rows', rate));
  const told = [
    ...(summary.retries > 0 ? [formatRetries(summary.retries)] : []),
    ...(summary.notices > 0 ? [formatPlural(summary.notices, 'notice')] : []),
    ...(summary.warnings > 0 ? [formatPlural(summary.warnings, 'warning')] : []),
  ];
  if (told.length > 0) lines.push(labelled('messages', told.join(', ')));
  return lines;
}

/** `11.2 s, speed-up 3.49x (the critical path allows about 3.60x)` */
function jobTimeText(summary: RunSummary): string {
  const faster = speedUp(summary) ?? 1;
  const text = `${formatDuration(summary.jobTime)}, speed-up ${formatFactor(faster)}`;
  const best = bestSpeedUp(summary);
  // Made of estimated weights, so only worth a word when the plan, not the number of connections, is the limit; and
  // not when the run has just shown that the estimate was too low.
  if (best === undefined || best >= connectionCount(summary) || best < faster) return text;
  return `${text} (the critical path allows about ${formatFactor(best)})`;
}

/** Each connection's share of the wall time; of many, the spread. */
function busyText(summary: RunSummary): string {
  const shares = connectionUses(summary).map(({ connection }) => busyShare(summary, connection));
  if (shares.length <= NAMED_CONNECTIONS) return shares.map(formatShare).join(', ');
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return `least ${formatShare(least)}, mean ${formatShare(mean)}, most ${formatShare(most)}`;
}

/** A single statement needs no ranking. */
function slowestLines(summary: RunSummary): readonly string[] {
  const entries = slowest(summary.slow, SLOWEST);
  if (entries.length < 2) return [];
  const times = entries.map((entry) => formatDuration(entry.duration));
  const width = Math.max(...times.map((time) => time.length));
  return entries.map((entry, index) => {
    const text = `${(times[index] ?? '').padStart(width)}  ${slowText(entry)}`;
    return labelled(index === 0 ? 'slowest' : '', text);
  });
}

function slowText(entry: SlowStatement | SlowSplit): string {
  // `INSERT 0 2500` → `INSERT`: the rows stand behind it in words.
  const command = entry.tag.replace(/[ \d]+$/, '');
  const rows = entry.rows > 0 ? [formatPlural(entry.rows, 'row')] : [];
  const on = entry.kind === 'statement' && entry.target !== undefined ? ` on ${entry.target}` : '';
  const text = [`${formatPlace(entry.place)}${on}  ${command}`.trimEnd(), ...rows].join(', ');
  if (entry.kind === 'statement' || entry.pieces === 1) return text;
  const [median, longest] = [formatDuration(entry.median), formatDuration(entry.max)];
  return `${text} in ${formatPlural(entry.pieces, 'piece')} (median ${median}, longest ${longest})`;
}

function jobFailureText(job: FailedJob, summary: RunSummary, paint: Paint): string {
  const last = job.failures.length - 1;
  // What followed from the job is said once, below its last failure.
  return job.failures
    .map((failure, index) => {
      const skipped = index === last ? summary.skippedFor.get(job.job) : undefined;
      return failureText(failure, { piece: job.piece, target: job.target, skipped }, paint);
    })
    .join('\n');
}

function goOnText(summary: RunSummary): string {
  const { done, skipped, stopped } = summary.jobs;
  const committed = done > 0 ? ' (what is done is committed, and a run begins at the first job)' : '';
  const behind = summary.hasJournal ? ': what is done is in the journal, and is not done again' : committed;
  const text = `to go on: mend the cause and run again${behind}`;
  // Only where nothing but the failure itself kept the other jobs from running.
  if (stopped === 0 || stopped < skipped) return text;
  return `${text},\nor give --keep-going to run whatever does not depend on a failed job`;
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_COLUMNS)}${text}`;
}

function formatRetries(count: number): string {
  return count === 1 ? '1 retry' : `${formatCount(count)} retries`;
}
