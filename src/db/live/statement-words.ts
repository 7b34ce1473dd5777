import { firstWords } from '../../script/word-facts.js';

/** What psql must know of a statement without a parser (src/bin/psql/common.c). */

/** The statement must not be put behind a BEGIN of psql's own (AUTOCOMMIT off): command_no_begin(). */
export function needsNoBegin(text: string): boolean {
  return NO_BEGIN.test(firstWords(text));
}

const NO_BEGIN =
  /^(?:ABORT|BEGIN|START|COMMIT|END|ROLLBACK|PREPARE TRANSACTION|VACUUM|CLUSTER$|CREATE (?:DATABASE|TABLESPACE|(?:UNIQUE )?INDEX CONCURRENTLY)|DROP (?:DATABASE|SYSTEM|TABLESPACE|INDEX CONCURRENTLY)|ALTER SYSTEM|REINDEX (?:DATABASE|SYSTEM|SCHEMA|(?:INDEX|TABLE) CONCURRENTLY)|DISCARD ALL)\b/;

/** The statement handles savepoints itself, so that ON_ERROR_ROLLBACK leaves its own alone. */
export function isSavepointCommand(text: string): boolean {
  return /^(?:SAVEPOINT|RELEASE|ROLLBACK(?: WORK| TRANSACTION)? TO)\b/.test(firstWords(text));
}
