import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countLineFeeds } from '../../../src/script/line-count.js';

it('counts line feeds in any stretch of any buffer, wherever it is aligned', () => {
  const byte = fc.constantFrom(0x0a, 0x0b, 0x8a, 0x0a ^ 0x7f, 0x00, 0xff, 0x41);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(byte, { maxLength: 40 }),
      fc.nat(7),
      (some, others, shift) => {
        const all = Buffer.from([...some, ...others]);
        const held = Buffer.alloc(all.length + shift);
        all.copy(held, shift);
        const bytes = held.subarray(shift);
        for (const [from, to] of [
          [0, bytes.length],
          [1, bytes.length - 1],
          [3, 3],
        ] as const) {
          if (from > to) continue;
          expect(countLineFeeds(bytes, from, to)).toBe(
            bytes.subarray(from, to).filter((value) => value === 0x0a).length,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('counts more of them than fit into one byte', () => {
  expect(countLineFeeds(Buffer.alloc(100_003, '\n'), 0, 100_003)).toBe(100_003);
});
