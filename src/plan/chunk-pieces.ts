import { TABLE_SLOT, type WalkPiece } from '../model/axis.js';
import type { ChunkPiece, SlotValues, Step } from '../model/job.js';
import type { Edge } from '../model/plan.js';
import { isChunkSplit, type ChunkSplit, type Statement } from '../model/script.js';
import type { Share } from './cut.js';
import type { PlanOptions } from './options.js';
import type { SplitPart } from './split-part.js';

/**
 * The jobs of a split over a table's rows (`range=`, `blocks=`).
 *
 * Which rows a piece is for is settled when it begins, because only then the table is as the statements before have left it, and
 * because with `time=` pieces grow and shrink. So a plan has places for pieces, more than there may be of need: those for which no
 * rows are left are never begun. With `into=` there are exactly as many places as pieces are asked for.
 *
 * Where a plan is only to be shown, the pieces are as they would be now.
 */
export function chunkParts(
  statement: Statement,
  split: ChunkSplit,
  { connections, walks, target }: Pick<PlanOptions, 'connections' | 'walks' | 'target'>,
): readonly SplitPart[] {
  const { places, rows, pieces } = walks?.get(statement) ?? {
    places: split.into ?? connections,
    rows: 0,
    pieces: undefined,
  };
  const parts =
    pieces?.map((piece, index) => knownPart(statement, split, { piece, index, count: pieces.length })) ??
    Array.from({ length: places }, (_, index) => openPart({ index, rows: rows / places }));
  if (split.isDealt !== true || target === undefined) return parts;
  return parts.filter((_, index) => index % target.count === target.index);
}

/** A place for a piece. Its weight is its share of the table, which its own rows will take the place of. */
function openPart({ index, rows }: { readonly index: number; readonly rows: number }): SplitPart {
  const piece = { index, count: 0, unit: 'chunk', rows: 0 } as const;
  return { piece, step: { values: { job: String(index) } }, weight: rows / ROWS_PER_WEIGHT };
}

interface Numbered {
  readonly piece: WalkPiece;
  readonly index: number;
  /** 0: not known. */
  readonly count: number;
}

function knownPart(statement: Statement, split: ChunkSplit, numbered: Numbered): SplitPart {
  const { piece, step, weight } = filledPiece(statement, split, numbered);
  return { piece, step, weight };
}

/** A piece whose rows are settled. */
export function filledPiece(
  statement: Statement,
  { walked }: Pick<ChunkSplit, 'walked'>,
  { piece: { rows, slots, text }, index, count }: Numbered,
): {
  readonly piece: ChunkPiece;
  readonly step: Pick<Step, 'statement' | 'values'>;
  readonly weight: number;
} {
  const template = walked?.template;
  const isOfPartition = Object.keys(slots).some((name) => name === TABLE_SLOT);
  return {
    piece: { index, count, unit: 'chunk', rows: Math.round(rows), chunk: text },
    step: {
      statement: isOfPartition && template !== undefined ? { ...statement, text: template } : statement,
      values: { ...slots, job: String(index), ...(count === 0 ? {} : { jobs: String(count) }) },
    },
    weight: rows / ROWS_PER_WEIGHT,
  };
}

/** All rows in one piece. */
export const WHOLE_CHUNK: SlotValues = { chunk: 'true', job: '0', jobs: '1' };

export type ChunkShare = Pick<ChunkSplit, 'into' | 'size' | 'byPartition' | 'isDealt' | 'walked'>;

/** How a table is cut without `time=`. Where no size is asked for, connections end together, unless pieces follow each other or are dealt out. */
export function shareOf(
  { into, size, byPartition, isDealt, walked }: ChunkShare,
  connections: number,
): Share {
  const bySize = byPartition === true ? 1 : size;
  if (bySize !== undefined) return { size: bySize };
  const isEven = isDealt === true || walked?.serial !== undefined || connections === 1;
  return into !== undefined || isEven ? { into: into ?? connections } : { falling: connections };
}

/** Of a statement of which two pieces might write the same row: they run one after another. */
export function serialEdges(statement: Statement | undefined, jobs: readonly number[]): readonly Edge[] {
  const { split } = statement?.directives ?? {};
  const reason = isChunkSplit(split) ? split.walked?.serial : undefined;
  if (reason === undefined) return [];
  return jobs.slice(1).map((to, index) => ({ from: jobs[index] ?? to, to, kind: 'order', reason }));
}

/** A thousand rows are expected to take a millisecond. */
export const ROWS_PER_WEIGHT = 1000;
