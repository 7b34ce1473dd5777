import type { Client } from 'pg';
import type { DescribedRows } from './description.js';
import { readAll, readRows, type TextRow } from './read-rows.js';

/** Rows as numbers that do not depend on their order. */

/** A table, and what of its rows is compared. */
export type ComparedTable = Pick<DescribedRows, 'what' | 'object' | 'row'>;

export interface Tables {
  readonly compared: readonly ComparedTable[];
  /** Ignored names that fit nothing. */
  readonly unknown: readonly string[];
}

/** Tables and materialized views with rows of their own, except those to ignore. */
export async function readTables(client: Client, ignore: readonly string[]): Promise<Tables> {
  const rows = await readRows(
    client,
    `SELECT own.type AS what, own.identity AS object, n.nspname AS schema, c.relname AS table,
        a.attname AS column, quote_ident(a.attname) AS quoted
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS own
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.relpersistence <> 't' AND c.oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_depend e
          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY c.oid, a.attnum`,
  );
  const unknown = new Set(ignore);
  const isIgnored = (...names: readonly string[]): boolean => {
    const fitting = ignore.filter((one) => names.includes(one));
    for (const one of fitting) unknown.delete(one);
    return fitting.length > 0;
  };
  const columns = new Map<
    string,
    { readonly what: string; readonly kept: string[]; readonly left: string[] }
  >();
  for (const { what, object, schema, table, column, quoted } of rows) {
    if (typeof object !== 'string' || isIgnored(`${table}`, `${schema}.${table}`)) continue;
    const known = columns.get(object) ?? { what: what ?? '', kept: [], left: [] };
    columns.set(object, known);
    if (typeof column !== 'string') continue;
    const list = isIgnored(`${table}.${column}`, `${schema}.${table}.${column}`) ? known.left : known.kept;
    list.push(`t.${quoted}`);
  }
  const compared = [...columns].map(([object, { what, kept, left }]) => ({
    what,
    object,
    row: left.length === 0 ? '(t.*)::text' : `ROW(${kept.join(', ')})::text`,
  }));
  return { compared, unknown: [...unknown] };
}

/**
 * The sum of a 64-bit hash of each row's text, in 128 bits: adding does not mind the order, and counts duplicates, which XOR
 * would cancel out.
 */
export async function describeRows(
  client: Client,
  tables: readonly ComparedTable[],
): Promise<ReadonlyMap<string, DescribedRows>> {
  const described = new Map<string, DescribedRows>();
  for (let at = 0; at < tables.length; at += AT_ONCE) {
    const some = tables.slice(at, at + AT_ONCE);
    const found = await readSums(client, some.map(sumOf));
    for (const [index, table] of some.entries()) {
      const [{ count, checksum } = {}] = found[index] ?? [];
      const key = `${table.what} ${table.object}`;
      described.set(key, { ...table, count: BigInt(count ?? 0), checksum: checksum ?? '' });
    }
  }
  return described;
}

/**
 * The empty search_path qualifies names in rows. But the planner opens up the functions of a table's indexes, and those whose
 * bodies name things without their schemas fail then (PostgreSQL before 17 lets them be made): such tables are read along a
 * search_path of all schemas.
 */
async function readSums(client: Client, sums: readonly string[]): Promise<readonly (readonly TextRow[])[]> {
  try {
    return await readAll(client, ['SAVEPOINT pqrun_rows', ...sums, 'RELEASE pqrun_rows']).then(inner);
  } catch (error) {
    await client.query('ROLLBACK TO pqrun_rows');
    const [{ path } = {}] = await readRows(client, EVERY_SCHEMA);
    if (typeof path !== 'string') throw error;
    const restored = `SET LOCAL search_path = ''`;
    return readAll(client, [`SET LOCAL search_path = ${path}`, ...sums, restored]).then(inner);
  }
}

/** Without what is said before and behind. */
function inner(answers: readonly (readonly TextRow[])[]): readonly (readonly TextRow[])[] {
  return answers.slice(1, -1);
}

const EVERY_SCHEMA = `SELECT string_agg(quote_ident(nspname), ', ' ORDER BY nspname <> 'public', nspname COLLATE "C") AS path
  FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`;

/** Tables in one round trip. */
const AT_ONCE = 50;

function sumOf(table: ComparedTable): string {
  return `SELECT count(*) AS count, coalesce(sum(${hashOf(table)}), 0) AS checksum FROM ONLY ${table.object} AS t`;
}

/** The same on both sides, whatever collation their databases have. */
export function hashOf({ row }: Pick<ComparedTable, 'row'>): string {
  return `hashtextextended((${row}) COLLATE "C", 0)`;
}
