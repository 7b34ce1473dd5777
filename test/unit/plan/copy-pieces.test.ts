import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CopyCut, CopyData, CopySplit, Statement } from '../../../src/model/script.js';
import { cutCopy, type SplitCopy } from '../../../src/plan/copy-pieces.js';
import { NO_DIRECTIVES } from '../../../src/script/statement-directives.js';

const MEGABYTE = 1024 * 1024;

function copy(length: number, cuts: readonly CopyCut[], copySplit?: CopySplit): Statement {
  const data: CopyData = {
    from: { path: 'a.sql' },
    name: 'a.sql',
    span: { start: 100, end: 100 + length },
    line: 7,
    cuts,
  };
  return {
    index: 0,
    place: { file: 'a.sql', line: 6, column: 1 },
    span: { start: 0, end: 99 },
    text: [],
    directives: NO_DIRECTIVES,
    terminated: true,
    facts: { node: 'CopyStmt', count: 1, control: 'none', alone: false, session: 'none' },
    data: [data],
    ...(copySplit === undefined ? {} : { copySplit }),
  };
}

/** A row of a hundred bytes a line; a place to cut every so many lines. */
function evenCuts(length: number, every: number): readonly CopyCut[] {
  const rows = Math.floor(length / 100);
  return Array.from({ length: Math.max(0, Math.ceil(rows / every) - 1) }, (_, index) => {
    const row = (index + 1) * every;
    return { offset: 100 + row * 100, line: 7 + row };
  });
}

describe('pieces of a COPY', () => {
  it('follow each other, cover the block, and are no more than there are connections', () => {
    const lengths = fc.integer({ min: 1, max: 40 * MEGABYTE });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 700_000 }),
        fc.integer({ min: 1, max: 70 }),
        (length, every, connections) => {
          const statement = copy(length, evenCuts(length, every), 'safe');
          const pieces = cutCopy(statement, { splitCopy: 'always', connections });
          if (pieces === undefined) return;
          expect(pieces.length).toBeGreaterThan(1);
          expect(pieces.length).toBeLessThanOrEqual(connections);
          expect(pieces[0]?.data).toMatchObject({ span: { start: 100 }, line: 7 });
          expect(pieces.at(-1)?.data.span?.end).toBe(100 + length);
          expect(pieces.at(-1)?.to).toBeUndefined();
          pieces.forEach(({ data, from, to }, index) => {
            expect(from).toBe(data.line);
            const next = pieces[index + 1];
            if (next === undefined) return;
            expect(data.span?.end).toBe(next.data.span?.start);
            expect(to).toBe(next.from - 1);
            expect(data.span?.end).toBeGreaterThan(data.span?.start ?? Infinity);
          });
        },
      ),
    );
  });

  it('are about equal where there are places to cut', () => {
    const pieces = cutCopy(copy(40 * MEGABYTE, evenCuts(40 * MEGABYTE, 100), 'safe'), {
      splitCopy: 'auto',
      connections: 4,
    });
    const lengths = pieces?.map(({ data }) => (data.span?.end ?? 0) - (data.span?.start ?? 0)) ?? [];
    expect(lengths).toHaveLength(4);
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.01);
  });

  const long = 20 * MEGABYTE;
  it.each<[string, number, CopySplit | undefined, SplitCopy, number, number]>([
    ['where nobody could tell', long, 'safe', 'auto', 4, 4],
    ['not where only the author knows', long, 'unknown', 'auto', 4, 1],
    ['not when it is short', MEGABYTE, 'safe', 'auto', 4, 1],
    ['not into tiny pieces', 9 * MEGABYTE, 'safe', 'auto', 64, 4],
    ['on the author’s word', MEGABYTE, 'unknown', 'always', 4, 4],
    ['not where rows do not end at line feeds', long, undefined, 'always', 4, 1],
    ['not when it is not wanted', long, 'safe', 'never', 4, 1],
    ['not over one connection', long, 'safe', 'always', 1, 1],
  ])('are made %s', (_why, length, split, splitCopy, connections, count) => {
    const pieces = cutCopy(copy(length, evenCuts(length, 100), split), { splitCopy, connections });
    expect(pieces?.length ?? 1).toBe(count);
  });
});
