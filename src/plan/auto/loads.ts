import { modeBit } from '../../model/access.js';
import type { Statement } from '../../model/script.js';
import { says } from '../../script/template.js';
import type { Accesses } from '../accesses/access-set.js';

/**
 * How much a plan has brought into each table so far, in weights: what goes over all rows of a table behind that (an index, a
 * constraint that is checked) is expected to take a part of the time that bringing them took, until durations are known: the
 * longest must not begin last.
 *
 * It knows nothing of rows that were there before or that a query finds, nor of how long values take to be compared.
 *
 * Source: src/bin/pg_dump/pg_backup_archiver.c, repoint_table_dependencies (what pg_restore sorts by).
 */
export class Loads {
  readonly #byTable = new Map<number, number>();

  /** Rows come into what is appended to. */
  add({ resources, bits }: Accesses, weight: number): void {
    for (let at = 0; at < resources.length; at++) {
      const table = resources[at] ?? 0;
      if (((bits[at] ?? 0) & APPEND) !== 0)
        this.#byTable.set(table, (this.#byTable.get(table) ?? 0) + weight);
    }
  }

  /** What statements that go over all rows of a table weigh for that; of several tables the largest counts. */
  weightOver({ resources }: Accesses, statements: readonly Statement[]): number {
    const times = this.#byTable.size === 0 ? 0 : statements.filter(goesOverRows).length;
    if (times === 0) return 0;
    const most = resources.reduce((sofar, table) => Math.max(sofar, this.#byTable.get(table) ?? 0), 0);
    return times * SHARE * most;
  }
}

const APPEND = modeBit('append');

/** Measured: the index of a number, or a foreign key, against the COPY of five columns. */
const SHARE = 0.5;

function goesOverRows({ facts, text }: Statement): boolean {
  return facts.node === 'IndexStmt' || (facts.node === 'AlterTableStmt' && says(text, OF_ALL_ROWS));
}

/** In ALTER TABLE: a constraint, or another type. */
const OF_ALL_ROWS = /\b(?:constraint|primary|unique|foreign|references|check|exclude|type|not\s+null)\b/i;
