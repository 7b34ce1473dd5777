import type { RangeVar } from 'libpg-query';
import { CHUNK_MARKER } from './chunk-level.js';
import { renderTemplate, slotInFragment } from './template.js';
import { TABLE_SLOT } from '../model/axis.js';
import type { Template } from '../model/script.js';

/**
 * The statement with a slot in place of its table's name, `ONLY` and `*` with it: one of the table's partitions may stand there.
 * Undefined: the name is not within one part of the text that stands in the script.
 */
export function tableSlot(
  { location = 0, inh, relname }: RangeVar,
  { text, template }: { readonly text: string; readonly template: Template },
): Template | undefined {
  const bytes = Buffer.from(text);
  const from = bytes.subarray(0, location).toString().length;
  const name = NAME.exec(text.slice(from))?.[0];
  if (name === undefined || lastOf(name) !== relname) return undefined;
  const only = inh === true ? undefined : ONLY.exec(text.slice(0, from))?.[0];
  if (inh !== true && only === undefined) return undefined;
  const start = from - (only?.length ?? 0);
  return replaced(template, { start, end: from + name.length });
}

function replaced(
  template: Template,
  { start, end }: { readonly start: number; readonly end: number },
): Template | undefined {
  let offset = 0;
  for (const [index, fragment] of template.entries()) {
    const { length } = renderTemplate([fragment], MARKED).text;
    const isIn = offset <= start && end <= offset + length;
    if (isIn && fragment.kind !== 'slot') {
      const slot = { name: TABLE_SLOT, start: start - offset, end: end - offset };
      return [...template.slice(0, index), ...slotInFragment(fragment, slot), ...template.slice(index + 1)];
    }
    offset += length;
  }
  return undefined;
}

/** As SQL folds it. */
function lastOf(name: string): string {
  const last = LAST.exec(name)?.[1] ?? '';
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase();
}

/** As the text was rendered that the parser has read (sample.ts). */
const MARKED = { chunk: `"${CHUNK_MARKER}"`, job: '0', jobs: '1' };

const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)*`;
const PART = String.raw`(?:"(?:[^"]|"")*"|[^\s"'(),.;*/=<>:-]+)`;
const NAME = new RegExp(`^${PART}(?:${BLANK}\\.${BLANK}${PART})*(?:${BLANK}\\*)?`, 'u');
const LAST = new RegExp(`(${PART})(?:${BLANK}\\*)?$`, 'u');
const ONLY = new RegExp(`\\bonly${BLANK}$`, 'iu');
