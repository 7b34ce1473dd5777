import type { ConnectionFailure, Failure, ServerFailure, StatementFailure } from '../model/failure.js';
import type { Piece } from '../model/job.js';
import { formatPlace, includeLines } from '../model/place.js';
import { excerptLines, lineAt } from './excerpt.js';
import { formatCount, formatPlural } from './format.js';
import type { Paint } from './paint.js';
import { shortenEnd, singleLine } from '../model/text-width.js';

/**
 * A failure as users of psql know it: ERROR, LINE with a caret, DETAIL, HINT, QUERY, CONTEXT, in libpq's order
 * (fe-protocol3.c, pqBuildErrorMessage3), and around it what psql cannot say: the place in the file, which piece of a
 * split it was, and what was skipped because of it.
 *
 * Texts come without a newline at their end.
 */
export interface FailureSetting {
  readonly piece?: Piece | undefined;
  /** The name of the database that it happened on, of several. */
  readonly target?: string | undefined;
  /** Jobs that were skipped because of it. */
  readonly skipped?: number | undefined;
}

const STATEMENT_COLUMNS = 72;
const IN_DOUBT =
  'commit unknown: the connection broke before the server answered, so the statement may have been committed; look, before you run it again';
const PARAMETER_COLUMNS = 40;

/** One line: `build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)`; `… 12:8 on shard2: ERROR: …`. */
export function failureHeadline(
  { place, failure }: Pick<StatementFailure, 'place' | 'failure'>,
  paint: Paint,
  target?: string,
): string {
  const on = target === undefined ? '' : ` on ${target}`;
  return `${paint.strong(`${formatPlace(place)}${on}:`)} ${headlineOf(failure, paint)}`;
}

/** The whole story, several lines. */
export function failureText(failed: StatementFailure, setting: FailureSetting, paint: Paint): string {
  const lines = [
    failureHeadline(failed, paint, setting.target),
    ...storyOf(failed),
    ...includeLines(failed.place),
  ];
  if (setting.piece !== undefined) lines.push(pieceText(setting.piece));
  if (setting.skipped !== undefined && setting.skipped > 0) {
    lines.push(`${formatPlural(setting.skipped, 'job')} skipped because of it`);
  }
  return lines.join('\n');
}

/** A connection that failed outside of any statement: one sentence, and the hint. */
export function connectionFailureText(failure: ConnectionFailure, paint: Paint): string {
  return [`pqrun: ${headlineOf(failure, paint)}`, ...hintOf(failure.hint)].join('\n');
}

function headlineOf(failure: Failure, paint: Paint): string {
  const message = singleLine(failure.message);
  switch (failure.kind) {
    case 'server':
      return `${paint.error(`${failure.severity}:`)}  ${message} (SQLSTATE ${failure.code})`;
    case 'connection': {
      const what = failure.phase === 'open' ? 'cannot connect:' : 'connection lost:';
      return `${paint.error(what)} ${message}${failure.code === undefined ? '' : ` (${failure.code})`}`;
    }
    case 'cancelled':
      return `${paint.warning('cancelled:')} ${message}`;
    case 'client':
      return `${paint.error('error:')} ${message}`;
    case 'bug':
      return `${paint.error('bug in pqrun:')} ${message}`;
    default:
      return failure satisfies never;
  }
}

/** What stands below the headline. */
function storyOf({ failure, excerpt, statement, parameters }: StatementFailure): readonly string[] {
  switch (failure.kind) {
    case 'server': {
      const where =
        excerpt === undefined
          ? statementLines(statement)
          : excerptLines({ prefix: `LINE ${excerpt.line}: `, text: excerpt.text, column: excerpt.column });
      return [...where, ...serverLines(failure), ...parameterLines(parameters)];
    }
    case 'connection':
      return hintOf(failure.inDoubt === true ? IN_DOUBT : failure.hint);
    case 'client':
      return hintOf(failure.hint);
    case 'cancelled':
      return [];
    case 'bug':
      return [failure.stack, 'please report it, with the lines above'];
    default:
      return failure satisfies never;
  }
}

function serverLines(failure: ServerFailure): readonly string[] {
  return [
    ...(failure.detail === undefined ? [] : [`DETAIL:  ${failure.detail}`]),
    ...(failure.hint === undefined ? [] : [`HINT:  ${failure.hint}`]),
    ...internalQueryLines(failure),
    ...(failure.context === undefined ? [] : [`CONTEXT:  ${failure.context}`]),
  ];
}

/** The query inside a function that failed: whole, with the caret in its own line when it has several. */
function internalQueryLines({ internalQuery, internalPosition }: ServerFailure): readonly string[] {
  if (internalQuery === undefined) return [];
  if (internalPosition === undefined) return [`QUERY:  ${internalQuery}`];
  const { line, text, column } = lineAt(internalQuery, internalPosition);
  if (!internalQuery.trim().includes('\n')) return excerptLines({ prefix: 'QUERY:  ', text, column });
  return [`QUERY:  ${internalQuery}`, ...excerptLines({ prefix: `LINE ${line}: `, text, column })];
}

/** Where the server gives no position, the statement itself says which it was. */
function statementLines(statement: string): readonly string[] {
  const text = singleLine(statement.replace(/\s+/g, ' ')).trim();
  return text === '' ? [] : [`STATEMENT:  ${shortenEnd(text, STATEMENT_COLUMNS)}`];
}

/** As the server's log writes them: `$1 = '7', $2 = NULL`. */
function parameterLines(parameters: StatementFailure['parameters'] = []): readonly string[] {
  if (parameters.length === 0) return [];
  const texts = parameters.map((value, index) => {
    const shown =
      value === null ? 'NULL' : `'${shortenEnd(singleLine(value), PARAMETER_COLUMNS).replaceAll("'", "''")}'`;
    return `$${index + 1} = ${shown}`;
  });
  return [`PARAMETERS:  ${texts.join(', ')}`];
}

/** Where the server has not spoken a remedy is said as in diagnostics; HINT stands with DETAIL and CONTEXT. */
function hintOf(hint: string | undefined): readonly string[] {
  return hint === undefined ? [] : [`hint: ${hint}`];
}

/** Bounds stand without separators: they are there to be pasted into psql. */
function pieceText(piece: Piece): string {
  const { index, count, unit } = piece;
  if (unit === 'record') {
    const { file, line = 1 } = piece;
    const where = file === undefined ? '' : ` (${file}:${line})`;
    return `in record ${formatCount(index + 1)} of ${formatCount(count)}${where}`;
  }
  if (unit === 'chunk') {
    const { chunk = '' } = piece;
    return `in piece ${formatCount(index + 1)}${count === 0 ? '' : ` of ${formatCount(count)}`}${chunk === '' ? '' : `, ${chunk}`}`;
  }
  const { rows, lo, hi } = piece;
  if (unit === 'lines') {
    const lines = hi === 0 ? `lines ${lo} to the end of the data` : `lines ${lo} to ${hi}`;
    return `in piece ${formatCount(index + 1)} of ${formatCount(count)}: none of its rows is in (${lines} of the file); the other pieces are, unless they are told of here or were skipped`;
  }
  const share = rows === 0 ? 'no rows' : `rows ${lo} to ${hi}`;
  return `in piece ${formatCount(index + 1)} of ${formatCount(count)} (${share})`;
}
