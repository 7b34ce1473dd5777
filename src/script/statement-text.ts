import type { SourceLine } from './source-line.js';
import type { LineAndColumn } from './template.js';
import type { VariableUse } from './variables.js';
import type { Span } from '../model/place.js';
import type { Fragment, Template } from '../model/script.js';

/**
 * The text of one statement as the reader gathers it. Bytes that stand side by side in the script become one fragment,
 * and are decoded once, when the statement is complete.
 */
export class StatementText {
  #parts: Part[] = [];
  /** How many parts there were, and where the last one ended, before the line break that was added last. */
  #beforeBreak: TextMark | undefined;

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** What must be known to go back to this point. */
  get mark(): TextMark {
    const last = this.#parts.at(-1);
    return { count: this.#parts.length, end: last?.kind === 'bytes' ? last.end : 0 };
  }

  /** Forgets what was added since then. */
  goBack({ count, end }: TextMark): void {
    this.#parts.length = Math.min(this.#parts.length, count);
    const last = this.#parts.at(-1);
    if (this.#parts.length === count && last?.kind === 'bytes') last.end = end;
    this.#beforeBreak = undefined;
  }

  /** Bytes `[from, to)` of a line. */
  addSource(line: SourceLine, from: number, to: number): void {
    if (from >= to) return;
    this.#beforeBreak = undefined;
    this.#extend(line, from, to);
  }

  /** The line feed behind a line; it goes again when nothing follows but a meta-command. */
  addLineBreak(line: SourceLine): void {
    const before = this.mark;
    this.#extend(line, line.end, line.end + 1);
    this.#beforeBreak = before;
  }

  /** A meta-command stands alone on its line: the line break before it is no part of the statement. */
  dropLineBreak(): void {
    if (this.#beforeBreak !== undefined) this.goBack(this.#beforeBreak);
  }

  /** A part of the value of the variable that is used at this place. */
  addValue(text: string, origin: UsePlace): void {
    this.#add({ kind: 'value', text, line: origin.at.line, column: origin.at.column }, origin);
  }

  addSlot({ name, form }: VariableUse, origin: UsePlace): void {
    this.#add({ kind: 'slot', name, form, line: origin.at.line, column: origin.at.column }, origin);
  }

  /** The text so far, as psql's `\\p` shows it. */
  get text(): string {
    return this.#parts.map((part) => textOf(part.kind === 'bytes' ? decode(part) : part.fragment)).join('');
  }

  /** The statement so far; the next one begins. Its span does not reach back before `previousEnd`. */
  take(previousEnd: number): SentText {
    const text = this.#parts.map((part) => (part.kind === 'bytes' ? decode(part) : part.fragment));
    const [first] = this.#parts;
    const last = this.#parts.at(-1);
    const start = Math.max(first?.offset ?? previousEnd, previousEnd);
    const end = last?.kind === 'bytes' ? last.source.offsetOf(last.end) : (last?.behind ?? start);
    this.#parts = [];
    this.#beforeBreak = undefined;
    return {
      text,
      at: first === undefined ? { line: 1, column: 1 } : placeOf(first),
      span: { start, end: Math.max(start, end) },
    };
  }

  /** `to` may be behind the line feed at the end of the line. */
  #extend(line: SourceLine, from: number, to: number): void {
    const last = this.#parts.at(-1);
    if (last?.kind === 'bytes' && last.bytes === line.bytes && last.end === from) last.end = to;
    else {
      const { bytes, number } = line;
      const column = line.column(from);
      const offset = line.offsetOf(from);
      this.#parts.push({
        kind: 'bytes',
        source: line,
        bytes,
        start: from,
        end: to,
        line: number,
        column,
        offset,
      });
    }
  }

  #add(fragment: Fragment, origin: UsePlace): void {
    this.#beforeBreak = undefined;
    this.#parts.push({ kind: 'fragment', fragment, offset: origin.start, behind: origin.end });
  }
}

/** Where a variable is used: its place, and its bytes `[start, end)` in the script. */
export interface UsePlace extends Span {
  readonly at: LineAndColumn;
}

export interface SentText {
  readonly text: Template;
  readonly at: LineAndColumn;
  readonly span: Span;
}

export interface TextMark {
  readonly count: number;
  readonly end: number;
}

type Part = SourcePart | FragmentPart;

/** Bytes `[start, end)` of a buffer; the first stands at `offset` in the script. */
interface SourcePart extends LineAndColumn {
  readonly kind: 'bytes';
  /** The line that they begin on. */
  readonly source: SourceLine;
  readonly bytes: Buffer;
  readonly start: number;
  end: number;
  readonly offset: number;
}

interface FragmentPart {
  readonly kind: 'fragment';
  readonly fragment: Fragment;
  readonly offset: number;
  readonly behind: number;
}

function placeOf(part: Part): LineAndColumn {
  const { line, column } = part.kind === 'bytes' ? part : part.fragment;
  return { line, column };
}

function decode({ bytes, start, end, line, column }: SourcePart): Fragment {
  return { kind: 'source', text: bytes.toString('utf8', start, end), line, column };
}

function textOf(fragment: Fragment): string {
  return fragment.kind === 'slot' ? `:${fragment.name}` : fragment.text;
}
