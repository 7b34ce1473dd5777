import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../../script/variables.js';

/**
 * The journal's tables and its one function, in a schema of their own in each target database.
 *
 * `job` has a row for each unit that is done (plan/journal-units.ts), written in the transaction that did it. Its primary key
 * is what keeps a unit from being done twice: a second transaction that has done the same cannot commit. `run` has a row for
 * each run, by its name.
 *
 * Jobs may run under any role (SET ROLE), so rows are written by a function of the owner's, which minds who has logged in.
 */
export const JOURNAL_VERSION = 1;

/** What the journal of a schema consists of; made on first use. */
export function createJournal(schema: string): string {
  const s = quoteIdentifier(schema);
  return `
CREATE SCHEMA IF NOT EXISTS ${s};
COMMENT ON SCHEMA ${s} IS 'What pqrun has done (pqrun --journal). Version ${JOURNAL_VERSION}.';
CREATE TABLE IF NOT EXISTS ${s}.run (
  run text PRIMARY KEY,
  began timestamptz NOT NULL DEFAULT pg_catalog.now(),
  pieces integer NOT NULL,
  single boolean NOT NULL,
  plan text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  since timestamptz NOT NULL DEFAULT pg_catalog.now(),
  ended timestamptz,
  status text,
  version text NOT NULL
);
COMMENT ON TABLE ${s}.run IS 'Runs, by their names. The last pqrun that worked on it: host, pid, since, ended, status.';
COMMENT ON COLUMN ${s}.run.pieces IS 'Connections that splits were cut for.';
COMMENT ON COLUMN ${s}.run.single IS 'Each script was one transaction.';
COMMENT ON COLUMN ${s}.run.plan IS 'Keys of all that the scripts had to do, one a line.';
CREATE TABLE IF NOT EXISTS ${s}.job (
  run text NOT NULL REFERENCES ${s}.run ON DELETE CASCADE,
  key text NOT NULL,
  name text NOT NULL,
  rows bigint NOT NULL,
  began timestamptz NOT NULL,
  ended timestamptz NOT NULL,
  attempt integer NOT NULL,
  connection integer NOT NULL,
  backend integer NOT NULL,
  version text NOT NULL,
  PRIMARY KEY (run, key)
);
COMMENT ON TABLE ${s}.job IS 'What is done, each in the transaction that did it: a statement, a transaction block, a piece of a split, a script.';
COMMENT ON COLUMN ${s}.job.name IS 'script:line, with the piece of a split';
COMMENT ON COLUMN ${s}.job.key IS 'A hash of the texts, and which of several equal ones it is.';
CREATE OR REPLACE FUNCTION ${s}.record(jobs json, again boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $record$
BEGIN
  IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    RAISE EXCEPTION '% may not write this journal', session_user USING ERRCODE = '42501';
  END IF;
  INSERT INTO ${s}.job AS j
    SELECT d.run, d.key, d.name, d.rows, clock_timestamp() - d.ms * interval '1 millisecond', clock_timestamp(),
        d.attempt, d.connection, pg_backend_pid(), d.version
      FROM json_to_recordset(jobs) AS d (run text, key text, name text, rows bigint, ms float8, attempt integer,
        connection integer, version text)
      WHERE NOT again OR NOT EXISTS (SELECT FROM ${s}.job AS o WHERE o.run = d.run AND o.key = d.key);
END $record$;
GRANT USAGE ON SCHEMA ${s} TO PUBLIC;`;
}

/** $1: the jobs; $2: what has been recorded already is left as it is. */
export function recordText(schema: string): string {
  return `SELECT ${quoteIdentifier(schema)}.record($1, $2)`;
}

/** The name of what a second transaction that has done the same runs into. */
export const TWICE = 'job_pkey';

/**
 * Advisory locks: whoever runs a run, and (shared) every session that works for it, so that the next run knows of transactions
 * that outlive the one before. The second key is the run's.
 */
const RUN_LOCK = 0x7071_7201;
const SESSION_LOCK = 0x7071_7202;

/** The two keys, for pg_locks too. */
export function runLock(run: string): readonly [number, number] {
  return [RUN_LOCK, keyOf(run)];
}

export function sessionLocks(run: string): readonly [number, number] {
  return [SESSION_LOCK, keyOf(run)];
}

export function sessionLock(run: string): string {
  return `SELECT pg_catalog.pg_advisory_lock_shared(${sessionLocks(run).join(', ')})`;
}

/** 31 bits: as pg_locks shows it. */
function keyOf(run: string): number {
  return createHash('sha256').update(run).digest().readUInt32BE(0) & 0x7fff_ffff;
}
