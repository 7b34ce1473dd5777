import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** `\gset`, `\gexec`, `\gdesc`, `\g`, `\gx`, `\o`, `\qecho`: what becomes of results. */

describe('\\gset', () => {
  test('stores a row, with and without a prefix; NULL unsets', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `\\set gone before
\\set p_gone before
SELECT 1 AS a, 'it''s' AS "b", NULL AS gone \\gset
\\echo :a :'b' :{?gone}
SELECT 2 AS a, NULL AS gone \\gset p_
\\echo :a :p_a :{?p_gone}
SELECT :a + :p_a AS sum;
INSERT INTO nowhere SELECT 1 \\r
SELECT 'x' AS "ON_ERROR_STOP", 'off' AS "AUTOCOMMIT" \\gset
\\echo :ON_ERROR_STOP :AUTOCOMMIT
`,
    });
  });

  for (const [what, query, said] of [
    ['no row', 'SELECT 1 AS a WHERE false', 'no rows returned for \\gset'],
    ['two rows', 'SELECT generate_series(1, 2) AS a', 'more than one row returned for \\gset'],
    ['a column that cannot be a name', 'SELECT 1 AS "a-b"', 'invalid variable name: "a-b"'],
    ['an error of the server', 'SELECT 1/0 AS a', 'division by zero'],
  ] as const) {
    test(`fails with ${what}, at its place, and changes nothing`, async ({ likePsql }) => {
      const { pqrun } = await likePsql(
        {
          'main.sql': `CREATE TABLE t (n int);\n\\set a before\n${query} \\gset\n\\echo :a\nINSERT INTO t VALUES (1);\n`,
        },
        { status: 3 },
      );
      expect(pqrun.stderr).toContain('main.sql:3:1');
      expect(pqrun.stderr).toContain(said);
    });

    test(`goes on after ${what} where ON_ERROR_STOP is off`, async ({ likePsql }) => {
      const { pqrun } = await likePsql({
        'main.sql': `\\set ON_ERROR_STOP off\n\\set a before\n${query} \\gset\n\\echo :a\nSELECT 1;\n`,
      });
      expect(pqrun.stderr).toContain(said);
    });
  }
});

describe('\\gexec', () => {
  test('runs each value, row by row, and skips NULL', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `SELECT format('CREATE TABLE t%s (n int)', n), format('INSERT INTO t%s VALUES (%s)', n, n), NULL, 'SELECT ' || n
  FROM generate_series(1, 3) AS n \\gexec
SELECT 'SELECT 1; SELECT 2' \\gexec
SELECT 'VALUES (1)' WHERE false \\gexec
\\echo :ROW_COUNT
`,
    });
  });

  test('stops at an error in the middle', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      {
        'main.sql': `CREATE TABLE t (n int CHECK (n <> 2));
SELECT format('INSERT INTO t VALUES (%s)', n) FROM generate_series(1, 3) AS n \\gexec
INSERT INTO t VALUES (9);
`,
      },
      { status: 3 },
    );
    expect(pqrun.stderr).toContain('main.sql:2:');
    expect(pqrun.stderr).toContain('INSERT INTO t VALUES (2)');
  });

  test('goes on behind an error where ON_ERROR_STOP is off', async ({ likePsql }) => {
    const { pqrun } = await likePsql({
      'main.sql': `CREATE TABLE t (n int CHECK (n <> 2));
\\set ON_ERROR_STOP off
SELECT format('INSERT INTO t VALUES (%s)', n) FROM generate_series(1, 3) AS n \\gexec
INSERT INTO t VALUES (9);
`,
    });
    expect(pqrun.stderr).toContain('t_n_check');
  });
});

describe('\\gdesc', () => {
  test('describes the columns and runs nothing', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `CREATE TABLE t (n int, v varchar(10), p numeric(8, 2), "it's" text[]);
SELECT * FROM t \\gdesc
INSERT INTO t VALUES (1) RETURNING n, now() AS at \\gdesc
INSERT INTO t VALUES (1) \\gdesc
SELECT count(*) FROM t;
`,
    });
  });

  test('tells what is wrong with the statement', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      { 'main.sql': 'SELECT 1;\nSELECT nothing \\gdesc\nSELECT 2;\n' },
      { status: 3 },
    );
    expect(pqrun.stderr).toContain('main.sql:2:');
  });
});

describe('results', () => {
  test('go where \\g, \\gx and \\o send them', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `CREATE TABLE t AS SELECT n, 'v' || n AS v FROM generate_series(1, 3) AS n;
SELECT * FROM t ORDER BY n \\g one.txt
SELECT * FROM t ORDER BY n \\gx
SELECT * FROM t ORDER BY n \\gx two.txt
SELECT * FROM t ORDER BY n \\g (format=csv)
SELECT * FROM t ORDER BY n \\g (format=csv csv_fieldsep=';' tuples_only=on) three.csv
SELECT * FROM t ORDER BY n \\g (format=unaligned fieldsep='|' footer=off)
SELECT 'as before' AS a;
\\o all.txt
SELECT 1 AS into_the_file;
\\qecho said into the file
\\echo said to everybody
\\qecho -n no newline
SELECT 2 AS aside \\g aside.txt
COPY t TO STDOUT;
\\o
\\qecho said to everybody, too
SELECT 3 AS back;
SELECT 4 AS again \\g one.txt
\\o 'with blank.txt'
SELECT 5;
`,
    });
  });

  test('go nowhere where a file cannot be written', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      { 'main.sql': 'SELECT 1;\n\\o not/there.txt\nSELECT 2;\n' },
      { status: 3 },
    );
    expect(pqrun.stderr).toContain('main.sql:2:');
    expect(pqrun.stderr).toContain('not/there.txt');
  });

  test('go into files that \\cd leads to', async ({ likePsql }) => {
    await likePsql({
      'main.sql': '\\cd sub\n\\o out.txt\nSELECT 1;\n\\o\nSELECT 2 \\g ../up.txt\n',
      'sub/empty': '',
    });
  });
});
