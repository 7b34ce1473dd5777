import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { OutputPart } from '../../../src/model/output.js';
import { OrderedOutput, type OutputOptions } from '../../../src/report/output/ordered-output.js';
import { Spill } from '../../../src/report/output/spill.js';

const spills: Spill[] = [];

afterEach(async () => {
  for (const spill of spills.splice(0)) await spill.close();
});

function textOf({ data }: OutputPart): string {
  return Buffer.from(data).toString();
}

/** An output that writes into `written`. */
function open(
  jobs: number,
  options: Partial<OutputOptions> = {},
): { output: OrderedOutput; written: string[] } {
  const written: string[] = [];
  const spill = new Spill();
  spills.push(spill);
  const output = new OrderedOutput(jobs, {
    order: 'written',
    silent: [],
    write: (part) => void written.push(textOf(part)),
    spill,
    memory: 1000,
    broken: (error) => {
      throw error;
    },
    ...options,
  });
  return { output, written };
}

function part(data: string): OutputPart {
  return { to: 'results', data };
}

const nothing = (): void => undefined;

/** For each job how many messages it posts and whether something comes with its end; then any interleaving of all. */
const histories = fc
  .array(fc.record({ posts: fc.nat(3), rest: fc.boolean() }), { minLength: 1, maxLength: 8 })
  .chain((jobs) => {
    const facts = jobs.flatMap(({ posts }, job) => [
      ...Array.from({ length: posts }, () => ({ job, kind: 'post' as const })),
      { job, kind: 'end' as const },
    ]);
    return fc.record({
      jobs: fc.constant(jobs),
      facts: fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
      order: fc.constantFrom('written' as const, 'arrival' as const),
      isSlow: fc.boolean(),
      memory: fc.constantFrom(0, 8, 1000),
    });
  });

it('passes on every part once, jobs whole and in their order, however they come and however slow the reader is', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ jobs, facts, order, isSlow, memory }) => {
      const written: string[] = [];
      const write = (given: OutputPart): Promise<void> | undefined => {
        written.push(textOf(given));
        return isSlow ? new Promise((resolve) => setImmediate(resolve)) : undefined;
      };
      const { output } = open(jobs.length, {
        order,
        write,
        memory,
      });
      const drained = output.drained();
      let taken = 0;
      const posted = jobs.map(() => 0);
      for (const { job, kind } of facts) {
        const known = jobs[job] ?? { posts: 0, rest: false };
        if (kind === 'post')
          output.add(job, [part(`${job}.${(posted[job] = (posted[job] ?? 0) + 1)}`)], () => taken++);
        else output.end(job, { posted: known.posts, rest: known.rest ? [part(`${job}.r`)] : [] });
      }
      await drained;
      const expected = jobs.map(({ posts, rest }, job) => [
        ...Array.from({ length: posts }, (_, index) => `${job}.${index + 1}`),
        ...(rest ? [`${job}.r`] : []),
      ]);
      expect(taken).toBe(facts.length - jobs.length);
      if (order === 'written') expect(written).toEqual(expected.flat());
      else {
        expect(written.toSorted()).toEqual(expected.flat().toSorted());
        // Those of a job follow each other.
        const turns = written
          .map((text) => text.split('.')[0])
          .filter((job, index, all) => job !== all[index - 1]);
        expect(new Set(turns).size).toBe(turns.length);
        expect(written.filter((text) => text.startsWith('0.'))).toEqual(expected[0]);
      }
    }),
  );
});

it('passes on at once what the job prints whose turn it is', () => {
  const { output, written } = open(3, { silent: [0] });
  output.add(2, [part('late')], nothing);
  output.add(1, [part('now')], nothing);
  expect(written).toEqual(['now']);
  output.end(1, { posted: 1, rest: [] });
  expect(written).toEqual(['now', 'late']);
});

it('takes no more of that job before the reader has taken what there was', async () => {
  const reader = { go: nothing };
  const { output } = open(1, {
    write: () =>
      new Promise((resolve) => {
        reader.go = resolve;
      }),
  });
  let taken = 0;
  output.add(0, [part('a')], () => taken++);
  output.add(0, [part('b')], () => taken++);
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBe(0);
  reader.go();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBe(1);
});

it('holds nobody back any more when the run is being stopped, and loses nothing', async () => {
  const reader = { go: nothing };
  const written: string[] = [];
  const { output } = open(1, {
    write: (given) => {
      written.push(textOf(given));
      return new Promise((resolve) => {
        reader.go = resolve;
      });
    },
  });
  let taken = 0;
  for (const text of ['a', 'b', 'c']) output.add(0, [part(text)], () => taken++);
  output.release();
  expect(taken).toBe(2); // the first one is being written
  output.add(0, [part('d')], () => taken++);
  expect(taken).toBe(3);
  output.end(0, { posted: 4, rest: [] });
  const drained = output.drained();
  for (let step = 0; step < 4; step += 1) {
    reader.go();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await drained;
  expect(written).toEqual(['a', 'b', 'c', 'd']);
});

it('says once that it cannot go on, and takes what still comes', async () => {
  const errors: unknown[] = [];
  const { output } = open(2, {
    write: () => Promise.reject(new Error('no room')),
    broken: (error) => errors.push(error),
  });
  let taken = 0;
  output.add(0, [part('a')], () => taken++);
  await new Promise((resolve) => setImmediate(resolve));
  output.add(1, [part('b')], () => taken++);
  await output.drained();
  expect(errors.map(String)).toEqual(['Error: no room']);
  expect(taken).toBe(2);
});
