import { expect, it } from 'vitest';
import { JobStates } from '../../../src/run/job-states.js';
import { shuffledPriorities } from '../../../src/run/shuffle.js';
import { script } from '../plan/scripts.js';

const { statements } = script(0, [{}]);
const steps = statements.map((statement) => ({ statement, place: statement.place }));

/** The order in which one connection takes ten jobs, each but the first ready from the start. */
function order(shuffle: number): string {
  const jobs = Array.from({ length: 10 }, (_, id) => {
    return { id, name: `${id}`, script: 0, steps, transaction: 'each', context: [], weight: 1 } as const;
  });
  const edges = [{ from: 9, to: 0, kind: 'order', reason: 'test' } as const];
  const states = new JobStates({ scripts: [], jobs, edges }, shuffle);
  const taken: number[] = [];
  for (let job = states.take(0); job !== undefined; job = states.take(0)) {
    taken.push(job);
    states.end(job, 'done');
  }
  return taken.join(' ');
}

it('takes ready jobs in an order of the seed, which keeps to the edges', () => {
  const orders = new Set(Array.from({ length: 100 }, (_, seed) => order(seed)));
  expect(orders.size).toBeGreaterThan(95);
  for (const taken of orders) {
    expect(taken.split(' ').toSorted()).toEqual('0 1 2 3 4 5 6 7 8 9'.split(' '));
    expect(taken.indexOf('9')).toBeLessThan(taken.indexOf('0'));
  }
  expect(order(7)).toBe(order(7));
});

it('gives numbers from 0 to 1, spread evenly', () => {
  const numbers = shuffledPriorities(10_000, 1);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(mean).toBeGreaterThan(0.48);
  expect(mean).toBeLessThan(0.52);
});
