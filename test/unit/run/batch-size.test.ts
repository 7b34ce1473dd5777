import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchSize } from '../../../src/run/batch-size.js';

describe('a batch', () => {
  it('is one job as long as nothing is known', () => {
    expect(new BatchSize().limit({ ready: 10_000, connections: 1 })).toBe(1);
  });

  it('is many jobs when they are small, one when they are not', () => {
    const small = new BatchSize();
    small.learn(0.5);
    expect(small.limit({ ready: 10_000, connections: 4 })).toBe(40);
    const long = new BatchSize();
    long.learn(500);
    expect(long.limit({ ready: 10_000, connections: 4 })).toBe(1);
  });

  it('follows what is measured', () => {
    const size = new BatchSize();
    size.learn(0.1);
    const before = size.limit({ ready: 10_000, connections: 1 });
    for (let job = 0; job < 50; job++) size.learn(40);
    expect(before).toBe(100);
    expect(size.limit({ ready: 10_000, connections: 1 })).toBe(1);
  });

  it('leaves half of an even share to others, and is never none', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 64 }),
        (duration, ready, connections) => {
          const size = new BatchSize();
          size.learn(duration);
          const limit = size.limit({ ready, connections });
          expect(limit).toBeGreaterThanOrEqual(1);
          expect(limit).toBeLessThanOrEqual(Math.max(1, Math.ceil(ready / (2 * connections))));
          expect(limit).toBeLessThanOrEqual(100);
        },
      ),
    );
  });
});
