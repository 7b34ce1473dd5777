import type { StoredPiece } from '../db/journal/pieces.js';
import type { AxisRequest, FoundAxis } from '../db/walk/read-axis.js';
import type { Axis, WalkPiece } from '../model/axis.js';
import { isChunkSplit, type ChunkSplit, type Statement } from '../model/script.js';
import { shareOf, type ChunkShare } from '../plan/chunk-pieces.js';
import { cutAxis, nextCut, sumOf, type Cut, type Share } from '../plan/cut.js';
import { PieceSize } from '../plan/piece-size.js';
import { PieceUnknown } from '../run/ports.js';

/**
 * The pieces of one split over a table, given out as their jobs begin. Without `time=` all are cut when the first begins; the largest is
 * given out first, where they are not alike. With `time=` each is cut when it begins, from where the one before ends, as large as what
 * has been measured says.
 *
 * With a journal what is given out is written first. A run that goes on has the pieces of the run before, and cuts on from where
 * the last of them ends.
 *
 * It knows no connections, and not how the table is read.
 */
export interface SplitSurroundings {
  readonly connections: number;
  /** Reads the table; from where a run before has stopped. */
  readonly read: (from: string | undefined) => Promise<FoundAxis>;
  /** Told once, when the table has been read: how many pieces there will be (0: that shows), and where their boundaries come from. */
  readonly told: (about: { readonly rows: number; readonly pieces: number; readonly source: string }) => void;
  readonly store?: SplitStore | undefined;
}

/** Of one split. */
export interface SplitStore {
  read(): Promise<readonly StoredPiece[] | undefined>;
  begin(places: number, pieces: readonly StoredPiece[]): Promise<readonly StoredPiece[]>;
  add(piece: StoredPiece): Promise<void>;
}

export interface NumberedPiece {
  readonly piece: WalkPiece;
  readonly index: number;
  /** 0: not known. */
  readonly count: number;
}

export class TableSplit {
  readonly #split: ChunkSplit;
  readonly #places: ReadonlySet<number>;
  readonly #surroundings: SplitSurroundings;
  /** A run before has begun with it: those of its places that are not here have been done. */
  #isContinued = false;
  #known: Promise<Map<number, StoredPiece>> | undefined;
  /** Of `time=`: pieces are cut one behind the other. */
  #walk: Promise<Walk | undefined> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** `places`: the numbers of those that there are jobs for. */
  constructor(
    { directives: { split } }: Statement,
    places: ReadonlySet<number>,
    surroundings: SplitSurroundings,
  ) {
    if (!isChunkSplit(split)) throw new RangeError('not a split over a table');
    this.#split = split;
    this.#places = places;
    this.#surroundings = surroundings;
  }

  /** The piece for a place; undefined: there are no rows left for it. */
  async piece(index: number): Promise<NumberedPiece | undefined> {
    const { time } = this.#split;
    this.#known ??= (time === undefined ? this.#all() : this.#stored()).catch((error: unknown) => {
      // Another piece may have better luck.
      this.#known = undefined;
      throw error;
    });
    const known = await this.#known;
    const stored = known.get(index);
    if (time === undefined) return stored && { piece: stored, index, count: known.size };
    if (stored !== undefined) return { piece: stored, index, count: countOf(known) };
    const next = this.#turn.then(() => this.#next(index, known, time));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  /** All its rows are in pieces for which there are places. */
  async isWhole(): Promise<boolean> {
    const known = await this.#known;
    if (known === undefined) return true;
    const hasPlaces = this.#isContinued || [...known.keys()].every((index) => this.#places.has(index));
    return countOf(known) > 0 && hasPlaces;
  }

  /** A piece of so many rows has taken so long. */
  learn(piece: { readonly rows: number; readonly ms: number }): void {
    void this.#walk?.then((walk) => walk?.size.learn(piece)).catch(() => undefined);
  }

  /** What all pieces are, whoever has cut them. */
  async #all(): Promise<Map<number, StoredPiece>> {
    const { store } = this.#surroundings;
    const before = await store?.read();
    this.#isContinued = before !== undefined;
    if (before !== undefined) return this.#cutRest(mapOf(before));
    const pieces = await this.#cutAll();
    return mapOf(store === undefined ? pieces : await store.begin(this.#places.size, pieces));
  }

  /** The run was begun with `time=`: what had not been cut by then is cut as is wanted now. */
  async #cutRest(known: Map<number, StoredPiece>): Promise<Map<number, StoredPiece>> {
    if (countOf(known) > 0) return known;
    const { read, told, connections, store } = this.#surroundings;
    const free = this.#free(known);
    const { axis, source } = await read(endOf(known));
    const pieces = cutPieces(axis, this.#split, { connections, places: free.length });
    told({ rows: sumOf(axis.rows), pieces: pieces.length, source });
    for (const [at, piece] of pieces.entries()) {
      const placed = { ...piece, index: free[at] ?? 0, step: known.size };
      await store?.add(placed);
      known.set(placed.index, placed);
    }
    return known;
  }

  #free(known: ReadonlyMap<number, StoredPiece>): readonly number[] {
    return [...this.#places].filter((index) => !known.has(index));
  }

  async #cutAll(): Promise<readonly StoredPiece[]> {
    const { read, told, connections } = this.#surroundings;
    const { axis, source } = await read(undefined);
    const pieces = cutPieces(axis, this.#split, { connections, places: this.#places.size });
    told({ rows: sumOf(axis.rows), pieces: pieces.length, source });
    const inOrder = this.#split.walked?.serial !== undefined || isEven(pieces);
    const all = pieces.map((piece, step) => ({ ...piece, step }));
    const order = inOrder ? all : all.sort((one, other) => other.rows - one.rows);
    return order.map((piece, index) => ({ ...piece, index }));
  }

  async #stored(): Promise<Map<number, StoredPiece>> {
    const { store } = this.#surroundings;
    const before = await store?.read();
    this.#isContinued = before !== undefined;
    const stored = before ?? (await store?.begin(this.#places.size, [])) ?? [];
    return mapOf(stored);
  }

  async #next(
    index: number,
    known: Map<number, StoredPiece>,
    time: number,
  ): Promise<NumberedPiece | undefined> {
    this.#walk ??= this.#begin(known, time).catch((error: unknown) => {
      this.#walk = undefined;
      throw error;
    });
    const walk = await this.#walk;
    const cut = walk?.next(this.#surroundings.connections);
    if (walk === undefined || cut === undefined) return undefined;
    const piece = { ...walkPiece(walk.axis, cut), index, step: known.size };
    await this.#surroundings.store?.add(piece);
    // Only now: what could not be written is for the next one that asks.
    walk.goOn(cut);
    known.set(index, piece);
    return { piece, index, count: countOf(known) };
  }

  async #begin(known: ReadonlyMap<number, StoredPiece>, time: number): Promise<Walk | undefined> {
    const { read, told, connections } = this.#surroundings;
    if (countOf(known) > 0) return undefined;
    const { axis, source } = await read(endOf(known));
    const free = this.#free(known).length;
    checkPlaces(axis.parts.length, free);
    const rows = sumOf(axis.rows);
    told({ rows, pieces: 0, source });
    return new Walk(axis, new PieceSize(time, { rows, connections }), free);
  }
}

function mapOf(pieces: readonly StoredPiece[]): Map<number, StoredPiece> {
  return new Map(pieces.map((piece) => [piece.index, piece]));
}

/** The way along an axis, with `time=`. */
class Walk {
  readonly axis: Axis;
  readonly size: PieceSize;
  #at = 0;
  #rowsLeft: number;
  /** With the last one all the rest is to be done. */
  #placesLeft: number;

  constructor(axis: Axis, size: PieceSize, places: number) {
    this.axis = axis;
    this.size = size;
    this.#rowsLeft = sumOf(axis.rows);
    this.#placesLeft = places;
  }

  /** What comes next; it is still there until it has been given out (`goOn`). */
  next(connections: number): Cut | undefined {
    const { rows, parts } = this.axis;
    if (this.#at >= rows.length) return undefined;
    const places = Math.max(1, this.#placesLeft - parts.length);
    const wanted = Math.max(
      this.size.next({ rowsLeft: this.#rowsLeft, connections }),
      this.#rowsLeft / places,
    );
    return nextCut(this.axis, this.#at, wanted);
  }

  goOn({ to, rows }: Cut): void {
    this.#at = to;
    this.#rowsLeft -= rows;
    this.#placesLeft -= 1;
  }
}

/** What is asked of the table that a split walks. */
export function axisRequest(
  split: ChunkSplit,
  { rows, connections }: { readonly rows: number; readonly connections: number },
): AxisRequest {
  const { walked, table, time } = split;
  const { alias, needsAlias } = walked ?? { alias: table.name, needsAlias: true };
  const pieces = time === undefined ? fineness(shareOf(split, connections), rows) : undefined;
  return { split, alias, needsAlias, pieces };
}

/** So many even pieces must be possible. */
function fineness(share: Share, rows: number): number {
  if ('size' in share) return Math.max(1, Math.ceil(rows / share.size));
  return 'into' in share ? share.into : 2 * share.falling;
}

/** All pieces at once, as the directive wants them. */
export function cutPieces(
  axis: Axis,
  split: ChunkShare,
  { connections, places }: { readonly connections: number; readonly places: number },
): readonly (WalkPiece & { readonly until?: string })[] {
  const cuts = cutAxis(axis, shareOf(split, connections));
  const fitting = cuts.length > places ? cutAxis(axis, { into: places }) : cuts;
  checkPlaces(fitting.length, places);
  return fitting.map((cut) => walkPiece(axis, cut));
}

/** A plan has places to spare; only a table that has got many partitions since has need of more. */
function checkPlaces(needed: number, places: number): void {
  if (needed > places)
    throw new PieceUnknown({
      kind: 'client',
      message: `the table has ${needed} partitions, and when the run was planned there were fewer`,
      hint: 'run it again',
    });
}

function walkPiece(axis: Axis, { from, to, rows }: Cut): WalkPiece & { readonly until?: string } {
  return { ...axis.values(from, to), rows };
}

/** Of pieces that have the last one among them. */
function countOf(known: ReadonlyMap<number, StoredPiece>): number {
  for (const { until } of known.values()) if (until === undefined) return known.size;
  return 0;
}

/** Where the last of them ends: they are in their order along the table. */
function endOf(known: ReadonlyMap<number, StoredPiece>): string | undefined {
  return [...known.values()].at(-1)?.until;
}

function isEven(pieces: readonly WalkPiece[]): boolean {
  const all = pieces.map(({ rows }) => rows);
  return Math.max(...all) <= UNEVEN * (sumOf(all) / all.length);
}

const UNEVEN = 1.1;
