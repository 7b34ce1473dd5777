import { REFUSED_BY_DESIGN } from './by-design.js';
import type { Told } from './psql.js';
import { splitParts } from './sql-words.js';
import type { GeneratedScript } from './script.js';

/** The other side of the comparison: what it would send for the script in a directory (`main.sql`, run from there). */
export type Reader = (directory: string, script: GeneratedScript) => Promise<Read>;

/**
 * `statements`: the text of each Query and the data of each COPY, in their order, without the line that ends the data;
 * `interpreted`: what is sent depends on answers, and nothing is told before they are there.
 */
export type Read =
  | {
      readonly kind: 'statements';
      readonly statements: readonly Buffer[];
      readonly copyData: readonly Buffer[];
    }
  | { readonly kind: 'refused'; readonly messages: readonly string[] }
  | { readonly kind: 'interpreted' }
  | Ran;

/** What was sent in a run, with the end of it, and what was printed. */
export interface Ran {
  readonly kind: 'ran';
  readonly statements: readonly Buffer[];
  readonly copyData: readonly Buffer[];
  readonly failed: boolean;
  readonly messages: readonly string[];
  readonly stdout: string;
}

/** `alike` and `counted` are fine; the name says under what they are counted. */
export type Verdict =
  | { readonly kind: 'alike' | 'counted'; readonly name: string }
  | { readonly kind: 'different'; readonly name: string; readonly detail: string };

/**
 * How sent texts are compared: `exact`, every byte; `loose`, but for white space and `;` at the end, and for statements
 * without any token; `parts`, also without regard to what goes in one message: for psql from 15.20 on, which sends an empty
 * statement by itself.
 */
export type Exactness = 'exact' | 'loose' | 'parts';

/**
 * When psql stopped because the server refused a statement, what it had sent must begin what the reader tells, which
 * reads on. When it stopped by itself, the reader must refuse.
 */
export function compare(told: Told, read: Read, exactness: Exactness): Verdict {
  const verdict = judge(told, read, exactness);
  if (verdict.kind !== 'different' || exactness !== 'parts' || !losesCopy(told)) return verdict;
  return { kind: 'counted', name: 'psql lost what is behind a COPY' };
}

/**
 * psql 15.20 takes for data of a COPY what is behind them when an empty statement stands in the COPY's line, and gives up at a
 * COPY that the script ends in.
 */
function losesCopy({ statements, stderr }: Told): boolean {
  if (stderr.includes('unexpected COPY_IN result')) return true;
  const copy = statements.findIndex((statement) => /\bcopy\b[^]*\bfrom\s+std/i.test(statement.toString()));
  return (
    copy >= 0 &&
    statements.slice(copy).some((statement) => isEmpty(statement) || HOLDS_EMPTY.test(statement.toString()))
  );
}

/** psql from 15.20 on forgets the BEGIN of a routine where a branch that is not taken ends; pqrun, as those before it, does not. */
export function hasRoutineInBranch({ files }: GeneratedScript): boolean {
  return Object.values(files).some((file) => ROUTINE_IN_BRANCH.test(file.toString()));
}

const ROUTINE_IN_BRANCH = /\bcreate\b[^;]*\bbegin\b[^]*\\(?:elif|else|endif)/i;

/** A part of its message is empty. */
const HOLDS_EMPTY = /^\s*;|;\s*;\s*$/;

function judge(told: Told, read: Read, exactness: Exactness): Verdict {
  if (told.status !== 0 && told.status !== STOPPED_AT_ERROR)
    return different('psql hung or broke', `status ${String(told.status)}\n${told.stderr}`);
  switch (read.kind) {
    case 'interpreted':
      return { kind: 'counted', name: 'interpreted' };
    case 'refused':
      return compareRefusal(told, read.messages);
    case 'ran':
      return compareRun(told, read);
    case 'statements':
      if (told.status === STOPPED_AT_ERROR && !told.serverFailed)
        return told.statements.some(hidesCopy)
          ? { kind: 'counted', name: 'beyond the recorder' }
          : different('not refused', `psql stopped: ${told.stderr}`);
      return (
        compareTexts('statement', { told: sent(told, exactness), read: sent(read, exactness) }, told) ??
        compareData(told, read.copyData) ?? {
          kind: 'alike',
          name: told.status === 0 ? 'to the end' : 'up to an error of the server',
        }
      );
  }
}

/**
 * The recorder sees a COPY inside a message (`\\;`, or behind a routine that psql takes for unfinished) only where it is
 * plain, and else asks for no data, as a server would; psql then reads the data as statements.
 */
function compareData(told: Told, read: readonly Buffer[]): Verdict | undefined {
  const verdict = compareTexts('data of COPY', { told: told.copyData, read }, told);
  if (verdict === undefined || !told.statements.some(hidesCopy)) return verdict;
  return { kind: 'counted', name: 'beyond the recorder' };
}

function hidesCopy(statement: Buffer): boolean {
  return /;[^]*\bcopy\b[^]*\bfrom\s+std/i.test(statement.toString());
}

/**
 * Both ran it: they must have sent the same, but for the `;` that pqrun leaves out, printed the same, and have stopped in
 * the same place.
 */
function compareRun(told: Told, ran: Ran): Verdict {
  const whole = { ...told, status: 0 };
  const said = `psql: ${told.stderr}\n  pqrun: ${ran.messages.join('\n')}`;
  const statements = { told: sent(told, 'loose'), read: withoutEnd(sent(ran, 'loose'), told) };
  const texts =
    compareTexts('statement', statements, whole) ??
    compareTexts('data of COPY', { told: told.copyData, read: ran.copyData }, whole);
  if (texts?.kind === 'different')
    return { ...texts, name: `${texts.name} in a run`, detail: `${texts.detail}\n  ${said}` };
  if ((told.status === STOPPED_AT_ERROR) !== ran.failed) return different('only one stopped', said);
  if (told.stdout !== ran.stdout && !echoesComment(told))
    return different(
      'another output',
      `psql:  ${JSON.stringify(told.stdout)}\n  pqrun: ${JSON.stringify(ran.stdout)}`,
    );
  return { kind: 'alike', name: told.status === 0 ? 'run to the end' : 'stopped by both' };
}

/** pqrun ends a block that is open at the end. */
function withoutEnd(statements: readonly Buffer[], told: Told): readonly Buffer[] {
  const hasMore = statements.length > sent(told, 'loose').length;
  return hasMore && statements.at(-1)?.toString() === 'ROLLBACK' ? statements.slice(0, -1) : statements;
}

/** psql sends, and with ECHO=queries prints, a comment at the end of a script, which pqrun leaves out. */
function echoesComment({ statements }: Told): boolean {
  return statements.some(isEmpty);
}

function isEmpty(statement: Buffer): boolean {
  return splitParts(statement.toString(), true).length === 0;
}

/** AUTOCOMMIT off and ON_ERROR_ROLLBACK: psql puts a block and a savepoint around a comment, too. */
function surroundsNothing(statements: readonly Buffer[], index: number): boolean {
  const [text, before, after] = [0, -1, 1].map((step) => statements[index + step]);
  const rest = statements.slice(index + 1);
  switch (text?.toString()) {
    case 'BEGIN':
      return rest.length > 0 && rest.every((statement) => isEmpty(statement) || isOwn(statement));
    case 'SAVEPOINT pg_psql_temporary_savepoint':
      return after !== undefined && isEmpty(after);
    case 'RELEASE pg_psql_temporary_savepoint':
      return before !== undefined && isEmpty(before);
    default:
      return false;
  }
}

function isOwn(statement: Buffer): boolean {
  return statement.toString().endsWith(' pg_psql_temporary_savepoint');
}

/** psql's exit status under ON_ERROR_STOP. */
const STOPPED_AT_ERROR = 3;

function different(name: string, detail: string): Verdict {
  return { kind: 'different', name, detail };
}

function compareRefusal(told: Told, messages: readonly string[]): Verdict {
  if (told.status === STOPPED_AT_ERROR)
    return told.serverFailed
      ? { kind: 'counted', name: 'refused, psql stopped at the server' }
      : { kind: 'alike', name: 'refused by both' };
  const reason = Object.entries(REFUSED_BY_DESIGN).find(([, holds]) => holds(told, messages))?.[0];
  if (reason !== undefined) return { kind: 'counted', name: `refused by design: ${reason}` };
  return different('refused', messages.join('\n'));
}

function sent({ statements }: { statements: readonly Buffer[] }, exactness: Exactness): readonly Buffer[] {
  if (exactness === 'exact') return statements;
  return statements
    .filter((statement, index) => !isEmpty(statement) && !surroundsNothing(statements, index))
    .flatMap((statement) => (exactness === 'parts' ? partsOf(statement) : [statement]))
    .map((statement) => Buffer.from(statement.toString('latin1').replace(/[ \t\n\r\f;]*$/, ''), 'latin1'));
}

function partsOf(statement: Buffer): readonly Buffer[] {
  return splitParts(statement.toString('latin1'), true).map(({ raw }) =>
    Buffer.from(raw.trimStart(), 'latin1'),
  );
}

interface Texts {
  readonly told: readonly Buffer[];
  readonly read: readonly Buffer[];
}

function compareTexts(what: string, { told, read }: Texts, { status }: Told): Verdict | undefined {
  const mayReadOn = status === STOPPED_AT_ERROR;
  const length = mayReadOn ? told.length : Math.max(told.length, read.length);
  for (let index = 0; index < length; index++) {
    const [expected, actual] = [told[index], read[index]];
    if (expected !== undefined && actual !== undefined && expected.equals(actual)) continue;
    return different(
      `another ${what}`,
      `${what} ${index + 1} of ${told.length} (psql) and ${read.length}\n  psql:  ${show(expected)}\n  pqrun: ${show(actual)}`,
    );
  }
  return undefined;
}

/** Control characters and everything beyond ASCII that is no letter are shown as escapes; bytes that are no UTF-8 as hex. */
export function show(text: Buffer | undefined): string {
  if (text === undefined) return '(none)';
  const decoded = text.toString();
  if (!Buffer.from(decoded).equals(text)) return `bytes ${text.toString('hex')}`;
  return JSON.stringify(decoded).replace(
    /[^\x20-\x7e\p{L}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
