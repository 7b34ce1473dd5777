import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { WalkFault } from '../../src/db/walk/walk-facts.js';
import { WalkReader } from '../../src/db/walk/walk-reader.js';
import { resolveConnection, systemSurroundings } from '../../src/db/settings/resolve.js';
import type { Axis } from '../../src/model/axis.js';
import { TABLE_SLOT } from '../../src/model/axis.js';
import type { ChunkSplit } from '../../src/model/script.js';
import { cutAxis } from '../../src/plan/cut.js';
import { createDatabase, type TestDatabase } from '../database.js';

/**
 * Splits over tables on a real server: every row belongs to exactly one piece, whatever is in the table, however it is cut, and
 * whatever is inserted, updated and deleted between the cutting and the reading.
 */
let database: TestDatabase;
let client: pg.Client;
let reader: WalkReader;

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { host, port, user, password } = inject('server');
  const flags = { host, port: String(port), user, dbname: database.name };
  const surroundings = { ...systemSurroundings(), env: { PGPASSWORD: password } };
  const resolved = resolveConnection(flags, surroundings);
  if (!resolved.ok) throw new Error('no settings');
  const opened = await WalkReader.open(resolved.value, {});
  if (!opened.ok) throw new Error(opened.failure.message);
  ({ reader } = opened);
});

afterAll(async () => {
  await reader.close();
  await client.end();
  await database.drop();
});

function rangeOf(columns: readonly string[], name = 't'): ChunkSplit {
  return { by: 'range', table: { name }, columns, place: { file: 'a.sql', line: 1, column: 1 } };
}

function blocksOf(name = 't'): ChunkSplit {
  return { by: 'blocks', table: { name }, columns: [], place: { file: 'a.sql', line: 1, column: 1 } };
}

async function axisOf(
  split: ChunkSplit,
  pieces?: number,
  from?: string,
): Promise<{ axis: Axis; source: string }> {
  const facts = await reader.facts(split, ['SET search_path = public']);
  if (facts === undefined) throw new Error('no table');
  return reader.axis(facts, { split, alias: split.table.name, needsAlias: true, pieces, from }, [
    'SET search_path = public',
  ]);
}

type Cuts = readonly { readonly from: number; readonly to: number }[];

/** How many rows each piece has, and how many rows are in how many pieces. */
async function look(axis: Axis, cuts: Cuts): Promise<{ counts: number[]; wrong: string[] }> {
  const parts = cuts.map(({ from, to }, piece) => {
    const { slots } = axis.values(from, to);
    return `SELECT ${piece} AS piece, t.n FROM ${slots[TABLE_SLOT] ?? 't'} WHERE ${slots.chunk ?? ''}`;
  });
  const { rows: wrong } = await client.query<{ n: string; times: string }>(
    `WITH seen AS (${parts.join(' UNION ALL ')}) SELECT t.n, count(seen.n) AS times FROM t LEFT JOIN seen USING (n)
       GROUP BY t.n HAVING count(seen.n) <> 1`,
  );
  const { rows: counts } = await client.query<{ count: number }>(
    `WITH seen AS (${parts.join(' UNION ALL ')}) SELECT count(seen.n)::int AS count
       FROM generate_series(0, ${cuts.length - 1}) AS p (piece) LEFT JOIN seen USING (piece) GROUP BY piece ORDER BY piece`,
  );
  return { counts: counts.map(({ count }) => count), wrong: wrong.map(({ n, times }) => `${n}: ${times}`) };
}

/** What the session has changed would else be reported only afterwards, and count as changed since. */
async function analyze(): Promise<void> {
  await client.query('SELECT pg_stat_force_next_flush()');
  await client.query('ANALYZE t');
}

/** Each an expression of a value of the column, by n and random(). */
const TYPES: Readonly<Record<string, string>> = {
  integer: '(random() * 1000)::int',
  bigint: '(random() * 1e15)::bigint',
  smallint: '(n % 7)::smallint',
  numeric: "CASE WHEN n % 50 = 0 THEN 'NaN' ELSE (random() * 100)::numeric(10,2) END",
  'numeric(6,2)': '(random() * 100)::numeric(6,2)',
  'double precision':
    "CASE n % 40 WHEN 0 THEN 'Infinity' WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' ELSE random() END",
  date: "CASE n % 40 WHEN 0 THEN 'infinity' WHEN 1 THEN '-infinity' ELSE date '2020-01-01' + (random() * 2000)::int END",
  'timestamp with time zone': "timestamptz '2024-10-27 00:00+00' + random() * interval '3 days'",
  'timestamp(0) without time zone': "timestamp '2024-10-27' + random() * interval '300 days'",
  interval: "random() * interval '400 days' - interval '3 months 7 hours'",
  text: 'chr(32 + (random() * 900)::int) || chr(39) || chr(92) || (n % 30)',
  'text COLLATE "C"': 'chr(32 + (random() * 900)::int) || (n % 30)',
  'text COLLATE blind': "CASE WHEN n % 2 = 0 THEN 'abc' ELSE 'ABC' END || (n % 20)",
  'character(5)': 'substr(md5(random()::text), 1, (n % 5)::int)',
  'character varying(8)': 'substr(md5(random()::text), 1, (n % 9)::int)',
  uuid: 'gen_random_uuid()',
  boolean: 'random() < 0.8',
  inet: "('10.0.' || (n % 250) || '.' || (random() * 250)::int)::inet",
  bytea: "decode(md5(random()::text), 'hex')",
  'hidden.mood': "(ARRAY['sad', 'ok', 'happy']::hidden.mood[])[1 + (n % 3)::int]",
  'hidden.positive': '(1 + random() * 500)::int',
  'hidden.citext': "CASE WHEN random() < 0.5 THEN 'x' ELSE 'X' END || (random() * 40)::int",
  'integer[]': 'ARRAY[(n % 5)::int, (random() * 9)::int]',
};

describe('the pieces of a range', () => {
  beforeAll(async () => {
    await client.query(`CREATE SCHEMA hidden; CREATE EXTENSION citext SCHEMA hidden; CREATE TYPE hidden.mood AS ENUM ('sad', 'ok', 'happy');
      CREATE DOMAIN hidden.positive AS integer CHECK (VALUE > 0);
      CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
  });

  /** Rows: none, one, some; NULLs in part; cut anywhere; then changed. */
  const cases = fc.record({
    rows: fc.constantFrom(0, 1, 2, 40, 400),
    nulls: fc.constantFrom(0, 0.2, 1),
    into: fc.integer({ min: 1, max: 9 }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
    second: fc.boolean(),
    analyzed: fc.boolean(),
  });

  for (const [type, value] of Object.entries(TYPES))
    it(`of ${type} have each row once`, async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ rows, nulls, into, cuts, second, analyzed }) => {
          const isOwn = type === 'hidden.citext';
          const columns = second && !isOwn ? ['b', 'k'] : ['k'];
          const fill = (from: number, to: number): string =>
            `INSERT INTO t SELECT n, CASE WHEN random() < ${nulls} THEN NULL ELSE ${value} END,
               CASE WHEN random() < ${nulls / 2} THEN NULL ELSE (n % 3)::int END FROM generate_series(${from}, ${to}) AS n`;
          await client.query(
            `DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k ${type}, b int); ${fill(1, rows)}`,
          );
          if (analyzed) await client.query('ANALYZE t');
          const { axis } = await axisOf(rangeOf(columns), into);
          const cut = cutAxis(axis, { into });
          const places = [
            ...new Set([0, ...cuts.map((at) => Math.floor(at * axis.rows.length)), axis.rows.length]),
          ].sort((one, other) => one - other);
          const anywhere = places.slice(1).map((to, index) => ({ from: places[index] ?? 0, to }));
          for (const pieces of [cut, anywhere]) expect((await look(axis, pieces)).wrong).toEqual([]);
          await client.query(`${fill(1001, 1200)}; DELETE FROM t WHERE n % 3 = 0;
            UPDATE t SET k = NULL WHERE n % 11 = 0; UPDATE t SET k = ${value}, b = 7 WHERE n % 5 = 0`);
          const { counts, wrong } = await look(axis, cut);
          expect(wrong).toEqual([]);
          const [all] = (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM t')).rows;
          expect(counts.reduce((sum, one) => sum + one, 0)).toBe(all?.n);
        }),
        { numRuns: 12 },
      );
    });

  it('take NULLs along where NOT NULL does not hold for all rows, and texts that are longer than any index takes', async () => {
    const isMade = await client
      .query(
        `DROP TABLE IF EXISTS t CASCADE; CREATE TABLE t (n bigint, k int PRIMARY KEY); CREATE TABLE heir () INHERITS (t);
          ALTER TABLE heir ALTER k DROP NOT NULL; INSERT INTO t SELECT n, n FROM generate_series(1, 500) AS n;
          INSERT INTO heir SELECT n, NULLIF(n % 7, 0) FROM generate_series(501, 900) AS n`,
      )
      .then(() => true)
      .catch((error: unknown) => {
        // PostgreSQL 18 lets no child drop it.
        expect(String(error)).toMatch(/inherited/);
        return false;
      });
    if (isMade) {
      const { axis: own } = await axisOf(rangeOf(['k']), 4);
      expect((await look(own, cutAxis(own, { into: 4 }))).wrong).toEqual([]);
    }
    await client.query(`DROP TABLE IF EXISTS t CASCADE; CREATE TABLE t (n bigint, k text);
      INSERT INTO t SELECT n, repeat(md5(n::text), 1 + (n % 5)::int * 40) FROM generate_series(1, 900) AS n`);
    const { axis } = await axisOf(rangeOf(['k']), 5);
    const cuts = cutAxis(axis, { into: 5 });
    expect((await look(axis, cuts)).wrong).toEqual([]);
    for (const { from, to } of cuts) expect(axis.values(from, to).text.length).toBeLessThan(6200);
  });

  it('are the same in sessions that read dates and numbers otherwise', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k date);
      INSERT INTO t SELECT n, date '2020-01-01' + n::int FROM generate_series(1, 900) AS n`);
    const { axis } = await axisOf(rangeOf(['k']), 5);
    await client.query(
      "SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Tokyo'; SET search_path = hidden, public",
    );
    expect((await look(axis, cutAxis(axis, { into: 5 }))).wrong).toEqual([]);
    await client.query('RESET ALL');
  });

  it('are found where 80 % of the rows stand in 1 % of the range', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k int);
      INSERT INTO t SELECT n, CASE WHEN n % 5 < 4 THEN 500000 + random() * 10000 ELSE random() * 1000000 END
        FROM generate_series(1, 200000) AS n`);
    for (const analyzed of [false, true]) {
      if (analyzed) await analyze();
      const { axis, source } = await axisOf(rangeOf(['k']), 8);
      expect(source).toBe(analyzed ? 'the statistics of the last ANALYZE' : 'all its rows');
      const { counts, wrong } = await look(axis, cutAxis(axis, { into: 8 }));
      expect(wrong).toEqual([]);
      expect(Math.max(...counts)).toBeLessThan(1.3 * 25_000);
    }
  });

  it.each([
    ['integer', '(random() * 1e6)::int'],
    ['bigint', '9e18::bigint - (random() * 1e9)::bigint'],
    ['date', "CASE WHEN n % 99 = 0 THEN 'infinity' ELSE date '0044-03-15 BC' + (random() * 700000)::int END"],
    ['timestamp with time zone', "timestamptz '2024-10-27 00:00+00' + random() * interval '300 days'"],
  ])(
    'of %s are even where there are more of them than the statistics have boundaries for',
    async (type, value) => {
      await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k ${type});
      INSERT INTO t SELECT n, ${value} FROM generate_series(1, 200000) AS n`);
      await analyze();
      const { axis, source } = await axisOf(rangeOf(['k']), 23);
      expect(source).toBe('the statistics of the last ANALYZE');
      const { counts, wrong } = await look(axis, cutAxis(axis, { into: 23 }));
      expect(wrong).toEqual([]);
      // The statistics know each boundary to 3 % of a piece.
      expect(Math.max(...counts)).toBeLessThan((1.2 * 200_000) / 23);
      expect(counts).toHaveLength(23);
    },
  );

  it('leave a value that half of the rows have to itself', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k int);
      INSERT INTO t SELECT n, CASE WHEN n % 2 = 0 THEN 777 ELSE n % 5000 END FROM generate_series(1, 20000) AS n`);
    const { axis } = await axisOf(rangeOf(['k']), 4);
    const { counts } = await look(axis, cutAxis(axis, { into: 4 }));
    expect(Math.max(...counts)).toBeLessThan(10_000 + 50);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(10_000);
  });

  it('of a large table come from a sample of its blocks', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k bigint, filler text);
      INSERT INTO t SELECT n, n * 3, repeat('x', 1500) FROM generate_series(1, 60000) AS n`);
    const { axis, source } = await axisOf(rangeOf(['k']), 6);
    expect(source).toMatch(/^a sample of 8,000 of its 1\d,\d{3} blocks$/);
    const { counts, wrong } = await look(axis, cutAxis(axis, { into: 6 }));
    expect(wrong).toEqual([]);
    expect(Math.max(...counts)).toBeLessThan(1.1 * 10_000);
  });

  it('go on from where a run before has stopped', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, k int);
      INSERT INTO t SELECT n, CASE WHEN n % 9 = 0 THEN NULL ELSE n % 400 END FROM generate_series(1, 5000) AS n`);
    const first = (await axisOf(rangeOf(['k']))).axis;
    const begun = [
      { from: 0, to: 50 },
      { from: 50, to: 51 },
    ];
    const { until } = first.values(50, 51);
    const rest = (await axisOf(rangeOf(['k']), undefined, until)).axis;
    const both: Axis = {
      rows: [],
      parts: [0],
      values: (from, to) => (from < 1000 ? first.values(from, to) : rest.values(from - 1000, to - 1000)),
    };
    const others = cutAxis(rest, { into: 4 }).map(({ from, to }) => ({ from: from + 1000, to: to + 1000 }));
    expect((await look(both, [...begun, ...others])).wrong).toEqual([]);
  });
});

describe('the pieces of blocks', () => {
  it('have each row once, also those that are inserted later', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint, filler text);
      INSERT INTO t SELECT n, repeat('x', 300) FROM generate_series(1, 3000) AS n`);
    for (const into of [1, 3, 10, 500]) {
      const { axis, source } = await axisOf(blocksOf());
      expect(source).toBe('its size in blocks');
      const cuts = cutAxis(axis, { into });
      expect((await look(axis, cuts)).wrong).toEqual([]);
      await client.query(
        "INSERT INTO t SELECT n + (SELECT max(n) FROM t), 'new' FROM generate_series(1, 2000) AS n",
      );
      expect((await look(axis, cuts)).wrong).toEqual([]);
    }
  });

  it('of an empty table are one', async () => {
    await client.query('DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint)');
    const { axis } = await axisOf(blocksOf());
    const cuts = cutAxis(axis, { into: 4 });
    expect(cuts).toHaveLength(1);
    await client.query('INSERT INTO t SELECT generate_series(1, 10)');
    expect((await look(axis, cuts)).wrong).toEqual([]);
  });

  it('of a partitioned table, or one with children, are those of its parts', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (n bigint) PARTITION BY RANGE (n);
      CREATE TABLE "t.1" PARTITION OF t FOR VALUES FROM (0) TO (1000);
      CREATE TABLE hidden."T""2" PARTITION OF t FOR VALUES FROM (1000) TO (5000) PARTITION BY LIST (n);
      CREATE TABLE t3 PARTITION OF hidden."T""2" DEFAULT; INSERT INTO t SELECT generate_series(1, 4000)`);
    for (const into of [1, 5]) {
      const { axis } = await axisOf(blocksOf());
      expect((await look(axis, cutAxis(axis, { into }))).wrong).toEqual([]);
    }
    const { axis: begun } = await axisOf(blocksOf());
    const { until } = begun.values(begun.parts[1] ?? 0, (begun.parts[1] ?? 0) + 1);
    const { axis: rest } = await axisOf(blocksOf(), undefined, until);
    expect(rest.values(0, 1).slots[TABLE_SLOT]).toContain('"public"."t3"');
    const gone = axisOf(blocksOf(), undefined, '{"relation":"\\"public\\".\\"t0\\"","block":3}');
    await expect(gone).rejects.toThrow(
      'the partition "public"."t0", at which the run before has stopped, is gone',
    );
    const whole = await axisOf({ ...blocksOf(), byPartition: true });
    expect(whole.axis.parts).toEqual([0, 1]);
    expect((await look(whole.axis, cutAxis(whole.axis, { into: 1 }))).counts).toEqual([999, 3001]);
    const range = (await axisOf(rangeOf(['n']), 3)).axis;
    expect((await look(range, cutAxis(range, { into: 3 }))).wrong).toEqual([]);
    await client.query(`DROP TABLE t; CREATE TABLE t (n bigint); CREATE TABLE child () INHERITS (t);
      INSERT INTO t SELECT generate_series(1, 500); INSERT INTO child SELECT generate_series(501, 900)`);
    const { axis } = await axisOf(blocksOf());
    expect((await look(axis, cutAxis(axis, { into: 4 }))).wrong).toEqual([]);
    await client.query('DROP TABLE t CASCADE');
  });
});

describe('what cannot be walked', () => {
  const faultOf = async (split: ChunkSplit): Promise<string | undefined> => {
    try {
      return (await axisOf(split, 2)).source;
    } catch (error) {
      if (!(error instanceof WalkFault)) throw error;
      return `${error.message}${error.hint === undefined ? '' : ` | ${error.hint}`}`;
    }
  };

  it('is said with what could be done', async () => {
    await client.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (number int, j json, p point); CREATE VIEW v AS SELECT * FROM t;
      CREATE SEQUENCE s; INSERT INTO t VALUES (1, '{}', '(1,1)')`);
    expect(await faultOf(rangeOf(['numbre']))).toBe(
      'column numbre of table "public"."t" does not exist | did you mean number?',
    );
    expect(await faultOf(rangeOf(['number'], 'v'))).toMatch(
      /^"public"."v" is a view, and a split walks the rows of a table/,
    );
    expect(await faultOf(rangeOf(['number'], 's'))).toMatch(/is a sequence/);
    expect(await faultOf(rangeOf(['j']))).toMatch(/json/);
    expect(await faultOf(rangeOf(['p']))).toMatch(/point/);
    expect(await reader.facts(rangeOf(['x'], 'no such "table'), [])).toBeUndefined();
  });

  it('is told by the server where rights are missing', async () => {
    await client.query('CREATE ROLE walker_without_rights');
    try {
      const facts = await reader
        .facts(rangeOf(['number']), ['SET search_path = public', 'SET ROLE walker_without_rights'])
        .catch((error: unknown) => error);
      expect(facts).toBeInstanceOf(WalkFault);
      expect(String(facts)).toMatch(/permission denied for table t/);
    } finally {
      await client.query('DROP ROLE walker_without_rights');
    }
  });
});
