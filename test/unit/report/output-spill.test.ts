import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Spill } from '../../../src/report/output/spill.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pqrun-spill-'));
  vi.stubEnv('TMPDIR', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

it('gives back what was written, in any order, and has no name in the directory', async () => {
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 50 }));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 10 }), async (parts) => {
      const spill = new Spill();
      // None waits for another.
      const ranges = await Promise.all(parts.map((data) => spill.write(data)));
      expect(readdirSync(directory)).toEqual([]);
      for (const [index, data] of [...parts.entries()].toReversed()) {
        const read = await spill.read(ranges[index] ?? { position: 0, length: 0 });
        expect(Buffer.from(read)).toEqual(Buffer.from(data));
      }
      await spill.close();
    }),
    { numRuns: 30 },
  );
});

it('says where it cannot write', async () => {
  vi.stubEnv('TMPDIR', join(directory, 'nowhere'));
  const spill = new Spill();
  await expect(spill.write('a')).rejects.toThrow('nowhere');
  await spill.close();
  expect(existsSync(join(directory, 'nowhere'))).toBe(false);
});
