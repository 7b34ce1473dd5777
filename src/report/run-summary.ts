import type { JobFailed, JobFinished, JobSkipped, JobStarted, PlanReady } from '../model/event.js';
import type { RunEvent, RunStatus } from '../model/event.js';
import type { StatementFailure } from '../model/failure.js';
import type { Piece } from '../model/job.js';
import {
  newConnectionTimes,
  recordClosed,
  recordJobEnd,
  recordJobStart,
  recordLost,
  recordOpened,
  type ConnectionTimes,
} from './connection-times.js';
import { newSlowStatements, recordStatement, type SlowStatements } from './slow-statements.js';

/**
 * The fold: events in, the state of the run out. Every total that any reporter shows comes from here.
 *
 * applyEvent() is the only door by which a summary changes; it does no I/O and reads no clock (time is the `at` of
 * the events). It changes the summary in place: a run may have a million events, and copying tables for each would
 * cost more than the run's own bookkeeping. What can be computed from the state is a function in run-totals.ts.
 */
export interface RunSummary {
  status: 'running' | RunStatus;
  target: string;
  /** How many connections the run was given. */
  connectionsGiven: number;
  plan: PlanReady | undefined;
  /** The latest moment any event told of. */
  now: number;
  /** When the first job began. */
  firstStart: number | undefined;
  readonly jobs: JobCounts;
  /** Statements done; a split is one, however many of its pieces are. */
  statements: number;
  /** Rows of jobs that ended. */
  rows: number;
  /** Milliseconds that jobs took, all connections together. */
  jobTime: number;
  /** Weight and time of the jobs done: what the ETA learns from. */
  readonly learned: { weight: number; time: number };
  /** Weight of the jobs that will not run here (again): failed, cancelled, skipped, or done elsewhere. */
  weightLost: number;
  /** By job. */
  readonly running: Map<number, RunningJob>;
  /** By connection. */
  readonly connections: Map<number, ConnectionUse>;
  /** By target, where they have names. */
  readonly targets: Map<string, TargetCounts>;
  readonly slow: SlowStatements;
  /** Jobs that failed of themselves, the earliest first; the first KEPT_FAILURES. */
  readonly failures: FailedJob[];
  /** How many jobs were skipped, by the job whose failure is the cause. */
  readonly skippedFor: Map<number, number>;
  notices: number;
  /** What is done is recorded, and the next run goes on behind it. */
  hasJournal: boolean;
  /** Milliseconds that nothing new could start, because the database asked for that. */
  paused: number;
  /** Statements that were sent again. */
  retries: number;
  warnings: number;
  /** Why nothing new starts any more. */
  cancelling: string | undefined;
  /** Pieces of splits, by job: what a later event of that job belongs to. */
  readonly pieces: Map<number, Piece>;
  /** Pieces of tables that have begun (the plan does not know how many there will be), and about how many of their rows are behind us. */
  readonly walk: { pieces: number; rows: number; all: number };
}

/** Jobs that ended: `done`, `failed` and `skipped` add up to all of them. */
export interface JobCounts {
  done: number;
  failed: number;
  skipped: number;
  /** Of the done: those that another pqrun has done. */
  elsewhere: number;
  /** Of the failed: those that pqrun itself cancelled. */
  cancelled: number;
  /** Of the skipped: those that nothing kept from running but that nothing new starts any more. */
  stopped: number;
}

/** Of one target: what became of its jobs. */
export interface TargetCounts {
  done: number;
  failed: number;
  cancelled: number;
  skipped: number;
}

export interface RunningJob {
  readonly job: number;
  readonly name: string;
  readonly target: string | undefined;
  readonly connection: number;
  readonly since: number;
  readonly steps: number;
  readonly weight: number;
  readonly piece: Piece | undefined;
  stepsDone: number;
  rows: number;
}

export interface ConnectionUse {
  readonly connection: number;
  /** Milliseconds in jobs that ended. */
  busy: number;
  jobs: number;
  readonly times: ConnectionTimes;
}

export interface FailedJob {
  readonly job: number;
  readonly name: string;
  readonly target?: string | undefined;
  readonly failures: readonly StatementFailure[];
  readonly piece: Piece | undefined;
}

export const KEPT_FAILURES = 100;

export function newSummary(): RunSummary {
  return {
    status: 'running',
    target: '',
    connectionsGiven: 0,
    plan: undefined,
    now: 0,
    firstStart: undefined,
    jobs: { done: 0, failed: 0, skipped: 0, elsewhere: 0, cancelled: 0, stopped: 0 },
    statements: 0,
    rows: 0,
    jobTime: 0,
    learned: { weight: 0, time: 0 },
    weightLost: 0,
    running: new Map(),
    connections: new Map(),
    targets: new Map(),
    slow: newSlowStatements(),
    failures: [],
    skippedFor: new Map(),
    notices: 0,
    hasJournal: false,
    paused: 0,
    retries: 0,
    warnings: 0,
    cancelling: undefined,
    pieces: new Map(),
    walk: { pieces: 0, rows: 0, all: 0 },
  };
}

export function applyEvent(summary: RunSummary, event: RunEvent): void {
  // Statements are told after the fact, so `at` may step back.
  summary.now = Math.max(summary.now, event.at);
  switch (event.type) {
    case 'run-started':
      summary.target = event.target;
      summary.connectionsGiven = event.connections;
      for (const name of event.targets ?? [])
        summary.targets.set(name, { done: 0, failed: 0, cancelled: 0, skipped: 0 });
      return;
    case 'plan-ready':
      summary.plan = event;
      return;
    case 'journal-read':
      summary.hasJournal = true;
      return;
    case 'connection-opened':
      recordOpened(useOf(summary, event.connection).times, event);
      return;
    case 'connection-lost':
      summary.warnings++;
      recordLost(useOf(summary, event.connection).times, event);
      return;
    case 'connection-closed':
      recordClosed(useOf(summary, event.connection).times, event);
      return;
    case 'job-started':
      startJob(summary, event);
      return;
    case 'job-retrying':
      summary.retries++;
      return;
    case 'job-progress': {
      const job = summary.running.get(event.job);
      if (job !== undefined) Object.assign(job, { stepsDone: event.stepsDone, rows: event.rows });
      return;
    }
    case 'notice':
      summary.notices++;
      return;
    case 'statement-finished': {
      const job = summary.running.get(event.job);
      if (job === undefined || recordStatement(summary.slow, event, job)) summary.statements++;
      return;
    }
    case 'job-finished':
      endJob(summary, event);
      summary.jobs.done++;
      countFor(summary, event, 'done');
      summary.learned.weight += event.weight;
      summary.learned.time += event.duration;
      return;
    case 'job-done-elsewhere':
      summary.jobs.done++;
      summary.jobs.elsewhere++;
      summary.weightLost += event.weight;
      countFor(summary, event, 'done');
      return;
    case 'job-failed':
      failJob(summary, event);
      return;
    case 'split-cut':
      summary.walk.all += event.rows;
      return;
    case 'job-unneeded':
      return;
    case 'job-skipped':
      skipJob(summary, event);
      return;
    case 'run-paused':
      return;
    case 'run-resumed':
      summary.paused += event.paused;
      return;
    case 'run-draining':
    case 'run-cancelling':
      summary.cancelling = event.reason;
      return;
    case 'run-finished':
      summary.status = event.status;
      return;
    case 'warning':
      summary.warnings++;
      return;
    default:
      // A kind that a newer pqrun wrote into the log tells an older one nothing.
      event satisfies never;
  }
}

function startJob(summary: RunSummary, event: JobStarted): void {
  const { at, job, name, target, connection, steps, weight, piece } = event;
  summary.firstStart ??= at;
  recordJobStart(useOf(summary, connection).times);
  if (piece !== undefined) summary.pieces.set(job, piece);
  if (piece?.unit === 'chunk') summary.walk.pieces++;
  const running = { job, name, target, connection, steps, weight, piece, since: at, stepsDone: 0, rows: 0 };
  summary.running.set(job, running);
}

/** What every ended job adds, however it ended. */
function endJob(summary: RunSummary, event: JobFinished | JobFailed): void {
  const since = summary.running.get(event.job)?.since ?? event.at - event.duration;
  const piece = summary.running.get(event.job)?.piece;
  if (piece?.unit === 'chunk') summary.walk.rows += piece.rows;
  summary.running.delete(event.job);
  summary.rows += event.rows;
  summary.jobTime += event.duration;
  const use = useOf(summary, event.connection);
  use.busy += event.duration;
  use.jobs++;
  recordJobEnd(use.times, { wall: event.at - since, duration: event.duration });
}

function failJob(summary: RunSummary, event: JobFailed): void {
  endJob(summary, event);
  summary.weightLost += event.weight;
  summary.jobs.failed++;
  countFor(summary, event, event.cancelled ? 'cancelled' : 'failed');
  if (event.cancelled) {
    summary.jobs.cancelled++;
    return;
  }
  if (summary.failures.length >= KEPT_FAILURES) return;
  const { job, name, target, failures } = event;
  summary.failures.push({ job, name, target, failures, piece: summary.pieces.get(job) });
}

function countFor(
  summary: RunSummary,
  { target }: { readonly target?: string },
  end: keyof TargetCounts,
): void {
  const counts = target === undefined ? undefined : summary.targets.get(target);
  if (counts !== undefined) counts[end]++;
}

function skipJob(summary: RunSummary, event: JobSkipped): void {
  summary.weightLost += event.weight;
  summary.jobs.skipped++;
  countFor(summary, event, 'skipped');
  if (event.reason === 'stopped') summary.jobs.stopped++;
  if (event.cause === undefined) return;
  summary.skippedFor.set(event.cause, (summary.skippedFor.get(event.cause) ?? 0) + 1);
}

function useOf(summary: RunSummary, connection: number): ConnectionUse {
  const use = summary.connections.get(connection) ?? {
    connection,
    busy: 0,
    jobs: 0,
    times: newConnectionTimes(),
  };
  summary.connections.set(connection, use);
  return use;
}
