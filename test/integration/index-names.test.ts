import type { IndexStmt } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyNames } from '../../src/plan/accesses/index-names.js';
import { loadParser } from '../../src/script/syntax.js';
import { openedClient, SERVERS } from './each-server.js';

/** What an index may be on, and how PostgreSQL calls the column then. */
const KEYS = [
  'n, t',
  'n, n, abs(n)',
  'abs(n), pg_catalog.abs(n)',
  '(n + 1), (n + 2), (n IS NULL)',
  '(n::bigint), (t::varchar(3)), ((n + 1)::bigint), ((n + 1)::pg_catalog.int8)',
  '(abs(n)::bigint), (CAST(1 AS numeric(4, 2)))',
  '(t COLLATE "C"), ((t || t) COLLATE "C"), (lower(t) COLLATE "C")',
  '(CASE WHEN n > 1 THEN 1 END), (CASE WHEN n > 1 THEN 1 ELSE n END)',
  '(CASE n WHEN 1 THEN 1 ELSE 2::bigint END), (CASE WHEN true THEN 1 ELSE abs(n) END)',
  '(coalesce(n, 1)), (nullif(n, 1)), (greatest(n, 1)), (least(n, 1))',
  '(ARRAY[n, 1]), (a[1]), (a[1:2]), ((ARRAY[n])[1])',
  '((p).x), ((p).x::text), (((p).x + 1))',
  '(nullif(n, 1)::bigint), (NOT b), (b AND true)',
  "(n IN (1, 2)), (n BETWEEN 1 AND 2), (n IS DISTINCT FROM 1), (t LIKE 'a')",
  '(ROW(n, 1) IS NULL), ((ROW(n, 1)::pair).x)',
  "(t IS NORMALIZED), (extract(year FROM d)), (overlay(t PLACING 'a' FROM 1)), (trim(t)), (position('a' IN t))",
  '(xmlelement(NAME e, t)::text), (xmlforest(n)::text), (xmlconcat(xmlelement(NAME e), xmlelement(NAME f))::text)',
  "(xmlpi(NAME e)::text), (xmlroot(xmlelement(NAME e), version '1.0')::text), (xmlparse(CONTENT 'a')::text)",
  '(b IS TRUE), (xmlserialize(CONTENT xmlelement(NAME e, t) AS text))',
] as const;

/** Only newer servers know them. */
const JSON_KEYS = [
  "(json_value(j, '$.a')), (json_exists(j, '$.a')), (json_query(j, '$.a'))",
  "(json_value(j, '$.a' RETURNING int))",
  '(json_serialize(j RETURNING text)), (json_object(t: n RETURNING text))',
  '(json_array(n, 1 RETURNING text)), (json_scalar(n)::text), (json(t)::text), (j IS JSON)',
] as const;

describe.each(SERVERS)('names of the columns of an index on the %s server', (kind) => {
  const client = openedClient(kind);
  let version: number;

  beforeAll(async () => {
    const { rows } = await client().query<{ version: string }>(
      `SELECT current_setting('server_version_num') AS version`,
    );
    version = Number(rows[0]?.version);
    await client().query('CREATE TYPE pg_temp.pair AS (x int, y int)');
    await client().query('SET search_path = pg_temp');
    await client().query(
      'CREATE TEMPORARY TABLE named (n int, t text, b boolean, d date, a int[], p pg_temp.pair, j jsonb)',
    );
  });

  it.for([...KEYS, ...JSON_KEYS])('are known: %s', async (keys, { skip }) => {
    skip(version < 170_000 && (JSON_KEYS as readonly string[]).includes(keys), 'PostgreSQL 17 brought them');
    const sql = `CREATE INDEX named_idx ON named (${keys})`;
    await client().query('DROP INDEX IF EXISTS named_idx');
    await client().query(sql);
    const { rows } = await client().query<{ name: string }>(
      `SELECT attname::text AS name FROM pg_attribute WHERE attrelid = 'named_idx'::regclass ORDER BY attnum`,
    );
    const parsed = (await loadParser()).parse(sql);
    const [node] = parsed.kind === 'parsed' ? parsed.nodes : [];
    const { IndexStmt: statement } = node as { readonly IndexStmt: IndexStmt };
    expect(keyNames(statement)).toEqual(rows.map(({ name }) => name));
  });
});
