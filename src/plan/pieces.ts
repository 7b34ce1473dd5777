import type { Piece, SlotValues } from '../model/job.js';
import type { SplitDirective } from '../model/script.js';

/**
 * Cuts the series 1..N into pieces.
 *
 * Laws (test/unit/plan/pieces.test.ts holds them): the pieces' rows add up to N exactly; the pieces are in order,
 * touch, and cover 1..N; sizes differ by at most one row; no piece is empty, so there are `min(N, count)` of them.
 */
export function cutSeries(rows: number, count: number): readonly Piece[] {
  const pieces = Math.min(rows, count);
  const base = Math.floor(rows / pieces);
  const remainder = rows - base * pieces;
  return Array.from({ length: pieces }, (_, index) => {
    // The first `remainder` pieces take one row more. All terms stay below N, so they are exact integers.
    const before = index * base + Math.min(index, remainder);
    const size = base + (index < remainder ? 1 : 0);
    return { index, count: pieces, unit: 'rows' as const, rows: size, lo: before + 1, hi: before + size };
  });
}

/** The pieces of `split rows=N`: `into=K` of them, or of at most `size=R` rows; by default one a connection. */
export function cutSplit(split: SplitDirective, connections: number): readonly Piece[] {
  const count = split.size === undefined ? (split.into ?? connections) : Math.ceil(split.rows / split.size);
  return cutSeries(split.rows, Math.max(1, count));
}

/** What `:rows`, `:lo`, `:hi`, `:job` and `:jobs` stand for in a piece. `:job` counts from 0. */
export function pieceValues(piece: Piece): SlotValues {
  return {
    rows: String(piece.rows),
    lo: String(piece.lo),
    hi: String(piece.hi),
    job: String(piece.index),
    jobs: String(piece.count),
  };
}
