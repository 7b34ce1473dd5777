import type { ConnectionClosed, ConnectionLost, ConnectionOpened } from '../model/event.js';

/**
 * What the time of one connection went into beside jobs: being opened (again, when it was renewed), --init-sql,
 * --exit-sql, and how long it was there for jobs.
 *
 * A connection is renewed in the course of a job, whose duration then holds the opening. What is counted as opening is
 * told apart here (`inJobs`), so that no millisecond counts twice.
 */
export interface ConnectionTimes {
  /** How often it was opened. */
  openings: number;
  /** Milliseconds; of all openings together. */
  startup: number;
  init: number;
  exit: number;
  /** Milliseconds that it was there for jobs, without the spell that lasts. */
  ready: number;
  /** Since when it is there. */
  readySince: number | undefined;
  /** Milliseconds of opening that durations of jobs hold. */
  inJobs: number;
  /** Milliseconds of opening since a job was last sent. */
  renewing: number;
}

export function newConnectionTimes(): ConnectionTimes {
  return {
    openings: 0,
    startup: 0,
    init: 0,
    exit: 0,
    ready: 0,
    readySince: undefined,
    inJobs: 0,
    renewing: 0,
  };
}

export function recordOpened(times: ConnectionTimes, event: ConnectionOpened): void {
  const { at, startup, init } = event;
  endSpell(times, at - startup - init);
  times.readySince = at;
  times.startup += startup;
  times.init += init;
  if (times.openings > 0) times.renewing += startup + init;
  times.openings++;
}

export function recordLost(times: ConnectionTimes, event: ConnectionLost): void {
  endSpell(times, event.at);
}

export function recordClosed(times: ConnectionTimes, event: ConnectionClosed): void {
  endSpell(times, event.at - event.exit);
  times.exit += event.exit;
}

export function recordJobStart(times: ConnectionTimes): void {
  times.renewing = 0;
}

/**
 * `wall`: from the sending of the job (or of the batch it was in) to its end. Of a job that went alone the duration is
 * nearly all of it, an opening included; those of a batch's jobs count only from when the connection was ready.
 */
export function recordJobEnd(times: ConnectionTimes, job: { wall: number; duration: number }): void {
  times.inJobs += Math.max(0, job.duration - Math.max(0, job.wall - times.renewing));
}

/** Milliseconds that the connection was there for jobs. */
export function readyTime(times: ConnectionTimes, now: number): number {
  const spell = times.readySince === undefined ? 0 : Math.max(0, now - times.readySince);
  return times.ready + spell;
}

function endSpell(times: ConnectionTimes, at: number): void {
  times.ready = readyTime(times, at);
  times.readySince = undefined;
}
