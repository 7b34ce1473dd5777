import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Judging } from '../same/judge.js';
import { parseProgram } from '../same/program.js';
import { judgeFile, judgeProgram, type Proof } from '../same/proof.js';
import { Scratch } from '../same/scratch.js';
import { Totals } from '../same/totals.js';

/** The promise of `--order auto`: the same database, however the plan is walked. `npm run same` makes more programs. */
const PROGRAMS = 300;
const AT_ONCE = 4;
const KEPT = join(import.meta.dirname, '../same/kept');

const judging: Judging = { order: 'auto', modes: ['touch', 'walk', 'wide'], walks: 2, jobs: 8, seed: 1 };

let proof: Proof;

beforeAll(async () => {
  const scratch = new Scratch(inject('server'), `test_same_${process.pid}`);
  await scratch.begin();
  proof = { scratch, judging, seed: 1, show: false };
});

afterAll(() => proof.scratch.end());

describe('programs that went wrong once', () => {
  it.each(readdirSync(KEPT))('%s', async (name) => {
    const program = parseProgram(readFileSync(join(KEPT, name), 'utf8'));
    expect(await judgeFile({ ...proof, judging: { ...judging, walks: 12 } }, program)).toBe('same');
  });
});

describe('made-up programs', () => {
  it(`${PROGRAMS} of them`, { timeout: 900_000 }, async () => {
    const totals = new Totals();
    const numbers = fc.array(fc.nat(1_000_000), { minLength: AT_ONCE, maxLength: AT_ONCE });
    // They are shrunk by what they are made of (test/same/shrink.ts), not by their numbers.
    const property = fc.asyncProperty(fc.noShrink(numbers), async (some) => {
      const said: string[] = [];
      await Promise.all(
        some.map((number) =>
          judgeProgram(proof, number, { totals, isQuiet: false, tell: (text) => said.push(text) }),
        ),
      );
      expect(said.join('\n')).toBe('');
    });
    await fc.assert(property, { numRuns: PROGRAMS / AT_ONCE, seed: 1, endOnFailure: true });
    expect(totals.sameShare).toBe(1);
  });
});
