import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableSplit, type SplitStore } from '../../../src/api/table-split.js';
import type { StoredPiece } from '../../../src/db/journal/pieces.js';
import type { Axis } from '../../../src/model/axis.js';
import type { ChunkSplit, Statement } from '../../../src/model/script.js';

/** Which rows the places of a split get, where the journal fails now and then, and runs stop and go on. */

const place = { file: 'a.sql', line: 1, column: 1 };

function statement(share: Pick<ChunkSplit, 'time' | 'into' | 'size'>): Statement {
  const split: ChunkSplit = { by: 'range', table: { name: 't' }, columns: ['id'], ...share, place };
  const directives = { split, after: [], barrier: false, noTransaction: false };
  const facts = { node: 'DeleteStmt', count: 1, control: 'none', alone: false, session: 'none' } as const;
  return { index: 0, place, span: { start: 0, end: 0 }, text: [], directives, terminated: true, facts };
}

/** Steps first … last - 1 of a table, each of 1,000 rows. */
function axisFrom(first: number, last: number): Axis {
  return {
    rows: Array.from({ length: last - first }, () => 1000),
    parts: [0],
    values: (from, to) => ({
      slots: { chunk: '' },
      text: `${first + from}-${first + to}`,
      ...(first + to < last ? { until: String(first + to) } : {}),
    }),
  };
}

/** A journal that refuses some of what it is to write. */
function storeOf(stored: Map<number, StoredPiece>, refuses: () => boolean): SplitStore {
  const pieces = (): readonly StoredPiece[] =>
    [...stored.values()].sort((one, other) => one.step - other.step);
  let isBegun = false;
  return {
    read: () => Promise.resolve(isBegun || stored.size > 0 ? pieces() : undefined),
    begin: (_, own) => {
      isBegun = true;
      for (const piece of own) stored.set(piece.index, piece);
      return Promise.resolve(pieces());
    },
    add: (piece) => {
      if (refuses()) return Promise.reject(new Error('disk full'));
      stored.set(piece.index, piece);
      return Promise.resolve();
    },
  };
}

const STEPS = 60;

/** Each step by itself, in its order. */
function stepsOf(stored: ReadonlyMap<number, StoredPiece>): readonly number[] {
  return [...stored.values()]
    .flatMap(({ text }) => {
      const [from = 0, to = 0] = text.split('-').map(Number);
      return Array.from({ length: to - from }, (_, index) => from + index);
    })
    .sort((one, other) => one - other);
}

/** One run: whatever it is given. A failure stops it; what was asked for beside it may have been given. */
async function run(
  split: TableSplit,
  places: readonly number[],
  beside: number,
): Promise<{ readonly given: readonly number[]; readonly isStopped: boolean }> {
  const given: number[] = [];
  for (let at = 0; at < places.length; at += beside) {
    const got = await Promise.allSettled(places.slice(at, at + beside).map((index) => split.piece(index)));
    for (const one of got)
      if (one.status === 'fulfilled' && one.value !== undefined) given.push(one.value.index);
    if (got.some(({ status }) => status === 'rejected')) return { given, isStopped: true };
    split.learn({ rows: 1000, ms: 10 });
  }
  return { given, isStopped: false };
}

describe('the pieces of a split', () => {
  const shares = [{ time: 50 }, { into: 7 }, { size: 4000 }];

  it.each([...shares.map((share) => [share]), shares])(
    'hold each row once, whatever the journal refuses, however often the run goes on, and as the directive changes: %o',
    async (...own) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.boolean()),
          fc.integer({ min: 1, max: 6 }),
          async (luck, beside) => {
            const stored = new Map<number, StoredPiece>();
            const done = new Set<number>();
            const isLucky = (): boolean => luck.next().value === true;
            for (let round = 0; round < 40; round++) {
              // Places whose pieces are done are no jobs any more.
              const places = Array.from({ length: 200 }, (_, index) => index).filter(
                (index) => !done.has(index),
              );
              const split = new TableSplit(statement(own[round % own.length] ?? {}), new Set(places), {
                connections: beside,
                read: (from) => Promise.resolve({ axis: axisFrom(Number(from ?? 0), STEPS), source: '' }),
                told: () => undefined,
                // The last rounds have luck.
                store: storeOf(stored, () => round < 30 && !isLucky()),
              });
              const { given, isStopped } = await run(split, places, beside);
              if (!isStopped) expect(await split.isWhole()).toBe(true);
              for (const index of given) if (isLucky()) done.add(index);
            }
            expect(stepsOf(stored)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
          },
        ),
        { numRuns: 30 },
      );
    },
  );
});
