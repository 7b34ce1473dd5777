import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MaxRate } from '../../../src/api/max-rate.js';
import type { Rate } from '../../../src/api/options.js';
import type { RunEvent } from '../../../src/model/event.js';

const paused: (string | undefined)[] = [];
let isPaused = false;

function rateOf(rate: Rate): MaxRate {
  const run = {
    pause: (_: string, reason: string | undefined): void => {
      isPaused = true;
      paused.push(reason);
    },
    resume: (): void => {
      isPaused = false;
    },
  };
  return new MaxRate(rate, run, () => Date.now());
}

function ended(rows: number, duration: number): RunEvent {
  return { type: 'job-finished', at: Date.now(), job: 0, name: '', connection: 0, weight: 1, rows, duration };
}

function started(): RunEvent {
  return { type: 'job-started', at: Date.now(), job: 0, name: '', connection: 0, steps: 1, weight: 1 };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  paused.length = 0;
  isPaused = false;
});

afterEach(() => vi.useRealTimers());

describe('rows', () => {
  it('that took their time are not waited for', () => {
    const rate = rateOf({ rows: 100 });
    vi.advanceTimersByTime(1000);
    rate.hear(ended(100, 1000));
    expect(isPaused).toBe(false);
  });

  it('of several connections add up, and a long wait is told of', () => {
    const rate = rateOf({ rows: 100 });
    vi.advanceTimersByTime(1000);
    for (let connection = 0; connection < 4; connection++) rate.hear(ended(100, 1000));
    expect([isPaused, paused.at(-1)]).toEqual([true, 'not more than 100 rows/s']);
    vi.advanceTimersByTime(2990);
    expect(isPaused).toBe(true);
    vi.advanceTimersByTime(20);
    expect(isPaused).toBe(false);
  });

  it('that were not done in idle times are not saved for later', () => {
    const rate = rateOf({ rows: 100 });
    vi.advanceTimersByTime(60_000);
    rate.hear(ended(50, 0));
    expect([isPaused, paused]).toEqual([true, [undefined]]);
    vi.advanceTimersByTime(510);
    expect(isPaused).toBe(false);
  });
});

it('jobs are counted when they start', () => {
  const rate = rateOf({ jobs: 20 });
  rate.hear(started());
  expect(isPaused).toBe(true);
  rate.hear(ended(5000, 0));
  vi.advanceTimersByTime(49);
  expect(isPaused).toBe(true);
  vi.advanceTimersByTime(2);
  expect(isPaused).toBe(false);
});

it('nothing is waited for once it has ended', () => {
  const rate = rateOf({ rows: 1 });
  rate.hear(ended(1_000_000_000, 0));
  rate.end();
  expect(vi.getTimerCount()).toBe(0);
});
