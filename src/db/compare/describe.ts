import type { Client } from 'pg';
import { catalogOf, type CatalogQuery } from './catalog-query.js';
import { DATABASE_OBJECT_QUERIES, DATABASE_QUERY, REMARK_QUERIES } from './database-objects.js';
import { DATA_TYPE_QUERIES } from './data-types.js';
import type { DatabaseDescription, DescribedObject } from './description.js';
import { describeLargeObjects } from './large-objects.js';
import { OPERATOR_QUERIES } from './operators.js';
import { readAll, readRows, type TextRow } from './read-rows.js';
import { RELATION_PART_QUERIES } from './relation-parts.js';
import { RELATION_QUERIES } from './relations.js';
import { ROUTINE_QUERIES } from './routines.js';
import { describeRows, readTables } from './rows.js';
import { describeSequences } from './sequences.js';

/**
 * Describes a database: every object that is not PostgreSQL's own or an extension's, and the rows of every table as a number and
 * a checksum. All of one moment; nothing is changed. Rejects with the server's error.
 *
 * One query a kind of object (the files beside this one), around each the same: PostgreSQL itself names the object, qualified.
 * What is true of several queries about one object adds up.
 */
export async function describeDatabase(
  client: Client,
  { ignore = [] }: DescribeOptions = {},
): Promise<DatabaseDescription> {
  const settings = Object.entries(PLAIN_SETTINGS).map(([name, value]) => `SET LOCAL ${name} = '${value}'`);
  try {
    await client.query(
      ['BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY', ...settings].join('; '),
    );
    const objects = await describeObjects(client);
    const tables = await readTables(client, ignore);
    const rows = await describeRows(client, tables.compared);
    return { objects, rows, unknown: tables.unknown };
  } finally {
    await client.query('ROLLBACK');
  }
}

export interface DescribeOptions {
  /** Tables and columns whose rows are not compared: `schema.table` or `schema.table.column`; the schema may be left out. */
  readonly ignore?: readonly string[];
}

/** Texts must not depend on what roles and databases have for settings. An empty search_path qualifies every name. */
const PLAIN_SETTINGS: Readonly<Record<string, string>> = {
  search_path: '',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  datestyle: 'ISO, YMD',
  extra_float_digits: '3',
  intervalstyle: 'postgres',
  lc_monetary: 'C',
  quote_all_identifiers: 'off',
  statement_timeout: '0',
  timezone: 'UTC',
  xmloption: 'content',
};

const QUERIES: readonly CatalogQuery[] = [
  ...DATABASE_OBJECT_QUERIES,
  ...RELATION_QUERIES,
  ...RELATION_PART_QUERIES,
  ...ROUTINE_QUERIES,
  ...DATA_TYPE_QUERIES,
  ...OPERATOR_QUERIES,
  // Facts about all of the above.
  ...REMARK_QUERIES,
];

async function describeObjects(client: Client): Promise<ReadonlyMap<string, DescribedObject>> {
  const objects = new Map<string, DescribedObject>();
  const add = (one: DescribedObject): void => {
    const key = `${one.what} ${one.object}`;
    const known = objects.get(key);
    const parent = known?.parent ?? one.parent;
    objects.set(key, { ...one, parent, facts: { ...known?.facts, ...one.facts } });
  };
  const [[database = {}] = [], ...found] = await readAll(client, [
    DATABASE_QUERY,
    ...(await queriesFor(client)).map(identified),
  ]);
  add({ what: 'database', object: 'itself', parent: undefined, facts: database });
  for (const row of found.flat()) add(asObject(row));
  for (const sequence of await describeSequences(client)) add(sequence);
  for (const content of await describeLargeObjects(client)) add(content);
  return objects;
}

/**
 * The queries that may find something: planning one takes longer than running it, and most databases have nothing in most
 * catalogs.
 */
async function queriesFor(client: Client): Promise<readonly CatalogQuery[]> {
  const [{ major = '0' } = {}] = await readRows(
    client,
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  const known = QUERIES.filter(({ since = 0 }) => Number(major) >= since);
  const catalogs = new Set(known.map(catalogOf).filter((name) => name !== undefined && !ALWAYS.has(name)));
  const trials = [...catalogs].map(
    (name) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name} WHERE oid >= 16384)`,
  );
  const inUse = new Set((await readRows(client, trials.join(' UNION ALL '))).map(({ name }) => name));
  return known.filter((query) => {
    const name = catalogOf(query);
    return name === undefined || ALWAYS.has(name) || inUse.has(name);
  });
}

/** The schema `public` is in the first one; the others are closed to all but superusers. */
const ALWAYS: ReadonlySet<string> = new Set(['pg_namespace', 'pg_subscription', 'pg_user_mapping']);

/**
 * PostgreSQL's own objects have OIDs below 16384 (FirstNormalObjectId in access/transam.h), but the schema `public` (2200) is
 * anybody's. What extensions and range types bring with them is theirs.
 */
function identified({ sql, has = [] }: CatalogQuery): string {
  const subid = has.includes('subid') ? 'facts.subid' : '0';
  const parent = has.includes('parent') ? 'facts.parent::oid' : 'NULL::oid';
  return `SELECT facts.*, own.type AS what, own.identity AS object, above.type || ' ' || above.identity AS parent
    FROM (${sql}) AS facts,
      LATERAL pg_identify_object(facts.classid, facts.objid, ${subid}) AS own,
      LATERAL pg_identify_object('pg_class'::regclass, ${parent}, 0) AS above
    WHERE (facts.objid >= 16384 OR facts.objid = 2200 AND facts.classid = 'pg_namespace'::regclass)
      AND own.identity IS NOT NULL AND coalesce(own.schema, '') !~ '^pg_(temp|toast)'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND e.refclassid = 'pg_extension'::regclass
        AND (e.classid = facts.classid AND e.objid = facts.objid
          OR e.classid = 'pg_class'::regclass AND e.objid = ${parent}))
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'i' AND e.refclassid = 'pg_type'::regclass
        AND e.classid = facts.classid AND e.objid = facts.objid
        AND e.classid IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_cast'::regclass))`;
}

/** Of two columns of a name the later one counts: `parent` is no OID any more. */
function asObject({ what, object, parent, ...rest }: TextRow): DescribedObject {
  const facts = Object.fromEntries(Object.entries(rest).filter(([name]) => !ADDRESS.has(name)));
  return { what: what ?? '', object: object ?? '', parent: parent ?? undefined, facts };
}

const ADDRESS: ReadonlySet<string> = new Set(['classid', 'objid', 'subid']);
