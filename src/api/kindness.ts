import { ConnectionLost } from '../db/connection-lost.js';
import type { Controls } from '../db/controls.js';
import { InputError } from '../model/diagnostic.js';
import type { PauseCause } from '../run/pause.js';
import { quoteLiteral } from '../script/variables.js';
import type { RunOptions } from './options.js';

/**
 * Kindness to the database: questions that are put to it every second, and as long as an answer says so nothing new starts. What
 * runs goes on.
 *
 * A question is a query; its first value is the answer: nothing (no row, NULL, false, an empty text) lets the run go on, any other
 * text is the reason to pause.
 */
export interface Pausing {
  /** Without a reason it is not worth telling. */
  pause(cause: PauseCause, reason: string | undefined): void;
  resume(cause: PauseCause): void;
}

export class Kindness {
  readonly #controls: Controls;
  readonly #questions: readonly Question[];
  readonly #run: Pausing;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(controls: Controls, questions: readonly Question[], run: Pausing) {
    this.#controls = controls;
    this.#questions = questions;
    this.#run = run;
  }

  /** Asks for the first time. Throws InputError where a question cannot be asked. */
  async begin(): Promise<void> {
    if (this.#questions.length === 0) return;
    this.#obey(await this.#ask());
    this.#wait();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#ask()
        .then((reason) => this.#obey(reason))
        // A server that does not answer is told of by whoever needs it.
        .catch(() => undefined)
        .finally(() => this.#wait());
    }, INTERVAL);
  }

  #obey(reason: string | undefined): void {
    if (this.#isOver) return;
    if (reason === undefined) this.#run.resume('asked');
    else this.#run.pause('asked', reason);
  }

  async #ask(): Promise<string | undefined> {
    for (const { option, query } of this.#questions) {
      const values = await this.#controls.firstValues(query).catch((error: unknown) => {
        throw refused(option, error);
      });
      const reason = values.find((value) => value !== undefined && value !== '' && value !== 'false');
      if (reason !== undefined) return reason === 'true' ? 'the database asks for it' : reason;
    }
    return undefined;
  }
}

interface Question {
  /** Whose it is. */
  readonly option: string;
  readonly query: string;
}

/** A server that is lost is told of as one; what it says no to is the option's fault. */
function refused(option: string, error: unknown): unknown {
  if (error instanceof ConnectionLost) return error;
  const message = `${option}: ${error instanceof Error ? error.message : String(error)}`;
  const hint = 'it takes a query whose first value says why to pause, and is NULL or false otherwise';
  const more = option === '--pause-when' ? { hint } : {};
  return new InputError([{ severity: 'error', message, ...more }]);
}

/** What is asked for these options. */
export function questionsOf({ pauseWhen, maxReplicaLag, maxActive }: RunOptions): readonly Question[] {
  return [
    ...(pauseWhen === undefined ? [] : [{ option: '--pause-when', query: pauseWhen }]),
    ...(maxReplicaLag === undefined
      ? []
      : [{ option: '--max-replica-lag', query: replicaLag(maxReplicaLag) }]),
    ...(maxActive === undefined ? [] : [{ option: '--max-active', query: othersActive(maxActive) }]),
  ];
}

/** pg_stat_replication: what has been written here and is not replayed there; its columns need pg_monitor. */
function replicaLag(most: number): string {
  return `SELECT ${quoteLiteral('replica lag ')} || pg_catalog.round(pg_catalog.max(extract(epoch FROM replay_lag))::numeric, 1) || ' s'
    FROM pg_catalog.pg_stat_replication HAVING pg_catalog.max(extract(epoch FROM replay_lag)) * 1000 > ${most}`;
}

/** Sessions that run something, and are not pqrun's. */
function othersActive(most: number): string {
  return `SELECT pg_catalog.count(*) || ' other sessions are active'
    FROM pg_catalog.pg_stat_activity
    WHERE state = 'active' AND backend_type = 'client backend' AND application_name NOT LIKE 'pqrun%'
    HAVING pg_catalog.count(*) > ${most}`;
}

const INTERVAL = 1000;
