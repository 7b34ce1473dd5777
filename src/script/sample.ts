import type { ReadStatement } from './open-statement.js';
import type { Parsed, Parser } from './syntax.js';
import { renderTemplate, type RenderedStatement } from './template.js';
import type { SlotValues } from '../model/job.js';
import { isChunkSplit, isOfRecords, type SlotFragment } from '../model/script.js';
import { CHUNK_MARKER } from './chunk-level.js';
import { recordValues } from './records/values.js';

/**
 * A statement parsed as it will be sent; one that is split, as one of its pieces. Values that stand in the text as they are
 * (`:name`), and NULL, may break its syntax, or may be needed for it: so several pieces are tried, and only when none of
 * them is SQL is it the statement's fault. What the server says to the others is the failure of their jobs.
 */
export interface Sample {
  readonly rendered: RenderedStatement;
  readonly parsed: Parsed;
}

export function parseSample(read: ReadStatement, parser: Parser): Sample {
  const values = sampleValues(read);
  const rendered = renderTemplate(read.text, values[0]);
  if (read.isUncertain || isUnread(read)) return { rendered, parsed: { kind: 'unknown' } };
  const parsed = parser.parse(rendered.text);
  for (const others of parsed.kind === 'wrong' ? values.slice(1) : []) {
    const other = renderTemplate(read.text, others);
    const otherParsed = parser.parse(other.text);
    if (otherParsed.kind !== 'wrong') return { rendered: other, parsed: otherParsed };
  }
  return { rendered, parsed };
}

/** Some records may make another kind of statement of it. */
export function mayBeOther({ directives, text }: ReadStatement): boolean {
  const { split } = directives;
  return isOfRecords(split) && text.some(isPlainSlot);
}

function isPlainSlot(fragment: ReadStatement['text'][number]): fragment is SlotFragment {
  return fragment.kind === 'slot' && fragment.form === 'plain';
}

/** What its pieces are like is not known, or there are none. */
function isUnread({ directives }: ReadStatement): boolean {
  const { split } = directives;
  return isOfRecords(split) && (split.records?.records.length ?? 0) === 0;
}

function sampleValues(read: ReadStatement): readonly SlotValues[] {
  const { split } = read.directives;
  if (!isOfRecords(split)) return isChunkSplit(split) ? ONE_CHUNK : ONE_PIECE;
  const { records } = split;
  if (records === undefined) return [];
  const values = records.records.slice(0, MOST_TRIED).map((_, index) => recordValues(split, index));
  return [...values, ...FALLBACKS.map((text) => allAs(text, values[0] ?? {}))];
}

function allAs(text: string, values: SlotValues): SlotValues {
  return Object.fromEntries(Object.keys(values).map((name) => [name, text]));
}

const ONE_CHUNK: readonly SlotValues[] = [{ chunk: `"${CHUNK_MARKER}"`, job: '0', jobs: '1' }];
const ONE_PIECE: readonly SlotValues[] = [{ rows: '1', lo: '1', hi: '1', job: '0', jobs: '1' }];
const MOST_TRIED = 8;
/** What stands in most places where a value, or a name, can stand. */
const FALLBACKS = ['1', 'x'];
