import type { CopyCut, CopyData, Statement } from '../model/script.js';

/**
 * One COPY of many rows, loaded by several connections: where its data are cut, and whether that may be done.
 *
 * `auto`: where nobody could tell (the reading of scripts knows that) and the block is long enough to be worth it;
 * `always`: wherever rows end at line feeds; `never`.
 */
export type SplitCopy = 'auto' | 'always' | 'never';

/** Bytes: a shorter block is loaded sooner than other connections have begun; a piece is not shorter than a part of it. */
const WORTH_IT = 8 * 1024 * 1024;
const SHORTEST_PIECE = 2 * 1024 * 1024;

/** The pieces of a statement's data; undefined when it is one. */
export function cutCopy(
  { data = [], copySplit, directives }: Statement,
  { splitCopy, connections }: { readonly splitCopy: SplitCopy; readonly connections: number },
): readonly CopyPiece[] | undefined {
  const [block] = data;
  if (data.length !== 1 || block?.span === undefined || block.cuts === undefined) return undefined;
  if (splitCopy === 'never' || copySplit === undefined || directives.noTransaction) return undefined;
  const length = block.span.end - block.span.start;
  if (splitCopy === 'auto' && (copySplit !== 'safe' || length < WORTH_IT)) return undefined;
  const shortest = splitCopy === 'auto' ? SHORTEST_PIECE : 1;
  const count = Math.min(connections, Math.floor(length / shortest));
  const pieces = piecesAt(block, chooseCuts(block.cuts, block.span, count));
  return pieces.length > 1 ? pieces : undefined;
}

/** Data of one piece, and the lines of the file that it is. */
export interface CopyPiece {
  readonly data: CopyData;
  readonly from: number;
  /** Undefined: up to the end of the block. */
  readonly to: number | undefined;
}

/** Of the places where rows begin, those that come next behind equal shares. */
function chooseCuts(
  cuts: readonly CopyCut[],
  { start, end }: { readonly start: number; readonly end: number },
  count: number,
): readonly CopyCut[] {
  const chosen: CopyCut[] = [];
  let share = 1;
  for (const cut of cuts) {
    if (share >= count) break;
    if (cut.offset < start + ((end - start) * share) / count) continue;
    chosen.push(cut);
    while (share < count && cut.offset >= start + ((end - start) * share) / count) share += 1;
  }
  return chosen;
}

function piecesAt({ from, name, span, line }: CopyData, cuts: readonly CopyCut[]): readonly CopyPiece[] {
  if (span === undefined) return [];
  const starts = [{ offset: span.start, line }, ...cuts];
  return starts.map((start, index) => {
    const next = starts[index + 1];
    const data = {
      from,
      name,
      span: { start: start.offset, end: next?.offset ?? span.end },
      line: start.line,
    };
    return { data, from: start.line, to: next === undefined ? undefined : next.line - 1 };
  });
}
