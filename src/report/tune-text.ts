import type { Measured, TunePlan, Tuning } from '../model/tune.js';
import { formatCount, formatDuration, formatPlural } from './format.js';

/** What `pqrun tune` says before it begins with a split, and what it has found. */

export function tunePlanText({ place, verb, rows, sizes, connections, time }: TunePlan): string {
  const where = `${place.file}:${place.line}`;
  const over = connections.map((count) => String(count)).join(', ');
  return [
    `${where}: ${verb} of about ${formatPlural(rows, 'row')}: pieces of ${listText(sizes)} rows over ${over} connections, for about ${formatDuration(time)}`,
    '  Each piece is done in a transaction that is rolled back. Its locks are held meanwhile; rows that are changed leave dead',
    '  rows behind for VACUUM; numbers of sequences, and what functions do outside of the database, are not given back.',
  ].join('\n');
}

function listText(sizes: readonly number[]): string {
  return sizes.map(formatCount).join(', ');
}

/** Rows a job × connections → rows/s. */
export function tuneText(tunings: readonly Tuning[]): string {
  return tunings.map(tableText).join('\n');
}

function tableText({ place, verb, rows, connections, sizes, best }: Tuning): string {
  const head = [`${place.file}:${place.line}  ${verb} of about ${formatPlural(rows, 'row')}, in rows/s`];
  const columns = [
    'rows a piece',
    ...connections.map((count) => formatPlural(count, 'connection')),
    'a piece takes',
  ];
  const lines = sizes.map(({ size, measured }) => [
    formatCount(size),
    ...measured.map((one) => cellText(one, best)),
    pieceText(measured),
  ]);
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...lines.map((line) => (line[index] ?? '').length)),
  );
  const table = [columns, ...lines].map(
    (line) => `  ${line.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')}`,
  );
  return `${[...head, ...table, ...(best === undefined ? [] : [bestText(best, rows)])].join('\n')}\n`;
}

function cellText(one: Measured | undefined, best: Measured | undefined): string {
  if (one === undefined) return '-';
  return `${one === best ? '* ' : ''}${formatCount(Math.round(one.rate))}`;
}

/** On one connection, or the fewest that were tried. */
function pieceText(measured: readonly (Measured | undefined)[]): string {
  const first = measured.find((one) => one !== undefined);
  return first === undefined ? '-' : formatDuration(first.piece);
}

function bestText({ size, connections, rate, piece }: Measured, rows: number): string {
  return `* best: size=${size} with -j ${connections} (or time=${timeText(piece)}): ${formatCount(Math.round(rate))} rows/s, about ${formatDuration((rows / rate) * 1000)} for all`;
}

/** As a directive takes it. */
function timeText(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.max(1, Math.round(milliseconds / 10) * 10)}ms`
    : `${Math.round(milliseconds / 1000)}s`;
}

export function tuneJson(tunings: readonly Tuning[]): string {
  return `${JSON.stringify(tunings, null, 2)}\n`;
}
