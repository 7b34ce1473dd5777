import type { PrintSettings } from '../../model/print.js';

/** What the lines of an aligned table are drawn with (print.c: pg_asciiformat, unicode_style with single lines). */
export interface LineStyle {
  readonly vertical: string;
  /** Behind a line that goes on, because the value has a newline there. */
  readonly newline: string;
  readonly top: Rule;
  readonly middle: Rule;
  readonly bottom: Rule;
}

/** A horizontal line and its crossings with the vertical ones. */
export interface Rule {
  readonly horizontal: string;
  readonly left: string;
  readonly crossing: string;
  readonly right: string;
}

const ASCII_RULE: Rule = { horizontal: '-', left: '+', crossing: '+', right: '+' };

const LINE_STYLES: Readonly<Record<PrintSettings['lineStyle'], LineStyle>> = {
  ascii: { vertical: '|', newline: '+', top: ASCII_RULE, middle: ASCII_RULE, bottom: ASCII_RULE },
  unicode: {
    vertical: '│',
    newline: '↵',
    top: { horizontal: '─', left: '┌', crossing: '┬', right: '┐' },
    middle: { horizontal: '─', left: '├', crossing: '┼', right: '┤' },
    bottom: { horizontal: '─', left: '└', crossing: '┴', right: '┘' },
  },
};

/** How an aligned table is framed. */
export interface Frame {
  readonly border: 0 | 1 | 2;
  readonly style: LineStyle;
}

/** Aligned tables take any border above 2 for 2. */
export function frameOf({ border, lineStyle }: PrintSettings): Frame {
  return { border: border === 0 ? 0 : border === 1 ? 1 : 2, style: LINE_STYLES[lineStyle] };
}
