import { estimateRemaining } from './eta.js';
import { announcedRows } from '../model/job.js';
import { formatAge, formatCount, formatPlural } from './format.js';
import type { Paint } from './paint.js';
import type { RunningJob, RunSummary } from './run-summary.js';
import {
  currentJobs,
  jobsEnded,
  jobsFailed,
  jobsTotal,
  presentConnections,
  rowsSoFar,
  shareEnded,
  walkText,
} from './run-totals.js';
import { displayWidth, fitStart, shortenEnd, shortenMiddle, singleLine } from '../model/text-width.js';

/**
 * The lines of the progress display, as strings: one for the run, one a connection. Pure; who draws them is bars.ts.
 *
 *     ████████░░░░░░░░  45 %  54/120 jobs  1,234,567 rows  12 s  ETA 14 s  2 failed
 *     1   12 s  build/03-load.sql:12 [3/8]  2,500 rows
 *     2    3 s  build/04-tiny.sql:1  17/120 statements
 *     3         idle
 *
 * No line reaches the last column, so that no terminal wraps it. What matters least goes first on a narrow one.
 */
export interface BarView {
  readonly summary: RunSummary;
  readonly now: number;
  readonly columns: number;
  /** Lines of the terminal. */
  readonly rows: number;
  readonly paint: Paint;
}

const WIDEST_BAR = 40;
const NARROWEST_BAR = 6;
/** A name is not cut below this for the sake of what stands behind it. */
const NAME_COLUMNS = 20;

export function barLines(view: BarView): readonly string[] {
  return [overallLine(view), ...connectionLines(view)];
}

/** One part of the overall line. A higher rank survives on a narrower terminal. */
interface Part {
  readonly text: string;
  readonly rank: number;
  readonly color?: (text: string) => string;
}

function overallLine(view: BarView): string {
  const { summary, columns, paint } = view;
  const width = columns - 1;
  if (summary.plan === undefined) return shortenEnd(`starting: ${singleLine(summary.target)}`, width);
  let parts = overallParts(view);
  const taken = (): number => parts.reduce((sum, part) => sum + displayWidth(part.text) + 2, 0);
  while (parts.length > 1 && taken() + NARROWEST_BAR > width) {
    const lowest = Math.min(...parts.map((part) => part.rank));
    parts = parts.filter((part) => part.rank !== lowest);
  }
  const barWidth = Math.min(WIDEST_BAR, width - taken());
  const shown = parts.map(({ text, color }) => (color === undefined ? text : color(text)));
  if (barWidth >= NARROWEST_BAR) shown.unshift(barText(shareEnded(summary), barWidth, paint));
  return taken() > width + 2 ? shortenEnd(parts[0]?.text ?? '', width) : shown.join('  ');
}

function overallParts({ summary, now, paint }: BarView): readonly Part[] {
  const ended = `${formatCount(jobsEnded(summary))}/${formatCount(jobsTotal(summary))} jobs`;
  const rows = rowsSoFar(summary);
  const rowsText = walkText(summary) ?? (rows > 0 ? formatPlural(rows, 'row') : undefined);
  const remaining = estimateRemaining(summary, now);
  const failed = jobsFailed(summary);
  const parts: (Part | false)[] = [
    { text: `${Math.floor(shareEnded(summary) * 100)} %`.padStart(4), rank: 3 },
    { text: ended, rank: 6 },
    rowsText !== undefined && { text: rowsText, rank: 1 },
    { text: formatAge(now), rank: 2 },
    remaining !== undefined && { text: `ETA ${formatAge(remaining)}`, rank: 4 },
    failed > 0 && { text: `${formatCount(failed)} failed`, rank: 7, color: paint.error },
    summary.cancelling !== undefined && { text: 'cancelling', rank: 5, color: paint.warning },
  ];
  return parts.filter((part) => part !== false);
}

function barText(share: number, width: number, paint: Paint): string {
  const full = Math.floor(share * width);
  return paint.good('█'.repeat(full)) + paint.faint('░'.repeat(width - full));
}

function connectionLines(view: BarView): readonly string[] {
  const { summary, rows, columns } = view;
  // The overall line, and one line left free, so that the screen never scrolls.
  const room = Math.max(0, rows - 2);
  const all = presentConnections(summary);
  if (all.length <= room) return describe(all, view);
  if (room === 0) return [];
  const shown = mostTelling(all, room - 1, view);
  const current = currentJobs(summary);
  const busy = current.size - shown.filter((connection) => current.has(connection)).length;
  const hidden = formatCount(all.length - shown.length);
  const more = `… and ${hidden} more (${formatCount(busy)} busy)`;
  return [...describe(shown, view), shortenEnd(more, columns - 1)];
}

/** Which connections to show when there is no room for all: those with the oldest jobs, in the order of their number. */
function mostTelling(all: readonly number[], room: number, { summary }: BarView): readonly number[] {
  const current = currentJobs(summary);
  const since = (connection: number): number => current.get(connection)?.since ?? Infinity;
  // The number breaks ties, idle connections (Infinity) among them.
  const byAge = all.toSorted((a, b) => (since(a) === since(b) ? a - b : since(a) - since(b)));
  return byAge.slice(0, room).toSorted((a, b) => a - b);
}

function describe(connections: readonly number[], view: BarView): readonly string[] {
  const { summary, now, columns, paint } = view;
  const current = currentJobs(summary);
  const numberWidth = String((presentConnections(summary).at(-1) ?? 0) + 1).length;
  const age = (connection: number): string => {
    const job = current.get(connection);
    return job === undefined ? '' : formatAge(now - job.since);
  };
  const ageWidth = Math.max(5, ...connections.map((connection) => age(connection).length));
  return connections.map((connection) => {
    const job = current.get(connection);
    const full = `${String(connection + 1).padStart(numberWidth)}  ${age(connection).padStart(ageWidth)}  `;
    const lead = fitStart(full, columns - 1);
    if (job === undefined) return paint.faint(shortenEnd(`${lead}idle`, columns - 1));
    return paint.faint(lead) + jobText(job, columns - 1 - lead.length);
  });
}

/** The job's name, and how far it is, as far as there is room. */
function jobText(job: RunningJob, width: number): string {
  const name = singleLine(job.name);
  const needed = Math.min(displayWidth(name), NAME_COLUMNS);
  const detail = detailsOf(job).find((text) => needed + 2 + displayWidth(text) <= width);
  if (detail === undefined) return shortenMiddle(name, width);
  return `${shortenMiddle(name, width - 2 - displayWidth(detail))}  ${detail}`;
}

/** How far a job is, the longest wording first. */
function detailsOf(job: RunningJob): readonly string[] {
  const rows = job.piece === undefined ? job.rows : announcedRows(job.piece) || job.rows;
  const rowsText = rows > 0 ? [formatPlural(rows, 'row')] : [];
  if (job.steps <= 1) return rowsText;
  const steps = `${formatCount(job.stepsDone)}/${formatCount(job.steps)}`;
  return [...rowsText.map((text) => `${steps} statements, ${text}`), `${steps} statements`, steps];
}
