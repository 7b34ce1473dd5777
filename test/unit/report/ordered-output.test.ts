import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderedOutput } from '../../../src/report/ordered-output.js';

/** For each job how many results it has; then any interleaving of results and ends. */
const histories = fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }).chain((counts) => {
  const facts = counts.flatMap((count, job) => [
    ...Array.from({ length: count }, () => ({ job, kind: 'result' as const })),
    { job, kind: 'end' as const },
  ]);
  return fc.record({
    counts: fc.constant(counts),
    facts: fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
  });
});

it('writes every result once, jobs in the written order, results of a job in theirs, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ counts, facts }) => {
      const written: string[] = [];
      const output = new OrderedOutput(counts.length, {
        silent: [],
        write: (text) => void written.push(text),
      });
      const drained = output.drained();
      const given = counts.map(() => 0);
      for (const { job, kind } of facts) {
        if (kind === 'end') output.end(job, counts[job] ?? 0);
        else output.add(job, `${job}.${(given[job] = (given[job] ?? 0) + 1)}`);
      }
      await drained;
      expect(written).toEqual(
        counts.flatMap((count, job) => Array.from({ length: count }, (_, k) => `${job}.${k + 1}`)),
      );
    }),
  );
});

it('passes results of the job whose turn it is on at once', () => {
  const written: string[] = [];
  const output = new OrderedOutput(3, { silent: [0], write: (text) => void written.push(text) });
  output.add(2, 'late');
  output.add(1, 'now');
  expect(written).toEqual(['now']);
  output.end(1, 1);
  expect(written).toEqual(['now', 'late']);
});
