import type { RangePiece, SlotValues } from '../model/job.js';
import type { PlanOptions } from './options.js';
import {
  isChunkSplit,
  type RecordSplit,
  type RowsSplit,
  type SeriesStart,
  type SplitDirective,
  type Statement,
} from '../model/script.js';
import { chunkParts } from './chunk-pieces.js';
import type { SplitPart } from './split-part.js';
import { recordValues } from '../script/records/values.js';

/** What a statement becomes by its split; a split over no records is no part at all. */
export function splitParts(
  statement: Statement,
  split: SplitDirective,
  options: Pick<PlanOptions, 'connections' | 'target' | 'walks'>,
): readonly SplitPart[] {
  if (isChunkSplit(split)) return chunkParts(statement, split, options);
  const { connections, target } = options;
  const deal = split.isDealt === true ? target : undefined;
  if (split.by !== 'rows') {
    const parts = recordParts(statement, split);
    const share = cutSeries(parts.length, deal?.count ?? 1)[deal?.index ?? 0];
    return share === undefined ? [] : parts.slice(share.lo - 1, share.hi);
  }
  const pieces =
    deal === undefined ? cutSplit(split, connections) : dealtPieces(split, { connections, ...deal });
  return pieces.map((piece) =>
    split.series === undefined
      ? { piece, step: { values: pieceValues(piece) } }
      : seriesPart(piece, split.series),
  );
}

/** The piece of a series that begins anywhere; its bounds have the type of those of the whole. */
function seriesPart(piece: RangePiece, { from, isWide }: SeriesStart): SplitPart {
  const own = { ...piece, lo: piece.lo + from - 1, hi: piece.hi + from - 1 };
  const wide = (bound: number): string => `${bound < 0 ? `(${bound})` : bound}::bigint`;
  const values = isWide ? { lo: wide(own.lo), hi: wide(own.hi) } : { lo: String(own.lo), hi: String(own.hi) };
  return { piece: own, step: { values } };
}

/** A target's pieces of a series that all targets share: numbered through all of them. */
function dealtPieces(
  split: RowsSplit,
  {
    connections,
    index,
    count,
  }: { readonly connections: number; readonly index: number; readonly count: number },
): readonly RangePiece[] {
  const byTarget = cutSeries(split.rows, count).map((share) =>
    cutSplit({ ...split, rows: share.rows }, connections).map((piece) => ({
      ...piece,
      lo: share.lo + piece.lo - 1,
      hi: share.lo + piece.hi - 1,
    })),
  );
  const all = byTarget.flatMap((pieces, target) => pieces.map((piece) => ({ piece, target })));
  return all.flatMap(({ piece, target }, number) =>
    target === index ? [{ ...piece, index: number, count: all.length }] : [],
  );
}

function recordParts(
  { text, parameters = 0 }: Pick<Statement, 'text' | 'parameters'>,
  split: RecordSplit,
): readonly SplitPart[] {
  const { file, records } = split.records ?? { records: [] };
  const plain = text.flatMap((part) => (part.kind === 'slot' && part.form === 'plain' ? [part.name] : []));
  const named = file === undefined ? {} : { file };
  return records.map(({ values: columns, line }, index) => {
    const values = recordValues(split, index);
    const weight = split.weight === undefined ? NaN : Number(values[split.weight] ?? NaN);
    const isLoose = plain.some((name) => !DIGITS.test(values[name] ?? '0'));
    return {
      piece: {
        index,
        count: records.length,
        unit: 'record',
        ...named,
        ...(line === undefined ? {} : { line }),
      },
      step: {
        values,
        ...(isLoose ? { isLoose } : {}),
        ...(parameters === 0 ? {} : { parameters: columns.slice(0, parameters) }),
      },
      ...(weight > 0 ? { weight } : {}),
    };
  });
}

/** Whatever else stands in a text as it is may change what the text means. */
const DIGITS = /^[0-9]+(?:\.[0-9]+)?$/;

/**
 * Cuts the series 1..N into pieces.
 *
 * Laws (test/unit/plan/pieces.test.ts holds them): the pieces' rows add up to N exactly; the pieces are in order,
 * touch, and cover 1..N; sizes differ by at most one row; no piece is empty, so there are `min(N, count)` of them.
 */
export function cutSeries(rows: number, count: number): readonly RangePiece[] {
  const pieces = Math.min(rows, count);
  if (pieces === 0) return [];
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
export function cutSplit(split: RowsSplit, connections: number): readonly RangePiece[] {
  const count = split.size === undefined ? (split.into ?? connections) : Math.ceil(split.rows / split.size);
  return cutSeries(split.rows, Math.max(1, count));
}

/** What `:rows`, `:lo`, `:hi`, `:job` and `:jobs` stand for in a piece. `:job` counts from 0. */
export function pieceValues(piece: RangePiece): SlotValues {
  return {
    rows: String(piece.rows),
    lo: String(piece.lo),
    hi: String(piece.hi),
    job: String(piece.index),
    jobs: String(piece.count),
  };
}
