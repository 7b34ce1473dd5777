import type { Client } from 'pg';
import { quoteIdentifier, quoteLiteral } from '../../script/variables.js';
import { patiently } from '../patience.js';
import type { JournalSetup } from '../task.js';
import {
  advisoryLocks,
  entranceLock,
  participantLock,
  participantSessions,
  runLock,
  type LockKeys,
} from './journal-sql.js';

/**
 * Several pqruns at work on one run (--join), seen from one of them in one database.
 *
 * Its journal connection holds two advisory locks, which go with it however it ends: a share of the run's lock, by which
 * somebody without --join finds out, and a lock of its own, by which the others see that it lives. They enter and leave one by one
 * (the entrance lock), so that there is one who is the first, and reads the journal before anything is done, and one who is the last.
 *
 * `claim` has a row for each unit that somebody has taken. It stays when the unit is done, so that nobody who has not heard of
 * that takes it again. Claims of what was not done go when their owner gives them back; when he is gone, once his sessions are gone, too.
 *
 * It does not know what units are, and in which order they may be done.
 */
export class Participation {
  readonly #client: Client;
  readonly #setup: JournalSetup;
  readonly #id: number;
  #lost: Error | undefined;
  /** Settled when the last query that was asked for is answered. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: Client, setup: JournalSetup, id: number) {
    this.#client = client;
    this.#setup = setup;
    this.#id = id;
    client.on('end', () => (this.#lost ??= new Error('the connection to the journal was lost')));
  }

  /** Whether somebody is there already; `refused`: the run is not shared. The entrance stays closed behind it until `admitOthers`. */
  async enter(): Promise<Entered | 'refused'> {
    const [lock] = await this.#rows<{ taken: boolean }>(
      `SELECT pg_catalog.pg_advisory_lock(${keys(entranceLock(this.#setup.run))}), pg_catalog.pg_try_advisory_lock_shared(${keys(runLock(this.#setup.run))}) AS taken`,
    );
    if (lock?.taken !== true) return 'refused';
    return { others: (await this.#others()).length };
  }

  /** It is one of them from here on. */
  async register(host: string): Promise<void> {
    const { run } = this.#setup;
    await this.#rows(`SELECT pg_catalog.pg_advisory_lock(${keys(participantLock(this.#id))})`);
    await this.#rows(
      `INSERT INTO ${this.#table('participant')} (run, participant, host, pid) VALUES ($1, $2, $3, $4)`,
      [run, this.#id, host, process.pid],
    );
  }

  /** What those before have left: nobody is there. */
  async clear(): Promise<void> {
    for (const name of ['claim', 'participant'])
      await this.#rows(`DELETE FROM ${this.#table(name)} WHERE run = $1`, [this.#setup.run]);
  }

  async admitOthers(): Promise<void> {
    await this.#unlock(entranceLock(this.#setup.run));
  }

  /** Claims what nobody has claimed. Returns what it got. */
  async claim(units: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#rows<{ key: string }>(
      `INSERT INTO ${this.#table('claim')} (run, key, participant)
        SELECT $1, key, $2 FROM pg_catalog.unnest($3::pg_catalog.text[]) AS key ORDER BY key
        ON CONFLICT DO NOTHING RETURNING key`,
      [this.#setup.run, this.#id, units],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** What was claimed will not be done by this one. */
  async release(units: readonly string[]): Promise<void> {
    await this.#rows(
      `DELETE FROM ${this.#table('claim')} AS c WHERE run = $1 AND participant = $2 AND key = ANY($3) AND ${this.#isUndone}`,
      [this.#setup.run, this.#id, units],
    );
  }

  /** What was claimed, and is not done, has failed, and is not to be tried by others. */
  async fail(units: readonly string[], message: string): Promise<void> {
    await this.#rows(
      `UPDATE ${this.#table('claim')} AS c SET failed = $4
        WHERE run = $1 AND participant = $2 AND key = ANY($3) AND ${this.#isUndone}`,
      [this.#setup.run, this.#id, units, message],
    );
  }

  /** How it stands with units that others have, or had. */
  async look(units: readonly string[]): Promise<readonly Standing[]> {
    return this.#rows<Standing>(
      `WITH alive AS MATERIALIZED (${ALIVE})
        SELECT u.key, j.key IS NOT NULL AS done, c.participant, c.failed, a.objid IS NOT NULL AS "isAlive",
            coalesce(p.host, '') AS host, coalesce(p.pid, 0) AS pid
          FROM pg_catalog.unnest($2::pg_catalog.text[]) AS u (key)
          LEFT JOIN ${this.#table('job')} AS j ON j.run = $1 AND j.key = u.key
          LEFT JOIN ${this.#table('claim')} AS c ON c.run = $1 AND c.key = u.key
          LEFT JOIN ${this.#table('participant')} AS p ON p.run = $1 AND p.participant = c.participant
          LEFT JOIN alive AS a ON a.objid = c.participant`,
      [this.#setup.run, units],
    );
  }

  /** Of all units that are done. */
  get doneQuery(): string {
    return `SELECT key FROM ${this.#table('job')} WHERE run = ${quoteLiteral(this.#setup.run)}`;
  }

  /** One that is gone: ends what it has left on the server, and frees what it had not done. False: it lives, or somebody else is at it. */
  async takeOver(participant: number): Promise<boolean> {
    const lock = keys(participantLock(participant));
    const [answer] = await this.#rows<{ taken: boolean }>(
      `SELECT pg_catalog.pg_try_advisory_lock(${lock}) AS taken`,
    );
    if (answer?.taken !== true) return false;
    try {
      await endSessions(this.#client, participantSessions(participant));
      await this.#freeClaims(participant);
      const gone = await this.#rows(
        `DELETE FROM ${this.#table('participant')} WHERE run = $1 AND participant = $2 RETURNING host`,
        [this.#setup.run, participant],
      );
      return gone.length > 0;
    } finally {
      await this.#unlock(participantLock(participant));
    }
  }

  /** All its jobs have ended. Whether it was the last; the entrance is closed then, until the connection is. */
  async leave(): Promise<boolean> {
    const { run } = this.#setup;
    await this.#rows(`SELECT pg_catalog.pg_advisory_lock(${keys(entranceLock(run))})`);
    const isLast = (await this.#others()).length === 0;
    if (isLast) await this.clear();
    else {
      await this.#freeClaims(this.#id);
      // Whoever leaves next must not take it for one of those who are left, though its connection lasts a little longer.
      await this.#unlock(participantLock(this.#id));
      await this.admitOthers();
    }
    return isLast;
  }

  /** What somebody had claimed, and has neither done nor failed to do. */
  async #freeClaims(participant: number): Promise<void> {
    await this.#rows(
      `DELETE FROM ${this.#table('claim')} AS c
        WHERE run = $1 AND participant = $2 AND failed IS NULL AND ${this.#isUndone}`,
      [this.#setup.run, participant],
    );
  }

  /** Of a claim `c`. */
  get #isUndone(): string {
    return `NOT EXISTS (SELECT FROM ${this.#table('job')} AS j WHERE j.run = c.run AND j.key = c.key)`;
  }

  /** Who else lives. */
  #others(): Promise<readonly { readonly participant: number }[]> {
    return this.#rows(
      `WITH alive AS MATERIALIZED (${ALIVE})
        SELECT p.participant FROM ${this.#table('participant')} AS p JOIN alive AS a ON a.objid = p.participant
        WHERE p.run = $1 AND p.participant <> $2`,
      [this.#setup.run, this.#id],
    );
  }

  async #unlock(lock: LockKeys): Promise<void> {
    await this.#rows(`SELECT pg_catalog.pg_advisory_unlock(${keys(lock)})`);
  }

  async #rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const answer = this.#turn.then(() => {
      if (this.#lost !== undefined) throw this.#lost;
      return this.#client.query<Row>(text, [...values]);
    });
    this.#turn = answer.catch(() => undefined);
    return (await answer).rows;
  }

  #table(name: string): string {
    return `${quoteIdentifier(this.#setup.schema)}.${name}`;
  }
}

export interface Entered {
  /** How many others are at work on the run. */
  readonly others: number;
}

/** Of a unit. */
export interface Standing {
  readonly key: string;
  readonly done: boolean;
  /** Null: nobody has claimed it. */
  readonly participant: number | null;
  /** Null: it has not. */
  readonly failed: string | null;
  /** Whoever has claimed it lives. */
  readonly isAlive: boolean;
  readonly host: string;
  readonly pid: number;
}

/** Ends the sessions that hold a lock, and waits for that; returns how many they were. */
export async function endSessions(client: Client, lock: LockKeys): Promise<number> {
  let ended = 0;
  const areGone = await patiently(async () => {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT l.pid, pg_catalog.pg_terminate_backend(l.pid) FROM (${advisoryLocks('l.pid')} AND l.classid = $1 AND l.objid = $2) AS l`,
      [...lock],
    );
    ended = Math.max(ended, rows.length);
    return rows.length === 0 ? true : undefined;
  });
  if (areGone === undefined) throw new Error('sessions of a pqrun that is gone do not end');
  return ended;
}

const ALIVE = `${advisoryLocks('l.objid::pg_catalog.int8 AS objid')} AND l.classid = ${participantLock(0)[0]}`;

function keys(lock: LockKeys): string {
  return lock.join(', ');
}
