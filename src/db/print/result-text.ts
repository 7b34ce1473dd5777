import { alignedText } from './aligned.js';
import { alignedExpandedText } from './aligned-expanded.js';
import { htmlText } from './html.js';
import { rowWriter } from './row-format.js';
import { tableOf } from './table.js';
import type { PrintSettings } from '../../model/print.js';
import type { ResultSet } from '../result-taker.js';

/**
 * A result as psql prints it, byte for byte, so that a script shows under pqrun what it shows under psql.
 *
 * Rules: PostgreSQL's src/fe_utils/print.c and mbprint.c; the version measured against is 15. COPY data is printed as it
 * comes, whatever the format. There is no pager and nothing is fitted to a terminal.
 */
export function resultText(result: ResultSet, print: PrintSettings): string {
  if (result.kind === 'copy') return result.data;
  const writer = rowWriter(print);
  if (writer !== undefined) {
    const heading = writer.begin(result.fields);
    const rows = result.rows.map((values) => writer.row(values)).join('');
    return heading + rows + writer.end();
  }
  const table = tableOf(result, print.nullText);
  if (print.format === 'html') return htmlText(table, print);
  return print.expanded === 'on' ? alignedExpandedText(table, print) : alignedText(table, print);
}
