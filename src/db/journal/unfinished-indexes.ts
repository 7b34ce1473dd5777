import type { Client } from 'pg';

/**
 * CREATE INDEX CONCURRENTLY is several transactions: one that does not come to its end leaves an invalid index behind, under whose name
 * none can be made, and which IF NOT EXISTS takes for a good one (PostgreSQL, CREATE INDEX, "Building Indexes Concurrently").
 *
 * A run that goes on drops what it has left so. It knows names only: an index that the script does not name, and what REINDEX has
 * left, it tells of.
 */
export interface WantedIndex {
  /** Undefined: the search_path finds it. */
  readonly schema: string | undefined;
  readonly table: string;
  /** Undefined: the server names it. */
  readonly index: string | undefined;
}

/** The index that a statement builds concurrently. */
export function indexBuiltBy(text: string): WantedIndex | undefined {
  const found = BUILDS.exec(text)?.groups;
  const table = nameOf(found?.table);
  if (found === undefined || table === undefined) return undefined;
  return { schema: nameOf(found.schema), table, index: nameOf(found.index) };
}

export interface InvalidIndex {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  /** As SQL names it. */
  readonly name: string;
}

/** What is left of builds that did not end. Nobody is at work on it. */
export async function invalidIndexes(
  client: Client,
  wanted: readonly WantedIndex[],
): Promise<readonly InvalidIndex[]> {
  const { rows } = await client.query<InvalidIndex>(INVALID, [wanted.map(({ table }) => table)]);
  return rows.filter((row) => wanted.some((one) => one.table === row.table && fits(one, row)));
}

function fits({ schema, index }: WantedIndex, found: InvalidIndex): boolean {
  return (schema ?? found.schema) === found.schema && (index === undefined || index === found.index);
}

const INVALID = `
  SELECT n.nspname AS schema, t.relname AS table, c.relname AS index,
      pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid AND c.relkind = 'i'
    JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE NOT i.indisvalid AND t.relname = ANY($1)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid)
    ORDER BY name`;

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\w$\u0080-\uffff]+)`;
const BUILDS = new RegExp(
  String.raw`^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:(?:if\s+not\s+exists\s+)?(?<index>${NAME})\s+)??on\s+(?:only\s+)?(?:(?<schema>${NAME})\s*\.\s*)?(?<table>${NAME})`,
  'i',
);

function nameOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}
