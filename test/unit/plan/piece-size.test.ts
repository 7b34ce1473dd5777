import { describe, expect, it } from 'vitest';
import { PieceSize } from '../../../src/plan/piece-size.js';

interface Simulated {
  readonly connections: number;
  readonly rows: number;
  /** Milliseconds. */
  readonly time: number;
  /** Milliseconds that a row takes, at a moment. */
  readonly cost: (now: number) => number;
}

interface Ran {
  readonly start: number;
  readonly rows: number;
  readonly ms: number;
}

/** Connections that each take the next piece when they are free. */
function simulate({ connections, rows, time, cost }: Simulated): readonly Ran[] {
  const size = new PieceSize(time, { rows, connections });
  const ran: Ran[] = [];
  const free = Array.from({ length: connections }, () => ({ at: 0, piece: undefined as Ran | undefined }));
  let left = rows;
  while (left > 0) {
    const next = free.reduce((one, other) => (other.at < one.at ? other : one));
    if (next.piece !== undefined) size.learn(next.piece);
    const own = Math.min(left, Math.round(size.next({ rowsLeft: left, connections })));
    next.piece = { start: next.at, rows: own, ms: own * cost(next.at) };
    next.at += next.piece.ms;
    left -= own;
    ran.push(next.piece);
  }
  return ran;
}

/** Without the tail, in which pieces become smaller. */
function middle(ran: readonly Ran[], all: number): readonly Ran[] {
  let done = 0;
  return ran.filter(({ rows }) => (done += rows) < all * 0.7);
}

const noise = (): (() => number) => {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.7 + (0.6 * state) / 2_147_483_648;
  };
};

describe('the size of pieces by time', () => {
  for (const connections of [1, 2, 8])
    it(`reaches 85 to 100 % of the time with ${connections} connections, and stays there`, () => {
      const rows = 20_000_000;
      const ran = simulate({ connections, rows, time: 1000, cost: () => 0.01 });
      const settled = middle(ran, rows).slice(6 * connections);
      expect(settled.length).toBeGreaterThan(20);
      for (const { ms } of settled) {
        expect(ms).toBeGreaterThan(850);
        expect(ms).toBeLessThan(1000);
      }
    });

  it('follows a database that becomes five times as slow', () => {
    const rows = 20_000_000;
    const ran = simulate({ connections: 2, rows, time: 1000, cost: (now) => (now < 20_000 ? 0.01 : 0.05) });
    const after = middle(ran, rows).filter(({ start }) => start > 40_000);
    expect(after.length).toBeGreaterThan(20);
    for (const { ms } of after) expect(Math.abs(ms / 1000 - 0.925)).toBeLessThan(0.15);
  });

  it('stays near the time when pieces take 30 % more or less by chance', () => {
    const rows = 50_000_000;
    const random = noise();
    const ran = middle(
      simulate({ connections: 4, rows, time: 1000, cost: () => 0.01 * random() }),
      rows,
    ).slice(30);
    const mean = ran.reduce((sum, { ms }) => sum + ms, 0) / ran.length;
    expect(mean).toBeGreaterThan(750);
    expect(mean).toBeLessThan(1100);
    expect(Math.max(...ran.map(({ ms }) => ms))).toBeLessThan(2000);
  });

  it('is not made small by one piece that waited for a lock', () => {
    const size = new PieceSize(1000, { rows: 1e8, connections: 1 });
    for (let round = 0; round < 20; round++) {
      const rows = size.next({ rowsLeft: 1e8, connections: 1 });
      size.learn({ rows, ms: rows * 0.01 });
    }
    const before = size.next({ rowsLeft: 1e8, connections: 1 });
    size.learn({ rows: before, ms: 60_000 });
    expect(size.next({ rowsLeft: 1e8, connections: 1 })).toBeGreaterThanOrEqual(before / 2);
  });

  it('cuts the tail finer, so that all connections end together', () => {
    for (const connections of [2, 4, 8]) {
      const ran = simulate({ connections, rows: 10_000_000, time: 1000, cost: () => 0.01 });
      const ends = ran.map(({ start, ms }) => start + ms);
      const last = [...ends].sort((one, other) => other - one).slice(0, connections);
      expect(Math.max(...last) - Math.min(...last)).toBeLessThan(400);
      // And not into crumbs.
      expect(ran.length).toBeLessThan(10_000_000 / 92_500 + 25 * connections);
    }
  });

  it('has at least a hundred rows, however slow they are', () => {
    const size = new PieceSize(10, { rows: 1000, connections: 1 });
    for (let round = 0; round < 20; round++) size.learn({ rows: 100, ms: 5000 });
    expect(size.next({ rowsLeft: 1000, connections: 1 })).toBe(100);
  });
});
