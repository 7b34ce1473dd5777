import type { Failure, ServerFailure, StatementFailure } from '../model/failure.js';
import type { Place } from '../model/place.js';
import type { CopyData } from '../model/script.js';
import type { RenderedStatement } from '../script/template.js';

/** A failure of a statement → the same with its place in the file and the line that the server points at. */
export interface FailedText {
  readonly failure: Failure;
  readonly step: number;
  readonly place: Place;
  readonly rendered: RenderedStatement;
  readonly data?: CopyData | undefined;
}

const SHOWN_STATEMENT = 10_000;

export function locateFailure({ failure: plain, step, place, rendered, data }: FailedText): StatementFailure {
  const { text, locate } = rendered;
  const failure = plain.kind === 'server' ? withTrace(plain, text) : plain;
  const told = { failure, step, statement: text.slice(0, SHOWN_STATEMENT) };
  if (failure.kind !== 'server') return { ...told, place };
  if (failure.position === undefined)
    return { ...told, place: dataPlace(failure.context, place, data) ?? place };
  return {
    ...told,
    place: { ...place, ...locate(failure.position) },
    excerpt: excerptOf(text, failure.position),
  };
}

/** What builds an index concurrently, and fails in the midst of it, leaves the index behind. */
function withTrace(failure: ServerFailure, text: string): ServerFailure {
  if (!CONCURRENT.test(text) || failure.code.startsWith('42') || failure.hint !== undefined) return failure;
  return { ...failure, hint: 'it may have left an invalid index: DROP INDEX CONCURRENTLY it, and run again' };
}

const CONCURRENT = /^\s*(?:create\s+(?:unique\s+)?index|reindex)\b[^(;']*\bconcurrently\b/i;

/** `COPY t, line 3, column a: "x"`: the server counts the lines of the data, the user those of the file. */
function dataPlace(context: string | undefined, place: Place, data: CopyData | undefined): Place | undefined {
  const line = /^COPY [^\n]*?, line (\d+)/.exec(context ?? '')?.[1];
  if (data === undefined || line === undefined) return undefined;
  const own = data.name === place.file ? place : {};
  return { ...own, file: data.name, line: data.line + Number(line) - 1, column: 1 };
}

/** The line of the sent text that holds the position (in characters from 1), and the column in it. */
function excerptOf(text: string, position: number): NonNullable<StatementFailure['excerpt']> {
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('');
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', before.length);
  return {
    line: before.split('\n').length,
    text: text.slice(start, end === -1 ? undefined : end).replace(/\r$/, ''),
    column: Array.from(before.slice(start)).length + 1,
  };
}
