import { footerOf, type Table } from './table.js';
import type { PrintSettings } from '../../model/print.js';

/** The HTML format (print.c: print_html_text and print_html_vertical): one table, no document around it. */
export function htmlText(table: Table, print: PrintSettings): string {
  const { border, tableAttributes: attributes, title, tuplesOnly } = print;
  const isExpanded = print.expanded === 'on';
  const caption = tuplesOnly || title === undefined ? '' : `  <caption>${escaped(title)}</caption>\n`;
  const footer = isExpanded ? undefined : footerOf(table, print);
  return [
    `<table border="${border}"${attributes === undefined ? '' : ` ${attributes}`}>\n`,
    caption,
    isExpanded ? records(table, tuplesOnly) : rows(table, tuplesOnly),
    '</table>\n',
    footer === undefined ? '\n' : `<p>${footer}<br />\n</p>\n`,
  ].join('');
}

function rows({ headers, rows, flushRight }: Table, tuplesOnly: boolean): string {
  const names = headers.map((name) => `    <th align="center">${escaped(name)}</th>\n`).join('');
  const lines = rows.map((row) => {
    const cells = row.map((value, column) => cell(value, flushRight[column] === true)).join('');
    return `  <tr valign="top">\n${cells}  </tr>\n`;
  });
  return (tuplesOnly ? '' : `  <tr>\n${names}  </tr>\n`) + lines.join('');
}

function records({ headers, rows, flushRight }: Table, tuplesOnly: boolean): string {
  const record = (row: readonly string[], index: number): string => {
    const label = tuplesOnly
      ? '<td colspan="2">&nbsp;</td>'
      : `<td colspan="2" align="center">Record ${index + 1}</td>`;
    const fields = row.map((value, column) => {
      const name = `    <th>${escaped(headers[column] ?? '')}</th>\n`;
      return `  <tr valign="top">\n${name}${cell(value, flushRight[column] === true)}  </tr>\n`;
    });
    return `\n  <tr>${label}</tr>\n${fields.join('')}`;
  };
  return rows.map(record).join('');
}

function cell(value: string, flushRight: boolean): string {
  const text = /^[ \t]*$/.test(value) ? '&nbsp; ' : escaped(value);
  return `    <td align="${flushRight ? 'right' : 'left'}">${text}</td>\n`;
}

/** Leading blanks are kept for the plans of EXPLAIN, which are indented. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character)
    .replace(/^ +/, (blanks) => '&nbsp;'.repeat(blanks.length));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '<br />\n',
};
