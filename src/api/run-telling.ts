import type { PoolListener, PoolMessage } from '../db/pool.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { RunEvent, RunStatus } from '../model/event.js';
import type { Failure } from '../model/failure.js';
import { announcedRows, isGate } from '../model/job.js';
import type { OutputPart } from '../model/output.js';
import { formatPlace } from '../model/place.js';
import type { Plan } from '../model/plan.js';
import { fingerprintOf } from '../plan/durations.js';
import { criticalPath } from '../plan/graph.js';
import { readScripts, statementCount } from '../plan/read-scripts.js';
import { applyEvent, newSummary } from '../report/run-summary.js';
import type { Clock } from '../run/ports.js';
import { VERSION } from '../version.js';
import type { ConnectionSettings } from '../db/settings/resolve.js';
import { maskEvent } from './masking.js';
import type { RunOptions } from './options.js';
import type { RunOutput } from './run-output.js';
import type { RunResult } from './result.js';

/**
 * What a run tells: it is the run's clock, turns what the pool says into events, hands events to the listener and
 * what jobs print to the run's output, and keeps the totals.
 *
 * Connections open while the input is still being read; their events wait until `begin`, so that run-started is first.
 */
export class RunTelling implements Clock, PoolListener {
  readonly #options: Pick<RunOptions, 'onEvent'>;
  #began = performance.now();
  readonly #summary = newSummary();
  #early: RunEvent[] | undefined = [];
  #plan: Plan | undefined;
  #settings: readonly ConnectionSettings[] = [];
  #output: RunOutput | undefined;
  #listenerFailed = false;
  readonly #durations = new Map<number, number>();

  constructor(options: Pick<RunOptions, 'onEvent'>) {
    this.#options = options;
  }

  now(): number {
    return performance.now() - this.#began;
  }

  get anythingRan(): boolean {
    return this.#summary.firstStart !== undefined;
  }

  /** The first two events; from here on events flow. */
  begin(plan: Plan, facts: Beginning): void {
    // Times count from here: what came before (reading, connecting, starting a server) is not the run.
    this.#began = performance.now();
    const { settings, output, ...told } = facts;
    this.#plan = plan;
    this.#settings = settings;
    this.#output = output;
    const early = this.#early ?? [];
    this.#early = undefined;
    this.emit({
      type: 'run-started',
      at: 0,
      time: new Date().toISOString(),
      version: VERSION,
      ...told,
    });
    for (const event of early) this.emit({ ...event, at: 0 });
    const pieces = plan.jobs.flatMap(({ piece }) =>
      piece === undefined || piece.unit === 'record' ? [] : piece,
    );
    this.emit({
      type: 'plan-ready',
      at: this.now(),
      scripts: readScripts(plan).length,
      statements: statementCount(plan),
      jobs: plan.jobs.filter((job) => !isGate(job) && job.piece?.unit !== 'chunk').length,
      ...splitsOf(plan),
      weight: plan.jobs.reduce((sum, job) => sum + job.weight, 0),
      criticalPath: criticalPath(plan),
      ...(pieces.length === 0 ? {} : { rows: pieces.reduce((sum, piece) => sum + announcedRows(piece), 0) }),
    });
  }

  emit(told: RunEvent): void {
    if (this.#early !== undefined) {
      this.#early.push(told);
      return;
    }
    const event = maskEvent(told, this.#settings);
    applyEvent(this.#summary, event);
    if (event.type === 'job-finished') this.#durations.set(event.job, event.duration);
    if (WITHOUT_RESULTS.has(event.type) && 'job' in event) this.#output?.end(event.job);
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      // A listener cannot break the run; that it is broken is said once.
      if (!this.#listenerFailed) process.emitWarning(error instanceof Error ? error : String(error));
      this.#listenerFailed = true;
    }
  }

  warn(diagnostic: Diagnostic): void {
    this.emit({ type: 'warning', at: this.now(), diagnostic });
  }

  /** What a worker thread says while a job runs. */
  message(message: PoolMessage): void {
    const at = this.now();
    switch (message.kind) {
      case 'connected':
        return;
      case 'opened': {
        const { connection, backend, startup, init } = message;
        this.emit({ type: 'connection-opened', at, connection, backend, startup, init });
        return;
      }
      case 'lost':
        this.emit({ type: 'connection-lost', at, connection: message.connection, message: message.message });
        return;
      case 'retrying': {
        const { job, step, connection, failure, attempt, delay } = message;
        const { name = '', steps = [], target } = this.#plan?.jobs[job] ?? {};
        const place = steps[Math.min(step, steps.length - 1)]?.place ?? { file: name, line: 1, column: 1 };
        const on = target === undefined ? {} : { target: target.name };
        this.emit({ type: 'job-retrying', at, job, name, ...on, connection, place, failure, attempt, delay });
        return;
      }
      case 'progress': {
        const { job, connection, stepsDone, rows } = message;
        const steps = this.#plan?.jobs[job]?.steps ?? [];
        const place = steps[Math.min(stepsDone, steps.length - 1)]?.place;
        if (place !== undefined)
          this.emit({ type: 'job-progress', at, job, connection, stepsDone, rows, place });
      }
    }
  }

  output(job: number, parts: readonly OutputPart[], taken: () => void): void {
    this.#output?.add(job, parts, taken);
  }

  outcome(
    job: number,
    output: { readonly posted: number; readonly rest: readonly OutputPart[] },
  ): Failure | undefined {
    return this.#output?.end(job, output);
  }

  closed(connection: number, exit: number): void {
    this.emit({ type: 'connection-closed', at: this.now(), connection, exit });
  }

  /** How long each finished job took, by its fingerprint: what the next run is weighed by. */
  durations(): ReadonlyMap<string, number> {
    const known = new Map<string, number>();
    for (const [id, duration] of this.#durations) {
      const job = this.#plan?.jobs[id];
      // Thousands of small queries cost more to remember than their order could win.
      const isSmall = job?.batch !== undefined && duration < SMALL;
      // Another run cuts a table's rows otherwise.
      const isChunk = job?.piece?.unit === 'chunk';
      if (job !== undefined && !isSmall && !isChunk)
        known.set(fingerprintOf(job), Math.round(duration * 1000) / 1000);
    }
    return known;
  }

  /** The last event, and the run's result. */
  end(status: RunStatus): RunResult {
    const { jobs, statements, rows, jobTime, failures } = this.#summary;
    const counts = { done: jobs.done, failed: jobs.failed, skipped: jobs.skipped };
    this.emit({ type: 'run-finished', at: this.now(), status, ...counts });
    return { status, jobs: counts, statements, rows, wall: this.now(), jobTime, failures };
  }
}

function splitsOf({ jobs }: Plan): { readonly splits?: number } {
  const splits = new Set(
    jobs.flatMap(({ piece, steps, target }) =>
      piece?.unit === 'chunk' ? steps.map(({ place }) => `${target?.index ?? ''} ${formatPlace(place)}`) : [],
    ),
  );
  return splits.size === 0 ? {} : { splits: splits.size };
}

/** Milliseconds. */
const SMALL = 20;

interface Beginning {
  readonly inputs: readonly string[];
  readonly target: string;
  readonly targets: readonly string[];
  readonly connections: number;
  readonly output: RunOutput;
  /** What must not be told. */
  readonly settings: readonly ConnectionSettings[];
}

/** What tells the end of a job behind which no results come (any more). */
const WITHOUT_RESULTS: ReadonlySet<RunEvent['type']> = new Set([
  'job-skipped',
  'job-failed',
  'job-done-elsewhere',
  'job-unneeded',
]);
