import { describe, expect, it } from 'vitest';
import { TimedBudget } from '../../../src/api/replan-budget.js';

const QUICK = { isOpaque: false, mayTakeLong: false };
const LONG = { isOpaque: false, mayTakeLong: true };

/** At a time that is set, in milliseconds. */
function budget(): { readonly budget: TimedBudget; readonly clock: { at: number } } {
  const clock = { at: 1000 };
  return { budget: new TimedBudget(() => clock.at), clock };
}

describe('the catalog is read again', () => {
  it('behind the first barriers of a run', () => {
    const { budget: own } = budget();
    expect(own.isWorth(QUICK)).toBe(true);
    own.spend(99);
    expect(own.isWorth(QUICK)).toBe(true);
  });

  it('not where the next statement is opaque, too', () => {
    expect(budget().budget.isWorth({ ...LONG, isOpaque: true })).toBe(false);
  });

  it('for a tenth of the time, and a fifth in front of what may take long', () => {
    const { budget: own, clock } = budget();
    own.isWorth(QUICK);
    own.spend(500);
    expect([own.isWorth(QUICK), own.isWorth(LONG)]).toEqual([false, false]);
    clock.at += 1001;
    expect([own.isWorth(QUICK), own.isWorth(LONG)]).toEqual([false, true]);
    clock.at += 3000;
    expect([own.isWorth(QUICK), own.isWorth(LONG)]).toEqual([true, true]);
  });
});
