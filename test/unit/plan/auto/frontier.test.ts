import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACCESS_MODES, CONFLICTS, type AccessMode } from '../../../../src/model/access.js';
import { AccessSet, AccessSets, type Accesses } from '../../../../src/plan/accesses/access-set.js';
import { FileOrder } from '../../../../src/plan/auto/file-order.js';
import { Frontier, type Wait } from '../../../../src/plan/auto/frontier.js';
import { script } from '../scripts.js';

/**
 * The law: of two jobs the later one waits for the earlier, directly or through others, exactly when there is a chain of
 * conflicts from the one to the other.
 */

type Touched = readonly { readonly resource: number; readonly mode: AccessMode }[];
/** `alone`: it runs alone. */
type Made = Touched | 'alone';

/** Those of a catalog are dense, and many. */
const resource = fc.constantFrom(0, 1, 500, 3000);
const touched = fc.array(fc.record({ resource, mode: fc.constantFrom(...ACCESS_MODES) }), {
  minLength: 1,
  maxLength: 4,
});
const made: fc.Arbitrary<Made> = fc.oneof(
  { weight: 30, arbitrary: touched },
  { weight: 1, arbitrary: fc.constant('alone' as const) },
);

function conflict(one: Made, other: Made): boolean {
  if (one === 'alone' || other === 'alone') return true;
  return one.some((a) => other.some((b) => a.resource === b.resource && CONFLICTS[a.mode].includes(b.mode)));
}

function accessesOf(sets: AccessSets, list: Touched): Accesses {
  const set = new AccessSet();
  for (const { resource, mode } of list) set.add(resource, mode);
  return sets.finish(set);
}

/** By job, all before it that it waits for. */
function reached(
  jobs: readonly Made[],
  waitsOf: (job: number) => readonly number[],
): readonly ReadonlySet<number>[] {
  const before: Set<number>[] = [];
  for (const job of jobs.keys())
    before.push(new Set(waitsOf(job).flatMap((on) => [on, ...(before[on] ?? [])])));
  return before;
}

/** What the frontier says, its gates looked through. */
function byFrontier(jobs: readonly Made[], withGates: boolean): readonly ReadonlySet<number>[] {
  const sets = new AccessSets();
  const gates = new Map<number, readonly Wait[]>();
  const gate = (waits: readonly Wait[]): number => {
    const id = 1_000_000 + gates.size;
    gates.set(id, waits);
    return id;
  };
  const frontier = new Frontier({ label: String, gate: withGates ? gate : undefined });
  const through = (on: number): readonly number[] => {
    const waits = gates.get(on);
    return waits === undefined ? [on] : waits.flatMap((wait) => through(wait.on));
  };
  const waits = jobs.map((one, job) => {
    if (one === 'alone') {
      const found = frontier.waitsOfBarrier();
      frontier.addBarrier(job);
      return found.flatMap(({ on }) => through(on));
    }
    const accesses = accessesOf(sets, one);
    const found = frontier.waits(accesses);
    frontier.add(job, accesses, found);
    return found.flatMap(({ on }) => through(on));
  });
  return reached(jobs, (job) => waits[job] ?? []);
}

function byConflicts(jobs: readonly Made[]): readonly ReadonlySet<number>[] {
  return reached(jobs, (job) => {
    const one = jobs[job];
    return one === undefined
      ? []
      : [...jobs.slice(0, job).keys()].filter((other) => conflict(jobs[other] ?? 'alone', one));
  });
}

it.each([
  [false, 30],
  // Gates stand for long lists.
  [true, 90],
] as const)('orders what conflicts and nothing else, gates %s', (withGates, most) => {
  fc.assert(
    fc.property(fc.array(made, { maxLength: most, size: 'max' }), (jobs) => {
      expect(byFrontier(jobs, withGates)).toEqual(byConflicts(jobs));
    }),
    { numRuns: withGates ? 100 : 300 },
  );
});

/** Jobs in scripts of five, of which every other one is said to have no order. */
const SCRIPTS = Array.from({ length: 8 }, (_, index) => {
  const one = script(index, [{}]);
  return index % 2 === 0 ? { ...one, mode: { ...one.mode, order: 'none' as const } } : one;
});
const scriptOf = (job: number): number => Math.floor(job / 5);

function isFree(jobs: readonly Made[], one: number, other: number): boolean {
  const isSame = scriptOf(one) === scriptOf(other) && scriptOf(one) % 2 === 0;
  return isSame && jobs[one] !== 'alone' && jobs[other] !== 'alone';
}

it('lets the jobs of a script without an order overlap, and keeps all other orders', () => {
  fc.assert(
    fc.property(fc.array(made, { maxLength: 40, size: 'max' }), (jobs) => {
      const sets = new AccessSets();
      const frontier = new Frontier({ label: String, gate: undefined });
      const fileOrder = new FileOrder();
      const waits = jobs.map((one, job) => {
        const isAlone = one === 'alone';
        const accesses = isAlone ? undefined : accessesOf(sets, one);
        const found = accesses === undefined ? frontier.waitsOfBarrier() : frontier.waits(accesses);
        const real = fileOrder.waits(SCRIPTS[scriptOf(job)] ?? script(99, [{}]), found, isAlone);
        if (accesses === undefined) frontier.addBarrier(job);
        else frontier.add(job, accesses, found);
        fileOrder.add(job, { found, waits: real, isAlone });
        return real.map(({ on }) => on);
      });
      const ordered = reached(jobs, (job) => waits[job] ?? []);
      for (const [job, before] of ordered.entries())
        for (const other of jobs.slice(0, job).keys()) {
          const isWanted =
            conflict(jobs[other] ?? 'alone', jobs[job] ?? 'alone') && !isFree(jobs, job, other);
          if (isWanted) expect(before, `${job} after ${other}`).toContain(other);
        }
      for (const [job, direct] of waits.entries())
        for (const on of direct) expect(isFree(jobs, job, on), `${job} waits for ${on}`).toBe(false);
    }),
    { numRuns: 300 },
  );
});
