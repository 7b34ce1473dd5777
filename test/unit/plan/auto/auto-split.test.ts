import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src/model/job.js';
import type { PlanOptions } from '../../../../src/plan/options.js';
import { renderTemplate } from '../../../../src/script/template.js';
import { planned, waits } from '../accesses/planned.js';

/** `--auto-split`: which statements are cut, and what into. */

const TABLES = `
CREATE TABLE t (a bigint, b text);
CREATE TABLE other (a bigint, n int);
`;
const PLAIN = 'INSERT INTO t SELECT g, md5(g::text) FROM generate_series(1, 20000) g';

async function piecesOf(
  text: string,
  options: Partial<PlanOptions> & { readonly strictOrder?: boolean; readonly initSql?: string } = {},
): Promise<readonly Job[]> {
  const { jobs } = await planned(text, { autoSplit: true, ...options });
  return jobs.filter(({ piece }) => piece !== undefined);
}

function sent({ steps }: Job): string {
  const [step] = steps;
  return step === undefined ? '' : renderTemplate(step.statement.text, step.values).text.trim();
}

describe('is split', () => {
  it.each<[string, string]>([
    ['a plain one', PLAIN],
    [
      'with columns, an alias and its column',
      'INSERT INTO t (b, a) SELECT s.n, s.n FROM generate_series(1, 20000) AS s(n)',
    ],
    ['without an alias', 'INSERT INTO t SELECT * FROM generate_series(1, 20000)'],
    ['with its schema', 'INSERT INTO public.t SELECT g FROM pg_catalog.generate_series(1, 20000) g'],
    ['with a condition', `${PLAIN} WHERE g % 3 = 0 AND random() < 0.5`],
    ['with an order that nobody can tell', `${PLAIN} ORDER BY g DESC, 2`],
    ['with a step of 1', 'INSERT INTO t SELECT g FROM generate_series(1, 20000, 1) g'],
    ['from below zero', 'INSERT INTO t SELECT g FROM generate_series(-10000, - 1) g'],
    ['in bigint', 'INSERT INTO t SELECT g FROM generate_series(1::bigint, CAST(20000 AS bigint)) g'],
    ['joined with a table', `${PLAIN} CROSS JOIN other o JOIN other p ON p.a = g, other q`],
    [
      'with functions that read the catalogs',
      "INSERT INTO t SELECT g, to_tsvector('english', g::text)::text FROM generate_series(1, 20000) g",
    ],
    ['with a key', `ALTER TABLE t ADD PRIMARY KEY (a);\n${PLAIN}`],
    [
      'with a foreign key to another table',
      `ALTER TABLE other ADD PRIMARY KEY (a);\nALTER TABLE t ADD FOREIGN KEY (a) REFERENCES other;\n${PLAIN}`,
    ],
    [
      'into a partitioned table',
      'CREATE TABLE p (a bigint) PARTITION BY RANGE (a);\nCREATE TABLE p1 PARTITION OF p DEFAULT;\nINSERT INTO p SELECT g FROM generate_series(1, 20000) g',
    ],
    [
      'with a default of the clock',
      'ALTER TABLE t ADD c timestamptz DEFAULT now();\nINSERT INTO t (a) SELECT g FROM generate_series(1, 20000) g',
    ],
    [
      'with a value that is given instead of a number drawn',
      'CREATE TABLE s (id serial, a int);\nINSERT INTO s SELECT g, g FROM generate_series(1, 20000) g',
    ],
    ['behind settings', `SET work_mem = '64MB';\n${PLAIN}`],
    ['with a label', `-- pqrun: label=big\n${PLAIN}`],
    ['with a variable for a bound', '\\set n 20000\nINSERT INTO t SELECT g FROM generate_series(1, :n) g'],
  ])('%s', async (_what, text) => {
    expect(await piecesOf(TABLES + text)).toHaveLength(4);
  });
});

describe('is left whole, because', () => {
  const from = 'FROM generate_series(1, 20000) g';
  it.each<[string, string]>([
    ['an aggregate', `INSERT INTO t SELECT max(g) ${from}`],
    ['an aggregate that is written as a column', `INSERT INTO t SELECT g.count ${from}`],
    ['an aggregate in brackets', `INSERT INTO t SELECT (g).max ${from}`],
    ['count(*)', `INSERT INTO t SELECT count(*) ${from}`],
    ['an aggregate in ORDER BY', `INSERT INTO t SELECT 1 ${from} ORDER BY sum(g)`],
    ['an aggregate of JSON', `INSERT INTO t SELECT 1, json_arrayagg(g) ${from}`],
    ['a window function', `INSERT INTO t SELECT row_number() OVER () ${from}`],
    ['an aggregate as a window function', `INSERT INTO t SELECT sum(g) OVER (ORDER BY g) ${from}`],
    ['GROUP BY', `INSERT INTO t SELECT g ${from} GROUP BY g`],
    ['HAVING', `INSERT INTO t SELECT 1 ${from} HAVING true`],
    ['DISTINCT', `INSERT INTO t SELECT DISTINCT g % 10 ${from}`],
    ['DISTINCT ON', `INSERT INTO t SELECT DISTINCT ON (g % 10) g ${from}`],
    ['LIMIT', `INSERT INTO t SELECT g ${from} LIMIT 5`],
    ['OFFSET', `INSERT INTO t SELECT g ${from} OFFSET 5`],
    ['FETCH FIRST', `INSERT INTO t SELECT g ${from} ORDER BY g FETCH FIRST 5 ROWS WITH TIES`],
    ['UNION', `INSERT INTO t SELECT g ${from} UNION SELECT 1`],
    ['UNION ALL', `INSERT INTO t SELECT g ${from} UNION ALL SELECT 1`],
    ['FOR UPDATE', `INSERT INTO t SELECT g FROM generate_series(1, 20000) g, other FOR UPDATE OF other`],
    ['RETURNING', `INSERT INTO t SELECT g ${from} RETURNING a`],
    ['ON CONFLICT DO NOTHING', `INSERT INTO t SELECT g ${from} ON CONFLICT DO NOTHING`],
    [
      'ON CONFLICT DO UPDATE',
      `ALTER TABLE t ADD PRIMARY KEY (a);\nINSERT INTO t SELECT g ${from} ON CONFLICT (a) DO UPDATE SET b = 'x'`,
    ],
    ['OVERRIDING', `INSERT INTO t OVERRIDING USER VALUE SELECT g ${from}`],
    ['a CTE', `INSERT INTO t WITH w AS (SELECT 1) SELECT g ${from}`],
    ['a CTE in front', `WITH w AS (SELECT g ${from}) INSERT INTO t SELECT g FROM w`],
    ['a subquery', `INSERT INTO t SELECT (SELECT max(g)) ${from}`],
    ['a subquery in WHERE', `INSERT INTO t SELECT g ${from} WHERE g NOT IN (SELECT a FROM other)`],
    ['a subquery in FROM', `INSERT INTO t SELECT g FROM (SELECT g ${from}) s`],
    ['VALUES', `INSERT INTO t SELECT g ${from}, (VALUES (1)) v`],
    ['two series', `INSERT INTO t SELECT g ${from}, generate_series(1, 3) h`],
    ['no series in FROM', 'INSERT INTO t SELECT generate_series(1, 20000)'],
    ['WITH ORDINALITY', 'INSERT INTO t SELECT o FROM generate_series(1, 20000) WITH ORDINALITY AS g(g, o)'],
    ['ROWS FROM', 'INSERT INTO t SELECT g FROM ROWS FROM (generate_series(1, 20000)) g'],
    ['an outer join', `INSERT INTO t SELECT o.a ${from} RIGHT JOIN other o ON o.a = g`],
    ['a left join', `INSERT INTO t SELECT g ${from} LEFT JOIN other o ON o.a = g`],
    ['a sample', `INSERT INTO t SELECT g ${from}, other TABLESAMPLE system (10)`],
    ['a view', `CREATE VIEW v AS SELECT * FROM other;\nINSERT INTO t SELECT g ${from}, v`],
    ['it reads its own table', `INSERT INTO t SELECT g ${from}, t AS u`],
    ['it reads a catalog', `INSERT INTO t SELECT g ${from}, pg_class`],
    ['a step of 2', 'INSERT INTO t SELECT g FROM generate_series(1, 20000, 2) g'],
    ['a step down', 'INSERT INTO t SELECT g FROM generate_series(20000, 1, -1) g'],
    ['it is too short', 'INSERT INTO t SELECT g FROM generate_series(1, 9999) g'],
    ['it is empty', 'INSERT INTO t SELECT g FROM generate_series(20000, 1) g'],
    ['numeric bounds', 'INSERT INTO t SELECT g FROM generate_series(1, 20000.0) g'],
    ['bounds that are cast to numeric', 'INSERT INTO t SELECT g FROM generate_series(1, 20000::numeric) g'],
    ['a bound too big for bigint', 'INSERT INTO t SELECT g FROM generate_series(1, 99999999999999999999) g'],
    ['a bound in quotes', "INSERT INTO t SELECT g FROM generate_series(1, '20000') g"],
    ['a bound that is computed', 'INSERT INTO t SELECT g FROM generate_series(1, 100 * 200) g'],
    ['a bound that a table gives', 'INSERT INTO t SELECT g FROM other o, generate_series(1, o.n) g'],
    ['a bound in hexadecimal', 'INSERT INTO t SELECT g FROM generate_series(1, 0xffff) g'],
    ['dates', "INSERT INTO t SELECT 1 FROM generate_series('2000-01-01'::date, '2020-01-01', '1 day') g"],
    ['a serial that is drawn', `CREATE TABLE s (id serial, a int);\nINSERT INTO s (a) SELECT g ${from}`],
    [
      'an identity that is drawn',
      `CREATE TABLE s (id int GENERATED ALWAYS AS IDENTITY, a int);\nINSERT INTO s (a) SELECT g ${from}`,
    ],
    ['nextval', `CREATE SEQUENCE s;\nINSERT INTO t SELECT nextval('s') ${from}`],
    ['setseed', `INSERT INTO t SELECT g, setseed(0.5)::text ${from}`],
    [
      'a function of the user’s',
      `CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';\nINSERT INTO t SELECT f(g) ${from}`,
    ],
    [
      'a function of the user’s, as a column',
      `CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';\nINSERT INTO t SELECT g.f ${from}`,
    ],
    [
      'an aggregate of the user’s',
      `CREATE AGGREGATE f(int) (SFUNC = int4pl, STYPE = int);\nINSERT INTO t SELECT f(g) ${from}`,
    ],
    [
      'generate_series of the user’s',
      `CREATE FUNCTION generate_series(int, int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';\n${PLAIN}`,
    ],
    [
      'a function of the user’s in a default',
      `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT 1';\nALTER TABLE t ALTER b SET DEFAULT f();\nINSERT INTO t (a) SELECT g ${from}`,
    ],
    ['an unknown function', `INSERT INTO t SELECT nobody_knows(g) ${from}`],
    ['a notification', `INSERT INTO t SELECT g, pg_notify('c', g::text)::text ${from}`],
    ['an advisory lock', `INSERT INTO t SELECT g, pg_advisory_xact_lock(1)::text ${from}`],
    ['a large object', `INSERT INTO t SELECT lo_create(0) ${from}`],
    [
      'a trigger',
      `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n${PLAIN}`,
    ],
    [
      'a trigger of a partition',
      `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TABLE p (a bigint) PARTITION BY RANGE (a);\nCREATE TABLE p1 PARTITION OF p DEFAULT;\nCREATE TRIGGER x AFTER INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO p SELECT g ${from}`,
    ],
    ['a rule', `CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY c;\n${PLAIN}`],
    ['an exclusion constraint', `ALTER TABLE t ADD EXCLUDE USING btree (a WITH =);\n${PLAIN}`],
    ['a foreign key to itself', `ALTER TABLE t ADD PRIMARY KEY (a), ADD p bigint REFERENCES t;\n${PLAIN}`],
    ['it is a view', `CREATE VIEW v AS SELECT * FROM other;\nINSERT INTO v SELECT g ${from}`],
    ['a temporary table', `CREATE TEMPORARY TABLE x (a int);\nINSERT INTO x SELECT g ${from}`],
    ['it is in a transaction block', `BEGIN;\n${PLAIN};\nCOMMIT`],
    ['it is in a session that others need', `PREPARE p AS SELECT 1;\n${PLAIN};\nEXECUTE p`],
    [
      'its author has said what cannot be seen',
      `-- pqrun: reads=other\nINSERT INTO t SELECT nobody_knows(g) ${from}`,
    ],
    [
      'its author has split it',
      '-- pqrun: split rows=20000 into=1\nINSERT INTO t SELECT g FROM generate_series(1, :rows) g',
    ],
    ['it stands behind what nobody knows', `DO $$ BEGIN EXECUTE 'SELECT ' || now(); END $$;\n${PLAIN}`],
    ['it stands behind an extension', `CREATE EXTENSION nobody_knows;\n${PLAIN}`],
    ['random numbers begin at a seed', `SET seed = 0.5;\n${PLAIN}`],
    ['it makes its table', `CREATE TABLE x AS SELECT g ${from}`],
    ['it is explained', `EXPLAIN ANALYZE ${PLAIN}`],
    ['it is two statements in one message', `${PLAIN} \\; SELECT 1`],
  ])('%s', async (_why, text) => {
    const names = (await piecesOf(TABLES + text)).map(({ name }) => name);
    expect(names.filter((name) => !name.endsWith('[1/1]'))).toEqual([]);
  });

  it.each<[string, Parameters<typeof piecesOf>[1]]>([
    ['it was not asked for', { autoSplit: false }],
    ['rows keep their order (--strict-order)', { strictOrder: true }],
    ['there is one connection', { connections: 1 }],
    ['the script is one transaction', { singleTransaction: true }],
  ])('%s', async (_why, options) => {
    expect(await piecesOf(TABLES + PLAIN, options)).toEqual([]);
  });
});

it('a script that is one session is left whole', async () => {
  expect(await piecesOf(`-- pqrun: file session\n${TABLES}${PLAIN}`)).toEqual([]);
});

it('what is behind it waits for all pieces, and they wait for what is before it', async () => {
  const script = `${TABLES}-- pqrun: label=big\n${PLAIN};\n-- pqrun: label=read\nSELECT count(*) FROM t;`;
  const { jobs, edges } = await planned(script, { autoSplit: true });
  const pieces = jobs.filter(({ piece }) => piece !== undefined);
  expect(pieces.map(({ name }) => name)).toEqual(['big [1/4]', 'big [2/4]', 'big [3/4]', 'big [4/4]']);
  for (const { name } of pieces) expect(waits({ scripts: [], jobs, edges }, 'read', name)).toBe(true);
  for (const { name } of pieces) expect(waits({ scripts: [], jobs, edges }, name, 'a.sql:2')).toBe(true);
});

it('a plan names what could be split, with the option off only', async () => {
  const script = `${TABLES}${PLAIN};\nINSERT INTO t SELECT max(g) FROM generate_series(1, 20000) g;\n${PLAIN};`;
  const off = await planned(script, { autoSplit: false });
  expect(off.splittable?.map(({ line }) => line)).toEqual([4, 6]);
  expect(await planned(script, { autoSplit: true })).not.toHaveProperty('splittable');
  expect(await planned(script, { autoSplit: false, connections: 1 })).not.toHaveProperty('splittable');
});

it('statements of one shape are told apart by their bounds', async () => {
  const insert = (to: number): string => `INSERT INTO t SELECT g FROM generate_series(1, ${to}) g;\n`;
  const pieces = await piecesOf(TABLES + [5, 20_000, 10, 30_000].map(insert).join(''));
  expect(pieces.map(({ name }) => name.replace(/ .*/, ''))).toEqual(
    ['a.sql:5', 'a.sql:7'].flatMap((name) => Array.from({ length: 4 }, () => name)),
  );
});

describe('the pieces', () => {
  it('are the statement with other bounds, all else as it is written', async () => {
    const text =
      "INSERT INTO t SELECT g, 'é 1, 20000' FROM /* é 1 */ generate_series( - 4, 19995 ) g -- 1, 19995";
    expect((await piecesOf(TABLES + text, { connections: 2 })).map(sent)).toEqual([
      "INSERT INTO t SELECT g, 'é 1, 20000' FROM /* é 1 */ generate_series( -4, 9995 ) g -- 1, 19995",
      "INSERT INTO t SELECT g, 'é 1, 20000' FROM /* é 1 */ generate_series( 9996, 19995 ) g -- 1, 19995",
    ]);
  });

  it('have bounds of the type of the whole', async () => {
    const text = 'INSERT INTO t SELECT g FROM generate_series(-1, 2147483648) g';
    expect((await piecesOf(TABLES + text, { connections: 2 })).map(sent)).toEqual([
      'INSERT INTO t SELECT g FROM generate_series((-1)::bigint, 1073741823::bigint) g',
      'INSERT INTO t SELECT g FROM generate_series(1073741824::bigint, 2147483648::bigint) g',
    ]);
  });

  it('tell the place of what stands behind a bound', async () => {
    const text = '\\set n 20000\nINSERT INTO t SELECT g FROM\n  generate_series(1, :n) g WHERE\n  é';
    const [piece] = await piecesOf(`${TABLES}${text} IS NULL`);
    const [step] = piece?.steps ?? [];
    if (step === undefined) throw new Error('not split');
    const rendered = renderTemplate(step.statement.text, step.values);
    const at = (word: string): unknown =>
      rendered.locate(Array.from(rendered.text).join('').indexOf(word) + 1);
    expect([at('generate'), at('1,'), at('g WHERE'), at('é')]).toEqual([
      { line: 6, column: 3 },
      { line: 6, column: 19 },
      { line: 6, column: 26 },
      { line: 7, column: 3 },
    ]);
  });

  it('cover the series, in order and without a gap, whatever its bounds', async () => {
    const bound = fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.maxSafeInteger());
    await fc.assert(
      fc.asyncProperty(bound, bound, fc.integer({ min: 2, max: 9 }), async (one, other, connections) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const text = `INSERT INTO t SELECT g FROM generate_series(${from}, ${to}) g`;
        const bounds = (await piecesOf(TABLES + text, { connections })).map((piece) =>
          [...(/series\((.*), (.*)\) g/.exec(sent(piece)) ?? [])]
            .slice(1)
            .map((word) => parseInt(word.replace('(', ''), 10)),
        );
        const isSplit = to - from + 1 >= 10_000 && Number.isSafeInteger(to - from + 1);
        expect(bounds).toHaveLength(isSplit ? connections : 0);
        if (!isSplit) return;
        expect([bounds[0]?.[0], bounds.at(-1)?.[1]]).toEqual([from, to]);
        for (const [at, [lo = 0, hi = 0]] of bounds.entries()) {
          expect(hi).toBeGreaterThanOrEqual(lo);
          if (at > 0) expect(lo).toBe((bounds[at - 1]?.[1] ?? NaN) + 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
