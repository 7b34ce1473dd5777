import { describe, expect } from 'vitest';
import { backends } from '../database.js';
import { contents, test } from './psql.js';

/** Statements that are sent ahead of answers: a failure stops exactly where it stands, and everything is told in its place. */

const TABLE = 'CREATE TABLE t (n int PRIMARY KEY, v text);\n';

/** Lines 2 to 501, unless something stands before them. */
function inserts(bad?: string): string {
  const lines = Array.from({ length: 500 }, (_, index) => `INSERT INTO t VALUES (${index + 1}, 'row');`);
  if (bad !== undefined) lines[249] = bad;
  return `${lines.join('\n')}\n`;
}

function countAndMax(): string {
  return 'SELECT count(*)::int AS count, max(n) AS max FROM t';
}

describe('500 INSERTs', () => {
  test('are all there, in one go or in a block', async ({ likePsql, database, psqlPlace }) => {
    await likePsql({ 'main.sql': `${TABLE}${inserts()}SELECT count(*), sum(n) FROM t;\n` });
    for (const { query } of [database, psqlPlace.database]) await query('DROP TABLE t');
    await likePsql({ 'main.sql': `${TABLE}BEGIN;\n${inserts()}COMMIT;\nSELECT count(*), sum(n) FROM t;\n` });
  });

  test('leave nothing in their session that a script could see', async ({ likePsql }) => {
    const seen =
      'PREPARE mine AS SELECT 1;\nSELECT name, statement FROM pg_prepared_statements ORDER BY name;\n';
    await likePsql({ 'main.sql': `-- pqrun: file session\n${TABLE}${inserts()}${seen}` });
  });

  for (const [what, bad] of [
    ['a duplicate key', "INSERT INTO t VALUES (1, 'again');"],
    ['an unknown column', 'INSERT INTO t (nothing) VALUES (1);'],
    ['a division by zero', 'INSERT INTO t VALUES (1 / 0);'],
  ] as const) {
    test(`stop at ${what}: nothing behind it is run`, async ({ likePsql }) => {
      // Otherwise jobs that run beside it would end.
      const order = '-- pqrun: file order=sequential\n';
      const { pqrun } = await likePsql({ 'main.sql': `${order}${TABLE}${inserts(bad)}` }, { status: 3 });
      expect(pqrun.stderr).toContain('main.sql:252:');
    });

    test(`in a block are undone by ${what}`, async ({ likePsql }) => {
      const { pqrun } = await likePsql(
        { 'main.sql': `${TABLE}BEGIN;\n${inserts(bad)}COMMIT;\n` },
        { status: 3 },
      );
      expect(pqrun.stderr).toContain('main.sql:252:');
    });

    test(`go on behind ${what} with -k`, async ({ work, database }) => {
      work.write({ 'main.sql': `${TABLE}${inserts(bad)}` });
      const { status, stderr } = await work.pqrun(['main.sql', '-k']);
      expect(status).toBe(3);
      expect(stderr).toContain('main.sql:251:');
      expect(await database.query(countAndMax())).toEqual([{ count: 499, max: 500 }]);
    });

    test(`in a block with -k are undone by ${what}, and what follows the block runs`, async ({
      work,
      database,
    }) => {
      work.write({
        'main.sql': `${TABLE}BEGIN;\n${inserts(bad)}COMMIT;\nINSERT INTO t VALUES (1000, 'after');\n`,
      });
      const { status, stderr } = await work.pqrun(['main.sql', '-k']);
      expect(status).toBe(3);
      expect(stderr.match(/ERROR/g)?.length).toBeLessThanOrEqual(2);
      expect(await database.query(countAndMax())).toEqual([{ count: 1, max: 1000 }]);
    });
  }

  test('with -1 are undone by a failure', async ({ likePsql }) => {
    await likePsql(
      { 'main.sql': `${TABLE}${inserts('INSERT INTO t VALUES (1);')}` },
      { args: ['-1'], status: 3 },
    );
  });
});

test('deferred constraints fail where the statement stands that broke them', async ({ likePsql }) => {
  const { pqrun } = await likePsql(
    {
      'main.sql': `CREATE TABLE p (n int PRIMARY KEY);
CREATE TABLE c (n int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1);
INSERT INTO c VALUES (2);
INSERT INTO p VALUES (2);
INSERT INTO p VALUES (3);
`,
    },
    { status: 3 },
  );
  expect(pqrun.stderr).toContain('main.sql:5:1');
});

test('strings end where the session says, also in many statements', async ({ work, database }) => {
  const insert = (n: number): string => `INSERT INTO t VALUES (${n}, 'a\\', b');\n`;
  const lines = Array.from({ length: 40 }, (_, n) => insert(n)).join('');
  work.write({ 'main.sql': `SET standard_conforming_strings = off;\n${TABLE}${lines}` });
  expect((await work.pqrun(['main.sql'])).status).toBe(0);
  const [row] = await database.query(`SELECT count(*)::int AS count, min(v) AS v FROM t`);
  expect(row).toEqual({ count: 40, v: "a', b" });
});

test('each statement is a transaction of its own: its own clock, its own locks', async ({
  work,
  database,
}) => {
  const insert = 'INSERT INTO x SELECT txid_current()::text, now()::text, statement_timestamp()::text;\n';
  work.write({ 'main.sql': `CREATE TABLE x (id text, at text, said text);\n${insert.repeat(20)}` });
  expect((await work.pqrun(['main.sql'])).status).toBe(0);
  const [row] = await database.query(
    'SELECT count(DISTINCT id)::int AS ids, count(DISTINCT at)::int AS times FROM x',
  );
  expect(row).toEqual({ ids: 20, times: 20 });
});

test('blocks, savepoints and settings in a chain mean what they mean one by one', async ({ likePsql }) => {
  await likePsql({
    'main.sql': `${TABLE}INSERT INTO t VALUES (1);
BEGIN;
INSERT INTO t VALUES (2);
SAVEPOINT s;
INSERT INTO t VALUES (3);
ROLLBACK TO s;
INSERT INTO t VALUES (4);
RELEASE s;
COMMIT;
BEGIN;
INSERT INTO t VALUES (5);
ROLLBACK;
SET search_path = pg_catalog, public;
SELECT current_setting('search_path') AS path;
BEGIN;
SET LOCAL search_path = public;
SELECT current_setting('search_path') AS path;
END;
SELECT current_setting('search_path') AS path;
INSERT INTO t VALUES (6) RETURNING n, v;
UPDATE t SET v = 'seen' WHERE n > 2 RETURNING n;
WITH moved AS (DELETE FROM t WHERE n = 6 RETURNING n) SELECT * FROM moved;
SELECT;
SELECT * FROM t WHERE false;
COMMIT;
ROLLBACK;
SELECT * FROM t ORDER BY n;
`,
  });
});

test('notices are told at their own lines, in their order', async ({ work }) => {
  const lines = Array.from({ length: 40 }, (_, index) => `DROP TABLE IF EXISTS nothing_${index + 1};`);
  lines[19] = "SELECT 'in between' AS x;";
  work.write({ 'main.sql': `${lines.join('\n')}\n` });
  const { status, stderr } = await work.pqrun(['main.sql', '-j', '1']);
  expect(status).toBe(0);
  const told = [...stderr.matchAll(/main\.sql:(\d+):1: NOTICE: +table "nothing_(\d+)"/g)].map(
    ([, line, n]) => [line, n],
  );
  const expected = lines.flatMap((_, index) =>
    index === 19 ? [] : [[String(index + 1), String(index + 1)]],
  );
  expect(told).toEqual(expected);
});

test('Ctrl-C stops the chain, and leaves what was committed', async ({ work, database }) => {
  await database.query('CREATE TABLE t (n int PRIMARY KEY, v text)');
  const before = Array.from({ length: 50 }, (_, index) => `INSERT INTO t VALUES (${index + 1}, 'row');`).join(
    '\n',
  );
  work.write({
    'main.sql': `${before}\nINSERT INTO t SELECT 51, pg_sleep(60)::text;\n${'INSERT INTO t VALUES ((SELECT max(n) + 100 FROM t));\n'.repeat(40)}`,
  });
  const running = work.start(['main.sql']);
  await until(async () =>
    (await backends(database.name)).some(
      ({ query, state }) => state === 'active' && query.includes('pg_sleep'),
    ),
  );
  running.process.kill('SIGINT');
  const { status, stderr } = await running.finished;
  expect(status).toBe(130);
  expect(stderr).toContain('50 statements');
  expect(await database.query(countAndMax())).toEqual([{ count: 50, max: 50 }]);
  expect(await backends(database.name)).toEqual([]);
  expect(Object.keys(await contents(database))).toEqual(['public.t']);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((wait) => setTimeout(wait, 20));
}
