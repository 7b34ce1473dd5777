import { DoneLines } from './done-lines.js';
import { estimateRemaining } from './eta.js';
import { formatAge, formatCount, formatPlural } from './format.js';
import type { Paint } from './paint.js';
import { remarkText } from './remarks.js';
import type { Output, Reporter, RunClock } from './reporter.js';
import { applyEvent, newSummary, type RunSummary } from './run-summary.js';
import { jobsEnded, jobsTotal, rowsSoFar, walkText } from './run-totals.js';
import { SplitProgress } from './split-progress.js';
import { singleLine } from '../model/text-width.js';

/**
 * Progress where there is no terminal (CI, a pipe): a line for each job or split that is done, every 30 s a line that
 * says what runs, and notices, warnings and failures at once.
 *
 *     12 jobs (34 statements) of 3 scripts over 4 connections to postgres@localhost:5432/shop
 *     [1/12] build/01-tables.sql:1  0.8 ms
 *     [9/12] build/03-load.sql:12 [8 pieces]  1.31 s  20,000 rows
 *     [9/12] 30 s  20,000 rows  ETA 14 s  running: build/04-index.sql:1 (12 s) and 2 more
 *
 * The number in brackets counts jobs that ended, however they ended. 10,000 jobs do not give 10,000 lines (see
 * done-lines.ts).
 */
export interface PlainOptions {
  readonly output: Output;
  readonly clock: RunClock;
  readonly paint: Paint;
}

const HEARTBEAT = 30_000;
const NAMED = 3;

export function plainLines({ output, clock, paint }: PlainOptions): Reporter {
  const summary = newSummary();
  const splits = new SplitProgress();
  const line = (text: string): void => void output.write(`${counterText(summary)} ${text}\n`);
  const done = new DoneLines(line);
  const stopHeartbeat = clock.every(HEARTBEAT, () => {
    if (summary.status === 'running' && summary.running.size > 0) line(heartbeatText(summary, clock.now()));
  });
  return {
    event(event) {
      applyEvent(summary, event);
      const remark = remarkText(event, paint);
      if (remark !== undefined) output.write(`${remark}\n`);
      if (event.type === 'plan-ready') output.write(`${planText(summary)}\n`);
      const finished = splits.fold(event);
      if (finished !== undefined) done.tell(finished, event.at);
    },
    close() {
      stopHeartbeat();
      done.tellRest();
    },
  };
}

function counterText(summary: RunSummary): string {
  return `[${formatCount(jobsEnded(summary))}/${formatCount(jobsTotal(summary))}]`;
}

function planText({ plan, connectionsGiven, target }: RunSummary): string {
  if (plan === undefined) return '';
  const { splits = 0 } = plan;
  const jobs = plan.jobs === 0 && splits > 0 ? [] : [formatPlural(plan.jobs, 'job')];
  const pieces = splits === 0 ? [] : [`the pieces of ${formatPlural(splits, 'split')}`];
  const all = [...jobs, ...pieces].join(' and ');
  const what = `${all} (${formatPlural(plan.statements, 'statement')})`;
  const from = `of ${formatPlural(plan.scripts, 'script')}`;
  return `${what} ${from} over ${formatPlural(connectionsGiven, 'connection')} to ${target}`;
}

function heartbeatText(summary: RunSummary, now: number): string {
  const parts = [formatAge(now)];
  const rows = rowsSoFar(summary);
  const walk = walkText(summary);
  if (walk !== undefined) parts.push(walk);
  else if (rows > 0) parts.push(formatPlural(rows, 'row'));
  const remaining = estimateRemaining(summary, now);
  if (remaining !== undefined) parts.push(`ETA ${formatAge(remaining)}`);
  parts.push(`running: ${runningText(summary, now)}`);
  return parts.join('  ');
}

/** The oldest few by name. */
function runningText(summary: RunSummary, now: number): string {
  const jobs = [...summary.running.values()].sort((a, b) => a.since - b.since);
  const named = jobs.slice(0, NAMED).map((job) => `${singleLine(job.name)} (${formatAge(now - job.since)})`);
  const more = jobs.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
