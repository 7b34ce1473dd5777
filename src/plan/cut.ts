import type { Axis } from '../model/axis.js';

/** Neighbouring steps of an axis, from … to - 1. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  /** About so many rows. */
  readonly rows: number;
}

/**
 * How large pieces are. `falling`: the first ones are large and the last ones small, so that so many connections end together,
 * whatever a row costs and however wrong the rows are that an axis tells (guided self-scheduling: Polychronopoulos, Kuck 1987).
 */
export type Share = { readonly into: number } | { readonly size: number } | { readonly falling: number };

/**
 * Cuts an axis into pieces of about as many rows.
 *
 * Laws (test/unit/plan/cut.test.ts): pieces follow each other and cover all steps; none is without a step, or goes across a
 * partition; of `into` there are not more, but for partitions that have at least one each; a piece of `size` has not more rows unless
 * it is a single step; and the largest piece is as small as the steps allow with so many pieces. Of `falling` there are not more
 * than `mostFalling` and the partitions, and the last ones are a small share of the table.
 */
export function cutAxis({ rows, parts }: Pick<Axis, 'rows' | 'parts'>, share: Share): readonly Cut[] {
  if ('size' in share) return cutBy(rows, parts, share.size);
  if ('falling' in share) return cutFalling({ rows, parts }, share.falling);
  const into = Math.max(share.into, parts.length);
  // The smallest limit with which there are not more pieces than asked for.
  let [low, high] = [Math.max(0, ...rows), sumOf(rows)];
  for (let round = 0; round < ROUNDS && low < high; round++) {
    const middle = (low + high) / 2;
    if (cutBy(rows, parts, middle).length <= into) high = middle;
    else low = middle;
  }
  return evened(rows, parts, { limit: high * (1 + TOLERANCE), into });
}

/** Each is for a share of what is left. Of few rows each connection has one piece. */
function cutFalling({ rows, parts }: Pick<Axis, 'rows' | 'parts'>, connections: number): readonly Cut[] {
  const total = sumOf(rows);
  const least = Math.max(LEAST_ROWS, total * leastShare(connections));
  if (least * connections >= total) return cutAxis({ rows, parts }, { into: connections });
  const cuts: Cut[] = [];
  for (let [at, left] = [0, total]; at < rows.length;) {
    const cut = nextCut({ rows, parts }, at, Math.max(least, left * shareOfLeft(connections)));
    cuts.push(cut);
    [at, left] = [cut.to, left - cut.rows];
  }
  return cuts;
}

/** From a step on to the one by which it comes nearest to so many rows. */
export function nextCut({ rows, parts }: Pick<Axis, 'rows' | 'parts'>, from: number, wanted: number): Cut {
  const end = parts.find((part) => part > from) ?? rows.length;
  let own = rows[from] ?? 0;
  let to = from + 1;
  while (to < end && own + (rows[to] ?? 0) / 2 <= wanted) own += rows[to++] ?? 0;
  return { from, to, rows: own };
}

/** Not more falling pieces than so many are made of a table without partitions. */
export function mostFalling(connections: number): number {
  let count = 0;
  for (let left = 1; left > 0; count++)
    left -= Math.max(leastShare(connections), left * shareOfLeft(connections));
  // By the nearest step a piece is smaller by a third at most.
  return Math.ceil(count * 1.5);
}

function shareOfLeft(connections: number): number {
  return 1 / (2 * connections);
}

/** Of the table: by so much, at most, one connection ends later than another. */
function leastShare(connections: number): number {
  return 1 / (64 * connections);
}

/** Rows, added up. */
export function sumOf(rows: readonly number[]): number {
  return rows.reduce((sum, one) => sum + one, 0);
}

/** As much in each piece as the limit allows. */
function cutBy(rows: readonly number[], parts: readonly number[], limit: number): readonly Cut[] {
  const starts = new Set(parts);
  const cuts: Cut[] = [];
  let [from, sum] = [0, 0];
  for (const [step, own] of rows.entries()) {
    if (step > from && (starts.has(step) || sum + own > limit)) {
      cuts.push({ from, to: step, rows: sum });
      [from, sum] = [step, 0];
    }
    sum += own;
  }
  cuts.push({ from, to: rows.length, rows: sum });
  return cuts;
}

/**
 * With the smallest limit the last piece would have what the others have left. So each piece ends where the rest, shared out evenly over
 * the pieces that are left, would have it, as long as the limit is kept by it and can be kept by them.
 */
function evened(
  rows: readonly number[],
  parts: readonly number[],
  { limit, into }: { readonly limit: number; readonly into: number },
): readonly Cut[] {
  const greedy = cutBy(rows, parts, limit);
  if (greedy.length < 2) return greedy;
  const after = piecesBehind(rows, parts, limit);
  const starts = new Set(parts);
  const cuts: Cut[] = [];
  let left = sumOf(rows);
  let [from, sum] = [0, 0];
  for (const [step, own] of rows.entries()) {
    const open = into - cuts.length;
    const isPart = starts.has(step);
    const fits = (after[step] ?? 0) <= open - 1;
    // The nearer side of the fair share.
    const isFair = sum + own / 2 >= left / open;
    if (step > from && (isPart || sum + own > limit || (fits && isFair && open > 1))) {
      cuts.push({ from, to: step, rows: sum });
      left -= sum;
      [from, sum] = [step, 0];
    }
    sum += own;
  }
  cuts.push({ from, to: rows.length, rows: sum });
  return cuts.length <= into ? cuts : greedy;
}

/** How many pieces of at most `limit` the steps from each on need. */
function piecesBehind(rows: readonly number[], parts: readonly number[], limit: number): Uint32Array {
  const starts = new Set(parts);
  const needed = new Uint32Array(rows.length + 1);
  let [end, sum] = [rows.length, 0];
  // A window that ends as late as the limit allows; going back it only moves forward in reverse.
  for (let step = rows.length - 1; step >= 0; step--) {
    sum += rows[step] ?? 0;
    while (end > step + 1 && sum > limit) {
      end -= 1;
      sum -= rows[end] ?? 0;
    }
    needed[step] = 1 + (needed[end] ?? 0);
    if (starts.has(step)) [end, sum] = [step, 0];
  }
  return needed;
}

/** Falling pieces do not become smaller than that. */
const LEAST_ROWS = 5000;
const ROUNDS = 60;
/** Sums in another order differ a little. */
const TOLERANCE = 1e-9;
