import { formatPlace } from '../model/place.js';
import { displayWidth, shortenEnd, shortenMiddle, singleLine } from '../model/text-width.js';
import { formatDuration, formatPlural } from './format.js';
import type { SlowSplit, SlowStatement } from './slow-statements.js';

/**
 * The slowest statements for `--insights`, two lines each: how long it took, which it is and where it ran; and how its
 * text begins.
 *
 *      3.80 s  build/03-load.sql:12:1  4 pieces over 2 connections, median 950 ms, longest 1.10 s
 *              INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 50000) g
 */
export function slowLines(entries: readonly (SlowStatement | SlowSplit)[], width: number): readonly string[] {
  const times = entries.map(({ duration }) => formatDuration(duration));
  const timeWidth = Math.max(...times.map((time) => time.length));
  return entries.flatMap((entry, index) => {
    const lead = `  ${(times[index] ?? '').padStart(timeWidth)}  `;
    const room = width - lead.length;
    const text = singleLine(entry.statement).trim();
    const rest = text === '' ? [] : [`${' '.repeat(lead.length)}${shortenEnd(text, room)}`];
    return [`${lead}${whichText(entry, room)}`, ...rest];
  });
}

/** `build/03-load.sql:12:1 (load)  connection 2`: the most that there is room for; in the end the place gives way. */
function whichText(entry: SlowStatement | SlowSplit, room: number): string {
  const place = singleLine(formatPlace(entry.place));
  const job = jobText(entry);
  const where = connectionsText(entry);
  const wordings = [
    `${place}${job}  ${where}${piecesText(entry)}`,
    `${place}  ${where}${piecesText(entry)}`,
    `${place}${job}  ${where}`,
    `${place}  ${where}`,
  ];
  const fitting = wordings.find((text) => displayWidth(text) <= room);
  if (fitting !== undefined) return fitting;
  return shortenEnd(`${shortenMiddle(place, room - displayWidth(where) - 2)}  ${where}`, room);
}

/** The name of the job, where the place does not say it. */
function jobText({ name, place }: SlowStatement | SlowSplit): string {
  const job = singleLine(name).replace(/ \[\d+\/\d+\]$/, '');
  return [place.file, `${place.file}:${place.line}`].includes(job) ? '' : ` (${job})`;
}

function connectionsText(entry: SlowStatement | SlowSplit): string {
  const [first = 0] = entry.connections;
  const over = formatPlural(entry.connections.length, 'connection');
  const where = entry.connections.length === 1 ? `connection ${first + 1}` : over;
  if (entry.kind === 'statement' || entry.pieces === 1) return where;
  return `${formatPlural(entry.pieces, 'piece')} over ${where}`;
}

function piecesText(entry: SlowStatement | SlowSplit): string {
  if (entry.kind === 'statement' || entry.pieces === 1) return '';
  return `, median ${formatDuration(entry.median)}, longest ${formatDuration(entry.max)}`;
}
