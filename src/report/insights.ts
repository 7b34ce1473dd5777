import { readyTime } from './connection-times.js';
import type { ConnectionUse, RunSummary } from './run-summary.js';
import { connectionUses } from './run-totals.js';

/**
 * What each connection's time went into, and how evenly: pure functions of a RunSummary, in milliseconds.
 *
 * The phases of a connection add up to its life: from when it began to be opened to its goodbye, without what lay
 * between its loss and its renewal.
 */
export const PHASES = ['startup', 'init', 'waiting', 'working', 'exit'] as const;
export type Phase = (typeof PHASES)[number];

export type PhaseTimes = Readonly<Record<Phase, number>>;

export interface ConnectionInsight {
  readonly connection: number;
  /** More than one: it was renewed. */
  readonly openings: number;
  readonly jobs: number;
  readonly times: PhaseTimes;
  /** The share of its life that it worked, 0 to 1. */
  readonly ratio: number;
}

/** By number; those that were never opened have no life and are left out. */
export function connectionInsights(summary: RunSummary): readonly ConnectionInsight[] {
  return connectionUses(summary)
    .filter((use) => use.times.openings > 0)
    .map((use) => insightOf(use, summary.now));
}

function insightOf({ connection, jobs, busy, times }: ConnectionUse, now: number): ConnectionInsight {
  const { openings, startup, init, exit, inJobs } = times;
  const working = busy - inJobs;
  // Jobs are measured on their thread's clock, and may exceed by a hair the time they were waited for.
  const waiting = Math.max(0, readyTime(times, now) - working);
  const phases = { startup, init, waiting, working, exit };
  return { connection, openings, jobs, times: phases, ratio: workingRatio(phases) };
}

export function lifeOf(times: PhaseTimes): number {
  return PHASES.reduce((sum, phase) => sum + times[phase], 0);
}

export function workingRatio(times: PhaseTimes): number {
  const life = lifeOf(times);
  return life === 0 ? 0 : times.working / life;
}

export function totalTimes(all: readonly PhaseTimes[]): PhaseTimes {
  return eachPhase((phase) => sumOf(all.map((times) => times[phase])));
}

export interface Spread {
  readonly mean: number;
  /** The standard deviation of the whole population: these are all connections, not a sample of them. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = sumOf(values) / values.length;
  const deviation = Math.sqrt(sumOf(values.map((value) => (value - mean) ** 2)) / values.length);
  return { mean, deviation, least: Math.min(...values), most: Math.max(...values) };
}

export function eachPhase<T>(value: (phase: Phase) => T): Record<Phase, T> {
  return {
    startup: value('startup'),
    init: value('init'),
    waiting: value('waiting'),
    working: value('working'),
    exit: value('exit'),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
