import type { StatementFinished } from '../model/event.js';
import type { Piece } from '../model/job.js';
import { formatPlace, type Place } from '../model/place.js';

/**
 * Which statements took the time, in bounded memory: the longest few, and for each split the times of its pieces.
 *
 * A split is one statement to its author, so its pieces are one entry, ranked by their sum: that is the work the
 * statement costs. They meet by their place.
 */
export interface SlowStatements {
  /** Longest first, at most KEPT. */
  readonly singles: SlowStatement[];
  /** By formatted place. */
  readonly splits: Map<string, SplitTimes>;
}

export interface SlowStatement {
  readonly kind: 'statement';
  readonly place: Place;
  readonly statement: string;
  /** Of the job it was in. */
  readonly name: string;
  /** Where it ran, of several databases. */
  readonly target?: string | undefined;
  readonly connections: readonly number[];
  readonly tag: string;
  readonly rows: number;
  readonly duration: number;
}

export interface SlowSplit {
  readonly kind: 'split';
  readonly place: Place;
  /** As its first piece was sent. */
  readonly statement: string;
  readonly name: string;
  /** By number. */
  readonly connections: readonly number[];
  readonly tag: string;
  readonly rows: number;
  /** Of all pieces together. */
  readonly duration: number;
  readonly pieces: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The job that a statement was in. */
export interface Surrounding {
  readonly name: string;
  readonly target?: string | undefined;
  readonly connection: number;
  readonly piece: Piece | undefined;
}

interface SplitTimes {
  readonly place: Place;
  readonly statement: string;
  readonly name: string;
  readonly connections: Set<number>;
  readonly tag: string;
  rows: number;
  readonly durations: number[];
}

export const KEPT = 10;

export function newSlowStatements(): SlowStatements {
  return { singles: [], splits: new Map() };
}

/** False: it is a split's, of which another piece has been recorded. */
export function recordStatement(slow: SlowStatements, event: StatementFinished, job: Surrounding): boolean {
  const { place, statement, tag, rows, duration } = event;
  const { name, target, connection, piece } = job;
  if (piece === undefined) {
    if (!isLong(slow.singles, duration)) return true;
    const told = { place, statement, name, target, connections: [connection], tag, rows, duration };
    keepLongest(slow.singles, { kind: 'statement', ...told });
    return true;
  }
  const told = { place, statement, name, tag };
  const key = formatPlace(place);
  const times = slow.splits.get(key) ?? { ...told, connections: new Set(), rows: 0, durations: [] };
  times.rows += rows;
  times.connections.add(connection);
  times.durations.push(duration);
  slow.splits.set(key, times);
  return times.durations.length === 1;
}

/** Those that cost the most, first the longest; equals in the order they ended. */
export function slowest(slow: SlowStatements, limit: number): readonly (SlowStatement | SlowSplit)[] {
  const splits = [...slow.splits.values()].map(splitEntry);
  return [...slow.singles, ...splits].sort((a, b) => b.duration - a.duration).slice(0, limit);
}

/** Most statements are not, and nothing is made of them. */
function isLong(singles: readonly SlowStatement[], duration: number): boolean {
  const shortest = singles.at(-1);
  return singles.length < KEPT || shortest === undefined || duration > shortest.duration;
}

function keepLongest(singles: SlowStatement[], entry: SlowStatement): void {
  const at = singles.findIndex((kept) => kept.duration < entry.duration);
  singles.splice(at < 0 ? singles.length : at, 0, entry);
  if (singles.length > KEPT) singles.pop();
}

function splitEntry({ connections, durations, ...told }: SplitTimes): SlowSplit {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  const median = (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
  return {
    kind: 'split',
    ...told,
    connections: [...connections].sort((a, b) => a - b),
    duration: sorted.reduce((sum, duration) => sum + duration, 0),
    pieces: sorted.length,
    min: at(0),
    median,
    max: at(sorted.length - 1),
  };
}
