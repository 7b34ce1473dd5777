import type { JournalJob, JournalRun } from '../model/journal.js';
import { formatCount, formatDuration } from './format.js';

/** What `pqrun journal` prints. Texts end with a newline. */

export function runsText(runs: readonly JournalRun[]): string {
  return table(
    ['run', 'done', 'of', 'status', 'last', 'host'],
    runs.map(({ run, done, planned, status, ended, since, host }) => [
      run,
      formatCount(done),
      formatCount(planned),
      status ?? 'not ended',
      ended ?? since,
      host,
    ]),
  );
}

export function jobsText(jobs: readonly JournalJob[]): string {
  return table(
    ['statement', 'rows', 'took', 'ended', 'attempt', 'connection'],
    jobs.map(({ name, rows, ms, ended, attempt, connection }) => [
      name,
      formatCount(rows),
      formatDuration(ms),
      ended,
      String(attempt),
      String(connection),
    ]),
  );
}

/** RFC 4180, with a header. */
export function jobsCsv(jobs: readonly JournalJob[]): string {
  const lines = jobs.map((job) => COLUMNS.map((column) => csvField(String(job[column]))).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const COLUMNS = [
  ...([
    'name',
    'rows',
    'began',
    'ended',
    'ms',
    'attempt',
    'connection',
    'backend',
    'version',
    'key',
  ] as const),
];

function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
