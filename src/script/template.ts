import type { SlotValues } from '../model/job.js';
import type { Fragment, SlotFragment, Template, TextFragment } from '../model/script.js';
import { substitute } from './variables.js';

/**
 * A statement's template made into the text that is sent, and the way back: from the position that the server or the
 * parser gives for an error to the place in the file.
 *
 * A slot without a value is sent as it is written in the script, as psql does with an undefined variable.
 */
export interface RenderedStatement {
  readonly text: string;
  /**
   * The place in the file of a position in the text, which counts characters (code points) from 1, as PostgreSQL's error
   * positions do. Inside a variable's value it is the place of the variable; behind the end, the place just behind it.
   */
  readonly locate: (position: number) => LineAndColumn;
}

export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

export function renderTemplate(template: Template, values: SlotValues = {}): RenderedStatement {
  const [only, second] = template;
  // Nearly all are, of nearly all scripts.
  if (only !== undefined && second === undefined && only.kind !== 'slot')
    return { text: only.text, locate: (position) => locate(template, [only.text], position) };
  const texts = template.map(
    (fragment, index) => fragmentText(fragment, values) ?? nullText(template, index),
  );
  return {
    text: texts.join(''),
    locate: (position) => locate(template, texts, position),
  };
}

/** The names of the slots in a template, each once, in the order they appear. */
export function usedSlots(template: Template): readonly string[] {
  const slots = template.filter((fragment): fragment is SlotFragment => fragment.kind === 'slot');
  return [...new Set(slots.map((slot) => slot.name))];
}

/** Whether its text does, whatever its slots stand for. */
export function says(template: Template, pattern: RegExp): boolean {
  return template.some((fragment) => fragment.kind !== 'slot' && pattern.test(fragment.text));
}

/** A stretch of the text of a template without slots that is to be a slot. */
export interface NewSlot {
  readonly name: string;
  /** Positions in the rendered text, as JavaScript counts. */
  readonly start: number;
  readonly end: number;
}

/** The template with slots in place of stretches of it, given in their order; undefined: one is not within one fragment. */
export function withSlots(template: Template, slots: readonly NewSlot[]): Template | undefined {
  const made: Fragment[] = [];
  let open = slots;
  let offset = 0;
  for (const fragment of template) {
    if (fragment.kind === 'slot') return undefined;
    const { text } = fragment;
    let done = 0;
    for (let [slot] = open; slot !== undefined && slot.start < offset + text.length; [slot] = open) {
      const [start, end] = [slot.start - offset, slot.end - offset];
      if (start < done || end > text.length) return undefined;
      made.push(part(fragment, done, start));
      const { line, column } = part(fragment, start, end);
      made.push({ kind: 'slot', name: slot.name, form: 'plain', line, column });
      done = end;
      open = open.slice(1);
    }
    made.push(part(fragment, done, text.length));
    offset += text.length;
  }
  return open.length > 0 ? undefined : made.filter((one) => one.kind === 'slot' || one.text !== '');
}

/** A fragment with a slot in place of a stretch of it. */
export function slotInFragment(fragment: TextFragment, { name, start, end }: NewSlot): Template {
  const { line, column } = part(fragment, start, end);
  const parts: readonly Fragment[] = [
    part(fragment, 0, start),
    { kind: 'slot', name, form: 'plain', line, column },
    part(fragment, end, fragment.text.length),
  ];
  return parts.filter((one) => one.kind === 'slot' || one.text !== '');
}

function part(fragment: TextFragment, start: number, end: number): TextFragment {
  const { kind, text } = fragment;
  const before = text.slice(0, start);
  const { line, column } = kind === 'value' ? fragment : advance(fragment, before, characterCount(before));
  return { kind, text: text.slice(start, end), line, column };
}

/** Undefined: it is NULL. That an identifier never is, is seen to before the run. */
function fragmentText(fragment: Fragment, values: SlotValues): string | undefined {
  if (fragment.kind !== 'slot') return fragment.text;
  const value = Object.hasOwn(values, fragment.name) ? values[fragment.name] : undefined;
  if (value === null) return fragment.form === 'test' ? substitute(fragment, '') : undefined;
  return substitute(fragment, value);
}

/** Where a literal stands, a word may stand right before it or behind it, which must not become one with this one. */
function nullText(template: Template, index: number): string {
  const [before, behind] = [template[index - 1], template[index + 1]].map((fragment) =>
    fragment === undefined || fragment.kind === 'slot' ? '' : fragment.text,
  );
  return `${/[\w$\u0080-\uffff]$/.test(before ?? '') ? ' ' : ''}NULL${/^[\w$\u0080-\uffff]/.test(behind ?? '') ? ' ' : ''}`;
}

function locate(template: Template, texts: readonly string[], position: number): LineAndColumn {
  let before = Math.max(0, position - 1);
  let behind: LineAndColumn = { line: 1, column: 1 };
  for (const [index, fragment] of template.entries()) {
    const text = texts[index] ?? '';
    const length = characterCount(text);
    const isInside = before < length;
    if (fragment.kind === 'source') behind = advance(fragment, text, Math.min(before, length));
    else behind = { line: fragment.line, column: fragment.column };
    if (isInside) return behind;
    before -= length;
  }
  return behind;
}

/** The place so many characters behind a place. Lines end with a line feed; a carriage return is a character. */
function advance({ line, column }: LineAndColumn, text: string, count: number): LineAndColumn {
  let left = count;
  for (const character of text) {
    if (left === 0) break;
    left -= 1;
    if (character === '\n') {
      line += 1;
      column = 1;
    } else column += 1;
  }
  return { line, column };
}

function characterCount(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // The second half of a surrogate pair belongs to the character before it.
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
