import type { RunEvent } from '../../../src/model/event.js';
import type { ServerFailure, StatementFailure } from '../../../src/model/failure.js';
import type { Piece } from '../../../src/model/job.js';
import type { Place } from '../../../src/model/place.js';
import type { Output, RunClock } from '../../../src/report/reporter.js';
import { applyEvent, newSummary, type RunSummary } from '../../../src/report/run-summary.js';

/** Events made by hand, an output that remembers, and a clock that a test holds. */

export const started = {
  type: 'run-started' as const,
  at: 0,
  time: '2026-01-02T03:04:05.000Z',
  version: '0.1.0',
  inputs: ['build'],
  target: 'postgres@localhost:5432/shop',
  connections: 4,
} satisfies RunEvent;

export function runStarted(connections: number): RunEvent {
  return { ...started, connections };
}

export function planReady(jobs: number, extra: { weight?: number; criticalPath?: number } = {}): RunEvent {
  const { weight = jobs, criticalPath = 1 } = extra;
  return { type: 'plan-ready', at: 0, scripts: 3, statements: jobs * 2, jobs, weight, criticalPath };
}

export function at(file: string, line: number, column = 1): Place {
  return { file, line, column };
}

/** A piece of a split into pieces of the same size. */
export function pieceOf(index: number, count: number, rows: number): Piece {
  return { index, count, unit: 'rows', rows, lo: index * rows + 1, hi: (index + 1) * rows };
}

export interface Spell {
  readonly job: number;
  readonly connection?: number;
  readonly from: number;
  readonly to: number;
  readonly name?: string;
  readonly rows?: number;
  readonly weight?: number;
  readonly steps?: number;
  readonly piece?: Piece;
  readonly place?: Place;
  readonly tag?: string;
  readonly statement?: string;
}

function settled(spell: Spell): Required<Omit<Spell, 'piece'>> {
  const { job, from, to, connection = 0, rows = 0, weight = 1, steps = 1 } = spell;
  const place = spell.place ?? at(`job-${job}.sql`, 1);
  const name = spell.name ?? `${place.file}:${place.line}`;
  return {
    job,
    from,
    to,
    connection,
    rows,
    weight,
    steps,
    place,
    name,
    tag: spell.tag ?? `INSERT 0 ${rows}`,
    statement: spell.statement ?? 'INSERT INTO t SELECT 1',
  };
}

export function connectionOpened(
  time: number,
  facts: { connection?: number; startup?: number; init?: number } = {},
): RunEvent {
  const { connection = 0, startup = 0, init = 0 } = facts;
  return { type: 'connection-opened', at: time, connection, backend: 4711, startup, init };
}

export function connectionClosed(time: number, exit: number, connection = 0): RunEvent {
  return { type: 'connection-closed', at: time, connection, exit };
}

export function jobStarted(spell: Omit<Spell, 'to'>): RunEvent {
  const { job, name, connection, from, steps, weight } = settled({ ...spell, to: spell.from });
  const event = { type: 'job-started', at: from, job, name, connection, steps, weight } as const;
  return spell.piece === undefined ? event : { ...event, piece: spell.piece };
}

/** A job that is done: start, statement, end. */
export function jobDone(spell: Spell): readonly RunEvent[] {
  const { job, name, connection, from, to, rows, weight, place, tag, statement } = settled(spell);
  const duration = to - from;
  return [
    jobStarted(spell),
    { type: 'statement-finished', at: to, job, place, statement, tag, rows, duration },
    { type: 'job-finished', at: to, job, name, connection, weight, rows, duration },
  ];
}

export function jobFailed(
  spell: Spell,
  failures: readonly StatementFailure[],
  cancelled = false,
): RunEvent[] {
  const { job, name, connection, from, to, rows, weight } = settled(spell);
  return [
    jobStarted(spell),
    {
      type: 'job-failed',
      at: to,
      job,
      name,
      connection,
      weight,
      rows,
      duration: to - from,
      failures,
      cancelled,
    },
  ];
}

export function runFinished(time: number, status: 'done' | 'failed' | 'interrupted'): RunEvent {
  return { type: 'run-finished', at: time, status, done: 0, failed: 0, skipped: 0 };
}

export function serverFailure(extra: Partial<ServerFailure> = {}): ServerFailure {
  return {
    kind: 'server',
    severity: 'ERROR',
    code: '42P01',
    message: 'relation "x" does not exist',
    ...extra,
  };
}

export function statementFailure(extra: Partial<StatementFailure> = {}): StatementFailure {
  return {
    failure: serverFailure(),
    step: 0,
    place: at('build/03.sql', 12, 8),
    statement: 'INSERT INTO x\nSELECT 1',
    ...extra,
  };
}

/** Remembers what was written, one entry a write. */
export class MemoryOutput implements Output {
  readonly writes: string[] = [];
  columns = 80;
  rows = 24;
  readonly isTTY = true;

  write(text: string): void {
    this.writes.push(text);
  }

  get text(): string {
    return this.writes.join('');
  }
}

/** A clock that goes on only when told; ticks are due as on a real one. */
export class HandClock implements RunClock {
  #now = 0;
  readonly #ticks = new Set<{ due: number; every: number; tick: () => void }>();

  now(): number {
    return this.#now;
  }

  every(milliseconds: number, tick: () => void): () => void {
    const entry = { due: this.#now + milliseconds, every: milliseconds, tick };
    this.#ticks.add(entry);
    return () => this.#ticks.delete(entry);
  }

  goTo(time: number): void {
    for (const entry of this.#ticks) {
      while (entry.due <= time) {
        this.#now = entry.due;
        entry.due += entry.every;
        entry.tick();
      }
    }
    this.#now = time;
  }

  get waiting(): number {
    return this.#ticks.size;
  }
}

/** The state after these events. */
export function fold(...events: readonly (RunEvent | readonly RunEvent[])[]): RunSummary {
  const summary = newSummary();
  for (const event of events.flat()) applyEvent(summary, event);
  return summary;
}
