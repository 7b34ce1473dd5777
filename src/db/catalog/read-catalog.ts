import type { CatalogRows, SessionRow } from '../../model/catalog-rows.js';
import { hiddenQueries } from './hidden-routines.js';
import { OTHER_QUERIES } from './others.js';
import type { CatalogPart, Queries } from './queries.js';
import { RELATION_QUERIES } from './relations.js';
import { routineQueries } from './routines.js';
import { SESSION } from './session.js';
import { TABLE_PART_QUERIES } from './table-parts.js';
import { typeQueries } from './types.js';

/**
 * Reads the catalog of the database that a connection is in, of a server from 12 on, in two round trips: what the session
 * and the server are, and all the rest. That is one text of several statements, which the server runs as one transaction:
 * it shows one moment, ends with the text whether that succeeds or fails, and leaves the session as it was. Settings of
 * the session that would change what the server writes are set for that transaction.
 *
 * Definitions (pg_get_viewdef …) are written from what is there now. Objects that were dropped since the transaction
 * began are left out; where the server stumbles over one inside the definition of another, all is read again. The server
 * locks the tables that a view names while it writes the view (ACCESS SHARE), so the reading may have to wait for whoever
 * alters them: not for longer than LOCK_WAIT.
 */
export interface CatalogConnection {
  /** Several statements in one text (which pg answers with a list of results), or one. */
  query(text: string): Promise<unknown>;
}

const LOCK_WAIT = '3s';
/** Where tables come and go without a pause every other attempt may fail. */
const ATTEMPTS = 30;

/** Throws what the server says (pg.DatabaseError), and what breaks the connection. The connection must not be in a transaction. */
export async function readCatalog(connection: CatalogConnection): Promise<CatalogRows> {
  return (await readCatalogWith(connection)).rows;
}

/** The same, with another query of the same moment. */
export async function readCatalogWith(connection: CatalogConnection, also?: string): Promise<CatalogWith> {
  const [session] = rowsOf(await connection.query(SESSION));
  if (session === undefined) throw new Error('the server does not know its search_path');
  // The columns of SESSION, with pg's types for them.
  const row = session as SessionRow;
  const read = await readParts(connection, row.version, also);
  return { rows: { session: row, ...read.parts }, also: read.also };
}

/** What is there, and what another query gives in the same moment: its first column. */
export interface CatalogWith {
  readonly rows: CatalogRows;
  readonly also: readonly string[];
}

interface ReadParts {
  readonly parts: Parts;
  readonly also: readonly string[];
}

async function readParts(
  connection: CatalogConnection,
  version: number,
  also: string | undefined,
): Promise<ReadParts> {
  const queries = allQueries(version);
  const text = [...SETTINGS, ...Object.values(queries), ...(also === undefined ? [] : [also])].join(';\n');
  for (let attempt = 1; ; attempt += 1) {
    try {
      const results = await connection.query(text);
      return { parts: partsOf(queries, results), also: also === undefined ? [] : firstColumn(results) };
    } catch (error) {
      if (attempt === ATTEMPTS || !isOfDropped(error)) throw error;
    }
  }
}

/**
 * An empty search_path makes the server qualify all names. Compiling queries over catalogs takes longer than running
 * them, and their parallel workers would be missed elsewhere.
 */
const SETTINGS = [
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
  "SET LOCAL search_path = ''",
  'SET LOCAL quote_all_identifiers = off',
  'SET LOCAL standard_conforming_strings = on',
  'SET LOCAL statement_timeout = 0',
  `SET LOCAL lock_timeout = '${LOCK_WAIT}'`,
  'SET LOCAL jit = off',
  'SET LOCAL max_parallel_workers_per_gather = 0',
];

type Parts = Omit<CatalogRows, 'session'>;

function allQueries(version: number): Queries<CatalogPart> {
  return {
    ...OTHER_QUERIES,
    ...RELATION_QUERIES,
    ...TABLE_PART_QUERIES,
    ...routineQueries(version),
    ...typeQueries(version),
    ...hiddenQueries(version),
  };
}

function partsOf(queries: Queries<CatalogPart>, results: unknown): Parts {
  if (!Array.isArray(results)) throw new TypeError('a list of results was expected');
  const lists = results.slice(SETTINGS.length).map(rowsOf);
  const parts = Object.fromEntries(Object.keys(queries).map((part, index) => [part, lists[index] ?? []]));
  const roles = (parts.roles ?? []).map((role) => (role as { name: string }).name);
  // Each query names its columns as its rows name their properties, with pg's types for them.
  return { ...parts, roles } as unknown as Parts;
}

function firstColumn(results: unknown): readonly string[] {
  const rows = rowsOf(Array.isArray(results) ? results.at(-1) : undefined);
  return rows.map((row) => String(Object.values(row as object)[0]));
}

function rowsOf(result: unknown): readonly unknown[] {
  // What pg answers to a text without parameters.
  return (result as { readonly rows: readonly unknown[] }).rows;
}

/** The server's words for what was there when its transaction began and is not now: internal errors, or undefined objects. */
const OF_DROPPED: ReadonlySet<string> = new Set(['XX000', '42P01', '42703', '42704', '42883', '3F000']);

function isOfDropped(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && OF_DROPPED.has(error.code)
  );
}
