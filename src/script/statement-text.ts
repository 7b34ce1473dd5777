import type { SourceLine } from './source-lines.js';
import type { LineAndColumn } from './template.js';
import type { VariableUse } from './variables.js';
import type { Span } from '../model/place.js';
import type { Fragment, Template } from '../model/script.js';

/**
 * The text of one statement as the reader gathers it. Bytes that stand side by side in the script become one fragment,
 * and are decoded once, when the statement is complete.
 */
export class StatementText {
  #parts: (SourcePart | Fragment)[] = [];
  #start: { readonly at: LineAndColumn; readonly position: number } | undefined;
  #end = 0;

  /** Bytes `[from, to)` of a line; `to` may be behind the line feed at its end. */
  addSource(line: SourceLine, from: number, to: number): void {
    if (from >= to) return;
    const last = this.#parts.at(-1);
    if (last?.kind === 'bytes' && last.end === from) last.end = to;
    else {
      const { bytes, number } = line;
      const column = line.column(from);
      this.#parts.push({ kind: 'bytes', bytes, start: from, end: to, line: number, column });
      this.#start ??= { at: { line: number, column }, position: from };
    }
    this.#end = to;
  }

  /** A part of the value of the variable that is used at this place. */
  addValue(text: string, origin: UsePlace): void {
    this.#add({ kind: 'value', text, ...origin.at }, origin);
  }

  addSlot({ name, form }: VariableUse, origin: UsePlace): void {
    this.#add({ kind: 'slot', name, form, ...origin.at }, origin);
  }

  /** The statement so far; the next one begins. Its span does not reach back before `previousEnd`. */
  take(previousEnd: number): SentText {
    const text = this.#parts.map((part) => (part.kind === 'bytes' ? decode(part) : part));
    const start = Math.max(this.#start?.position ?? previousEnd, previousEnd);
    const sent = {
      text,
      at: this.#start?.at ?? { line: 1, column: 1 },
      span: { start, end: Math.max(start, this.#end) },
    };
    this.#parts = [];
    this.#start = undefined;
    return sent;
  }

  #add(fragment: Fragment, origin: UsePlace): void {
    this.#parts.push(fragment);
    this.#start ??= { at: origin.at, position: origin.start };
    this.#end = origin.end;
  }
}

/** Where a variable is used: its place, and its bytes `[start, end)`. */
export interface UsePlace extends Span {
  readonly at: LineAndColumn;
}

export interface SentText {
  readonly text: Template;
  readonly at: LineAndColumn;
  readonly span: Span;
}

interface SourcePart extends LineAndColumn {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
  readonly start: number;
  end: number;
}

function decode({ bytes, start, end, line, column }: SourcePart): Fragment {
  return { kind: 'source', text: bytes.toString('utf8', start, end), line, column };
}
