import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ReasonKind } from '../../src/model/explain.js';
import { createDatabase, type TestDatabase } from '../database.js';
import { outcomeOf, reasonsOf, SCHEMA } from './explain-rig.js';

/**
 * Each reason on a real server: what makes it, and the same without it, which is parallel. Where PostgreSQL never runs
 * such a statement in parallel, `without` is the nearest one that it does.
 */
interface Case {
  readonly made: string;
  readonly without: string;
  readonly proof?: 'rule';
  /** Part of the reason's text. */
  readonly text?: string;
}

const COUNT = 'SELECT count(*) FROM big';
/** Settings under which even a small table is read in parallel. */
const EAGER =
  'SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;';
/** Somebody whom the policies of tables are for. Rolled back, as everything. */
const READER = `CREATE ROLE explain_reader; GRANT SELECT ON guarded TO explain_reader;
  ALTER FUNCTION unsafe_equal OWNER TO explain_reader; SET ROLE explain_reader;`;
const FAR = `CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE far (n int) SERVER files OPTIONS (program 'echo 1');`;

/** Seen only when the statement is run (explain.test.ts), or only on servers of old (a unit test). */
type Elsewhere = 'max-workers' | 'workers-used-up' | 'serializable';

const CASES: Readonly<Record<Exclude<ReasonKind, Elsewhere>, readonly Case[]>> = {
  writes: [
    { made: `INSERT INTO target ${COUNT}`, without: `CREATE TABLE x AS ${COUNT}` },
    {
      made: `WITH w AS (${COUNT}) INSERT INTO target SELECT * FROM w`,
      without: `WITH w AS (${COUNT}) SELECT * FROM w`,
    },
    {
      made: `DELETE FROM big WHERE t LIKE 'y%' RETURNING n`,
      without: `SELECT n FROM big WHERE t LIKE 'y%'`,
    },
    {
      made: `UPDATE small s SET n = 1 FROM big b WHERE b.n = s.n AND b.t LIKE 'y%'`,
      without: `SELECT FROM small s, big b WHERE b.n = s.n AND b.t LIKE 'y%'`,
    },
    {
      made: `MERGE INTO target USING (${COUNT}) AS b (c) ON n = c WHEN NOT MATCHED THEN INSERT VALUES (c)`,
      without: `SELECT * FROM (${COUNT}) AS b (c) LEFT JOIN target ON n = c`,
      proof: 'rule',
    },
  ],
  'writing-cte': [
    {
      made: `WITH w AS (INSERT INTO target VALUES (1) RETURNING n) SELECT count(*) FROM big, w`,
      without: `WITH w AS (VALUES (1)) SELECT count(*) FROM big, w`,
      proof: 'rule',
    },
  ],
  locks: [
    {
      made: `SELECT n FROM big WHERE t LIKE 'y%' FOR UPDATE`,
      without: `SELECT n FROM big WHERE t LIKE 'y%'`,
    },
    {
      made: `CREATE TABLE x AS SELECT n FROM big WHERE t LIKE 'y%' FOR SHARE`,
      without: `CREATE TABLE x AS SELECT n FROM big WHERE t LIKE 'y%'`,
    },
  ],
  cursor: [{ made: `DECLARE c CURSOR FOR ${COUNT}`, without: COUNT }],
  'no-query': [
    {
      made: 'INSERT INTO target VALUES (1)',
      without: `CREATE TABLE x AS ${COUNT}`,
      proof: 'rule',
    },
  ],
  'no-table': [{ made: 'SELECT count(*) FROM generate_series(1, 300000)', without: COUNT, proof: 'rule' }],
  function: [
    { made: `${COUNT} WHERE unsafe(n) = 1`, without: `${COUNT} WHERE safe(n) = 1`, text: 'UNSAFE' },
    { made: `${COUNT} WHERE n = currval('s')`, without: `${COUNT} WHERE n = 7` },
    {
      made: 'SELECT count(*) FROM unsafe_view WHERE u = 1',
      without: 'SELECT count(*) FROM safe_view WHERE u = 1',
    },
    {
      made: `${COUNT} WHERE n === 1`,
      without: `${COUNT} WHERE n = 1`,
      text: 'function unsafe_equal(integer,integer), behind operator ===(integer,integer), is PARALLEL UNSAFE',
    },
    {
      made: 'SELECT count(*) FROM operator_view',
      without: 'ALTER FUNCTION unsafe_equal PARALLEL SAFE; SELECT count(*) FROM operator_view',
      text: 'behind operator',
    },
    {
      made: `${COUNT} WHERE n::cased = row(1)::cased`,
      without: `ALTER FUNCTION to_cased PARALLEL SAFE; ${COUNT} WHERE n::cased = row(1)::cased`,
      text: 'function to_cased(integer) is',
    },
    {
      made: 'SELECT unsafe_sum(n) FROM big',
      without: 'SELECT safe_sum(n) FROM big',
      text: 'aggregate unsafe_sum(integer) is PARALLEL UNSAFE',
    },
    {
      made: `${READER} SELECT count(*) FROM guarded`,
      without: `ALTER FUNCTION unsafe_equal PARALLEL SAFE; ${READER} SELECT count(*) FROM guarded`,
    },
  ],
  domain: [
    { made: `${COUNT} WHERE n::positive = 1`, without: `${COUNT} WHERE n::plain = 1`, text: 'positive' },
  ],
  'table-workers': [
    { made: `ALTER TABLE big SET (parallel_workers = 0); ${COUNT}`, without: COUNT, text: 'table big' },
    {
      made: 'SELECT count(*) FROM parted',
      without: 'ALTER TABLE part SET (parallel_workers = 3); SELECT count(*) FROM parted',
      text: 'table part:',
    },
  ],
  'scan-size': [
    {
      made: `SET min_parallel_table_scan_size = '1GB'; ${COUNT}`,
      without: `SET min_parallel_table_scan_size = '1MB'; ${COUNT}`,
      text: 'table big (',
    },
    {
      made: `SET min_parallel_table_scan_size = '1GB'; SELECT count(*) FROM big JOIN small USING (n)`,
      without: 'SELECT count(*) FROM big JOIN small USING (n)',
      text: 'tables ',
    },
    {
      made: `SET enable_seqscan = off; SET enable_bitmapscan = off; SET min_parallel_index_scan_size = '1GB'; SELECT count(n) FROM keyed WHERE n < 200000`,
      without: `SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT count(n) FROM keyed WHERE n < 200000`,
      text: 'min_parallel_index_scan_size (1GB)',
    },
  ],
  'setup-cost': [{ made: `SET parallel_setup_cost = 1e9; ${COUNT}`, without: COUNT }],
  'tuple-cost': [
    {
      made: 'SET parallel_setup_cost = 0; SELECT n FROM big',
      without: 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SELECT n FROM big',
    },
  ],
  'workers-per-gather': [{ made: `SET max_parallel_workers_per_gather = 0; ${COUNT}`, without: COUNT }],
  'temporary-table': [
    {
      made: `${EAGER} CREATE TEMP TABLE made (n int); SELECT count(*) FROM made`,
      without: `${EAGER} CREATE UNLOGGED TABLE made (n int); SELECT count(*) FROM made`,
      proof: 'rule',
    },
  ],
  'foreign-table': [
    {
      made: `${EAGER} ${FAR} SELECT count(*) FROM far`,
      without: `${EAGER} CREATE TABLE far (n int); SELECT count(*) FROM far`,
      proof: 'rule',
    },
  ],
  'full-join': [
    {
      made: 'SET enable_hashjoin = off; SELECT count(*) FROM big a FULL JOIN big b USING (n)',
      without: 'SELECT count(*) FROM big a FULL JOIN big b USING (n)',
      proof: 'rule',
    },
    {
      made: 'SET enable_hashjoin = off; SELECT count(*) FROM big a FULL JOIN small b USING (n)',
      without: 'SET enable_hashjoin = off; SELECT count(*) FROM big a LEFT JOIN small b USING (n)',
      proof: 'rule',
    },
  ],
  'whole-aggregate': [
    {
      made: 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM big',
      without: 'SELECT avg(n) FROM big',
      proof: 'rule',
    },
    { made: 'SELECT count(DISTINCT n) FROM big', without: 'SELECT count(n) FROM big', proof: 'rule' },
    {
      made: 'SELECT apart_sum(n) FROM big',
      without: 'SELECT safe_sum(n) FROM big',
      proof: 'rule',
      text: 'COMBINEFUNC',
    },
    {
      made: 'SELECT k, count(*) FROM big GROUP BY ROLLUP (k)',
      without: 'SELECT k, count(*) FROM big GROUP BY k',
      proof: 'rule',
      text: 'ROLLUP',
    },
  ],
  window: [
    {
      made: 'SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY n) AS r FROM big) AS b WHERE r > 1',
      without: 'SELECT count(*) FROM (SELECT n AS r FROM big) AS b WHERE r > 1',
      proof: 'rule',
    },
  ],
  'cte-scan': [
    {
      made: 'WITH w AS MATERIALIZED (SELECT * FROM big) SELECT count(*) FROM w',
      without: 'WITH w AS NOT MATERIALIZED (SELECT * FROM big) SELECT count(*) FROM w',
    },
    {
      made: `${EAGER} WITH RECURSIVE w (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM w WHERE n < 9) SELECT count(*) FROM w`,
      without: `${EAGER} SELECT count(*) FROM small`,
      proof: 'rule',
    },
  ],
  'not-cheaper': [{ made: 'SELECT n FROM keyed WHERE n = 5', without: 'SELECT count(n) FROM keyed' }],
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.query(SCHEMA);
});
afterAll(() => database.drop());

const cases = Object.entries(CASES).flatMap(([kind, all]) => all.map((one) => ({ kind, ...one })));

describe('a reason is there when it is made, and gone with its cause', () => {
  it.each(cases)('$kind: $made', async ({ kind, made, without, text = '', proof = 'proved' }) => {
    const found = await reasonsOf(database, made);
    const expected = kind === 'not-cheaper' ? 'unproved' : proof;
    expect(found).toContainEqual(
      expect.objectContaining({
        kind,
        text: expect.stringContaining(text) as string,
        proof: expect.objectContaining({ kind: expected }) as object,
      }),
    );
    // That a FULL JOIN can be parallel at all came with PostgreSQL 16.
    if (kind === 'full-join' && inject('serverVersion') < 16) return;
    expect(await outcomeOf(database, without)).toMatchObject({ kind: 'parallel', reasons: [] });
  });
});
