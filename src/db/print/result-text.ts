import { alignedText } from './aligned.js';
import { alignedExpandedText } from './aligned-expanded.js';
import { csvText } from './csv.js';
import { htmlText } from './html.js';
import { tableOf } from './table.js';
import { unalignedText } from './unaligned.js';
import type { PrintSettings } from '../../model/print.js';
import type { ResultSet } from '../statement-query.js';

/**
 * A result as psql prints it, byte for byte, so that a script shows under pqrun what it shows under psql.
 *
 * Rules: PostgreSQL's src/fe_utils/print.c and mbprint.c; the version measured against is 15. COPY data is printed as it
 * comes, whatever the format. There is no pager and nothing is fitted to a terminal.
 */
export function resultText(result: ResultSet, print: PrintSettings): string {
  if (result.kind === 'copy') return result.data;
  const table = tableOf(result, print.nullText);
  switch (print.format) {
    case 'aligned':
      return print.expanded === 'on' ? alignedExpandedText(table, print) : alignedText(table, print);
    case 'unaligned':
      return unalignedText(table, print);
    case 'csv':
      return csvText(table, print);
    case 'html':
      return htmlText(table, print);
  }
}
