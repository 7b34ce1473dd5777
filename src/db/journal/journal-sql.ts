import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../../script/variables.js';
import type { JournalSetup } from '../task.js';

/**
 * The journal's tables and its one function, in a schema of their own in each target database.
 *
 * `job` has a row for each unit that is done (plan/journal-units.ts), written in the transaction that did it. Its primary key
 * is what keeps a unit from being done twice: a second transaction that has done the same cannot commit. `run` has a row for
 * each run, by its name.
 *
 * Where several pqruns work on a run (participation.ts), `participant` has a row for each of them, and `claim` one for each unit that
 * one of them has taken. Version 1 had no such tables.
 *
 * `piece` has which rows the pieces of splits over tables are for (pieces.ts), written before they begin, so that a run that goes on
 * does the same pieces. Version 2 had no such table.
 *
 * Jobs may run under any role (SET ROLE), so rows are written by a function of the owner's, which minds who has logged in.
 */
export const JOURNAL_VERSION = 3;

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
  run text NOT NULL,
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
CREATE TABLE IF NOT EXISTS ${s}.participant (
  run text NOT NULL,
  participant integer NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  since timestamptz NOT NULL DEFAULT pg_catalog.now(),
  PRIMARY KEY (run, participant)
);
COMMENT ON TABLE ${s}.participant IS 'The pqruns that are at work on a run together (pqrun --join).';
CREATE TABLE IF NOT EXISTS ${s}.claim (
  run text NOT NULL,
  key text NOT NULL,
  participant integer NOT NULL,
  since timestamptz NOT NULL DEFAULT pg_catalog.now(),
  failed text,
  PRIMARY KEY (run, key)
);
COMMENT ON TABLE ${s}.claim IS 'What the pqruns that work on a run together have taken: each does what it has claimed, and nobody else does.';
COMMENT ON COLUMN ${s}.claim.failed IS 'Why it failed; nobody tries it again in this run.';
CREATE TABLE IF NOT EXISTS ${s}.piece (
  run text NOT NULL,
  split text NOT NULL,
  piece integer NOT NULL,
  step integer NOT NULL,
  rows float8 NOT NULL,
  slots json,
  told text,
  until text,
  PRIMARY KEY (run, split, piece)
);
COMMENT ON TABLE ${s}.piece IS 'Which rows the pieces of splits over tables are for (split range=, blocks=).';
COMMENT ON COLUMN ${s}.piece.piece IS 'From 0; -1 stands for the split itself, and its rows are the places for pieces.';
COMMENT ON COLUMN ${s}.piece.step IS 'Pieces that come before it along the table.';
COMMENT ON COLUMN ${s}.piece.slots IS 'What the variables of the statement stand for.';
COMMENT ON COLUMN ${s}.piece.until IS 'Where the next piece begins; NULL: it is the last.';
CREATE OR REPLACE FUNCTION ${s}.record(run text, key text, name text, rows bigint, ms float8, attempt integer,
  connection integer, version text, again boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $record$
BEGIN
  IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    RAISE EXCEPTION '% may not write this journal', session_user USING ERRCODE = '42501';
  END IF;
  IF again AND EXISTS (SELECT FROM ${s}.job AS j WHERE j.run = $1 AND j.key = $2) THEN RETURN; END IF;
  INSERT INTO ${s}.job VALUES ($1, $2, $3, $4, clock_timestamp() - make_interval(secs => ms / 1000), clock_timestamp(),
    $6, $7, pg_backend_pid(), $8);
END $record$;
GRANT USAGE ON SCHEMA ${s} TO PUBLIC;`;
}

/** What is recorded of a unit: the texts of values, in the order of the columns, and milliseconds for the time it took. */
export type RecordValues = readonly [
  run: string,
  key: string,
  name: string,
  rows: string,
  ms: string,
  attempt: string,
  connection: string,
  version: string,
];

export interface RecordStatement {
  readonly text: string;
  readonly parameters: readonly string[];
}

/**
 * One row for each. `again`: what has been recorded already is left as it is. `asOwner`: the job may run under another role.
 *
 * Plans are thrown away with each session, so a plain INSERT is much cheaper than a function.
 */
export function recordStatement(
  schema: string,
  units: readonly RecordValues[],
  { again, asOwner }: { readonly again: boolean; readonly asOwner: boolean },
): RecordStatement {
  if (!asOwner && units.length > MOST_VALUES) return recordMany(schema, units, again);
  const parameters: string[] = [];
  const value = (text: string, type: string): string => {
    const isPlain = ASCII.test(text);
    parameters.push(isPlain ? text : asciiJson(text));
    const parameter = `$${parameters.length}`;
    return isPlain
      ? `${parameter}::pg_catalog.${type}`
      : `(${parameter}::pg_catalog.json OPERATOR(pg_catalog.#>>) '{}')`;
  };
  const s = quoteIdentifier(schema);
  const rows = units.map((unit) => unit.map((text, column) => value(text, TYPES[column] ?? 'text')));
  if (asOwner)
    return {
      text: `SELECT ${rows.map((row) => `${s}.record(${row.join(', ')}, ${again})`).join(', ')}`,
      parameters,
    };
  const conflict = again ? ' ON CONFLICT DO NOTHING' : '';
  return { text: `INSERT INTO ${s}.job ${valuesOf(rows)}${conflict}`, parameters };
}

/** Of many rows a VALUES list takes longer to plan than all the rest. */
function recordMany(schema: string, units: readonly RecordValues[], again: boolean): RecordStatement {
  const jobs = units.map((unit) =>
    Object.fromEntries(unit.map((text, column): [string, string] => [NAMES[column] ?? '', text])),
  );
  const conflict = again ? ' ON CONFLICT DO NOTHING' : '';
  const row = NAMES.map((name, column) => `${name} pg_catalog.${TYPES[column] ?? 'text'}`).join(', ');
  return {
    text: `INSERT INTO ${quoteIdentifier(schema)}.job SELECT ${columnsOf(NAMES.map((name) => `d.${name}`))} FROM pg_catalog.json_to_recordset($1) AS d (${row})${conflict}`,
    parameters: [asciiJson(jobs)],
  };
}

function valuesOf(rows: readonly (readonly string[])[]): string {
  return `VALUES ${rows.map((row) => `(${columnsOf(row)})`).join(', ')}`;
}

/** In the order of the table's columns. */
function columnsOf([run, key, name, rows, ms, attempt, connection, version]: readonly string[]): string {
  const began = `${NOW} OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => ${ms ?? ''} OPERATOR(pg_catalog./) 1000)`;
  const backend = 'pg_catalog.pg_backend_pid()';
  return [run, key, name, rows, began, NOW, attempt, connection, backend, version].join(', ');
}

const NAMES = ['run', 'key', 'name', 'rows', 'ms', 'attempt', 'connection', 'version'] as const;
const TYPES = ['text', 'text', 'text', 'int8', 'float8', 'int4', 'int4', 'text'] as const;
const MOST_VALUES = 4;
const NOW = 'pg_catalog.clock_timestamp()';
// eslint-disable-next-line no-control-regex -- it says: ASCII
const ASCII = /^[\x00-\x7e]*$/;

/** A string of JSON that is the same in every encoding a session may speak. */
function asciiJson(value: unknown): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped);
}

/** The name of what a second transaction that has done the same runs into. */
export const TWICE = 'job_pkey';

/**
 * Advisory locks of two keys: what for, and for which run, or which of the pqruns that work on it together.
 *
 * - RUN: whoever runs a run; with --join each has a share of it.
 * - SESSION (shared): every session that works for it, so that the next run knows of transactions that outlive the one before.
 * - ENTRANCE: whoever enters or leaves a run that is shared.
 * - PARTICIPANT: each of those who share it. PARTICIPANT_SESSION (shared): its sessions.
 */
const RUN_LOCK = 0x7071_7201;
const SESSION_LOCK = 0x7071_7202;
const ENTRANCE_LOCK = 0x7071_7203;
const PARTICIPANT_LOCK = 0x7071_7204;
const PARTICIPANT_SESSION_LOCK = 0x7071_7205;

/** The two keys, for pg_locks too. */
export type LockKeys = readonly [number, number];

export function runLock(run: string): LockKeys {
  return [RUN_LOCK, keyOf(run)];
}

export function entranceLock(run: string): LockKeys {
  return [ENTRANCE_LOCK, keyOf(run)];
}

export function sessionLocks(run: string): LockKeys {
  return [SESSION_LOCK, keyOf(run)];
}

export function participantLock(participant: number): LockKeys {
  return [PARTICIPANT_LOCK, participant];
}

export function participantSessions(participant: number): LockKeys {
  return [PARTICIPANT_SESSION_LOCK, participant];
}

/** What a session of a run is marked with. */
export function sessionLock({ run, participant }: Pick<JournalSetup, 'run' | 'participant'>): string {
  const locks = [sessionLocks(run), ...(participant === undefined ? [] : [participantSessions(participant)])];
  return `SELECT ${locks.map((lock) => `pg_catalog.pg_advisory_lock_shared(${lock.join(', ')})`).join(', ')}`;
}

/** A query for such locks in this database, as `l`; a condition may follow. */
export function advisoryLocks(columns: string): string {
  return `SELECT ${columns} FROM pg_catalog.pg_locks AS l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())`;
}

/** 31 bits: as pg_locks shows it. */
function keyOf(run: string): number {
  return createHash('sha256').update(run).digest().readUInt32BE(0) & 0x7fff_ffff;
}
