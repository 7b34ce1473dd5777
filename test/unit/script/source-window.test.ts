import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryBytes, type ScriptBytes } from '../../../src/script/script-bytes.js';
import { SourceWindow } from '../../../src/script/source-window.js';
import { dripping } from './dripping.js';

const bytes = Buffer.from('0123456789abcdefghij');

/** Remembers how much was read. */
function counted(source: ScriptBytes): ScriptBytes & { readonly longest: () => number } {
  let longest = 0;
  return {
    read: (into, position) => {
      longest = Math.max(longest, into.length);
      return source.read(into, position);
    },
    close: () => source.close(),
    longest: () => longest,
  };
}

describe('a window', () => {
  it('holds what it is asked to keep, and more behind that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (sizes, steps) => {
          const window = new SourceWindow(dripping(bytes, sizes));
          for (;;) {
            const [step = 0] = steps.take(1);
            const from = window.start + (step % (window.end - window.start + 1));
            const before = window.end;
            const grew = window.grow(from);
            if (!grew) break;
            expect(window.start).toBe(from);
            expect(window.end).toBeGreaterThan(before);
            expect(window.bytes).toEqual(bytes.subarray(window.start, window.end));
          }
          expect(window.atEnd).toBe(true);
          expect(window.end).toBe(bytes.length);
        },
      ),
    );
  });

  it('does not change the bytes that somebody may still hold', () => {
    const window = new SourceWindow(dripping(bytes, [4]));
    window.grow(0);
    const held = window.bytes;
    window.grow(2);
    window.grow(6);
    expect(held.toString()).toBe('0123');
  });

  it('of nothing is at its end', () => {
    const window = new SourceWindow(memoryBytes(Buffer.alloc(0)));
    expect([window.grow(0), window.atEnd, window.start, window.end]).toEqual([false, true, 0, 0]);
  });

  it('does not grow with the script as long as nothing is kept', () => {
    const big = Buffer.alloc(4 * 1024 * 1024, 'x');
    const source = counted(memoryBytes(big));
    const window = new SourceWindow(source);
    while (window.grow(window.end));
    expect(window.end).toBe(big.length);
    expect(source.longest()).toBeLessThan(big.length / 4);
  });
});

describe('skipping', () => {
  it('shows every byte, with an overlap, and goes on behind what was found', () => {
    const cases = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
      wanted: fc.nat({ max: bytes.length + 2 }),
      from: fc.nat({ max: 3 }),
      overlap: fc.nat({ max: 4 }),
    });
    fc.assert(
      fc.property(cases, ({ sizes, wanted, from, overlap }) => {
        const window = new SourceWindow(dripping(bytes, sizes));
        while (window.end < from && window.grow(0));
        let seen = from;
        const behind = window.skip(from, overlap, (stretch, start) => {
          expect(start).toBeLessThanOrEqual(seen);
          expect(start).toBeGreaterThanOrEqual(Math.max(from, seen - overlap));
          expect(stretch).toEqual(bytes.subarray(start, start + stretch.length));
          seen = start + stretch.length;
          return wanted <= seen && wanted >= from ? wanted : undefined;
        });
        const found = wanted >= from && wanted <= bytes.length;
        expect(behind).toBe(found ? wanted : bytes.length);
        while (window.grow(window.start));
        expect(window.bytes).toEqual(bytes.subarray(window.start));
        expect(window.start).toBeLessThanOrEqual(behind);
      }),
    );
  });

  it('leaves bytes that nobody reads into again', () => {
    const window = new SourceWindow(dripping(bytes, [3]));
    window.grow(0);
    window.skip(0, 0, (_, start) => (start >= 6 ? start : undefined));
    const held = window.bytes;
    const before = held.toString();
    window.skip(window.start, 0, () => undefined);
    expect(held.toString()).toBe(before);
  });
});
