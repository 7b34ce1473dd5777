import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** What is printed: print options of the command line and of scripts, echoes, `\timing`, `\warn`, `\p`. */

const QUERIES = `CREATE TABLE t AS SELECT n, CASE WHEN n <> 2 THEN 'v' || n END AS v FROM generate_series(1, 3) AS n;
SELECT * FROM t ORDER BY n;
SELECT 'a|b' AS "x y", E'two\\nlines of it' AS z;
SELECT 1 \\; SELECT 2;
`;

for (const args of [
  [],
  ['--csv'],
  ['-A'],
  ['-t'],
  ['-A', '-t', '-F', ','],
  ['-A', '-R', '<>'],
  ['-A', '-z'],
  ['-A', '-0'],
  ['-x'],
  ['-H'],
  ['-P', 'null=x'],
  ['-P', 'border=2', '-P', 'format=unaligned', '-P', 'footer=off'],
  ['-e'],
  ['-a'],
  ['-b'],
  ['-v', 'ECHO=queries'],
  ['-v', 'ECHO=all', '-t'],
]) {
  test(`options ${args.join(' ')} print as psql prints`, async ({ likePsql }) => {
    await likePsql({ 'main.sql': QUERIES }, { args });
  });
}

test('\\pset and its short forms change what follows', async ({ likePsql }) => {
  await likePsql({
    'main.sql': `${QUERIES}\\pset null '(null)'
SELECT * FROM t ORDER BY n;
\\a
\\f ;
SELECT * FROM t ORDER BY n;
\\t on
SELECT 1 AS a;
\\t off
\\a
\\x on
SELECT * FROM t ORDER BY n;
\\x off
\\C 'A title'
SELECT 1 AS a;
\\C
\\pset border 2
\\pset linestyle unicode
SELECT * FROM t ORDER BY n;
\\pset format csv
SELECT * FROM t ORDER BY n;
\\pset tuples_only
SELECT 2;
\\H
SELECT 3 AS b;
`,
  });
});

describe('echoes', () => {
  for (const echo of ['all', 'queries', 'errors', 'none']) {
    test(`of ECHO=${echo} are psql’s`, async ({ likePsql }) => {
      await likePsql({
        'main.sql': `\\set ECHO ${echo}
-- a comment
SELECT 1
  AS a; SELECT 2 AS b;

CREATE TABLE t (n int);
COPY t FROM stdin;
1
\\.
\\copy t from stdin
2
\\.
\\if false
  SELECT 'not';
\\endif
\\i inner.sql
SELECT 'SELECT 3' \\gexec
SELECT 4 AS x \\gset
SELECT :x \\gx
\\set ECHO none
SELECT 5;
`,
        'inner.sql': '-- inside\nSELECT 6;\n',
      });
    });
  }

  test('\\echo, \\qecho, \\warn and \\p go where they should', async ({ likePsql }) => {
    const { pqrun } = await likePsql({
      'main.sql': `\\echo one  two 'th  ree'
\\echo -n no newline
\\echo
\\qecho four
\\warn said on standard error
SELECT 1
\\p
;
\\p
SELECT 2 \\r
\\p
SELECT 3;
`,
    });
    expect(pqrun.stderr).toContain('said on standard error');
  });
});

test('\\timing prints times behind results', async ({ work }) => {
  work.write({
    'main.sql': '\\timing on\nSELECT 1 AS a;\nCREATE TABLE t ();\n\\timing off\nSELECT 2 AS b;\n',
  });
  const { stdout } = await work.pqrun(['-q', 'main.sql']);
  expect(stdout.replaceAll(/Time: \d+\.\d{3} ms/g, 'Time: T')).toBe(
    ' a \n---\n 1\n(1 row)\n\nTime: T\nTime: T\n b \n---\n 2\n(1 row)\n\n',
  );
});

test('with -q failures and results are all that is told', async ({ work }) => {
  work.write({ 'main.sql': "DO $$ BEGIN RAISE NOTICE 'a notice'; END $$;\nSELECT 1 AS a;\nSELECT 1/0;\n" });
  const { status, stdout, stderr } = await work.pqrun(['-q', 'main.sql']);
  expect({ status, stdout }).toEqual({ status: 3, stdout: ' a \n---\n 1\n(1 row)\n\n' });
  expect(stderr).toContain('main.sql:3:');
  expect(stderr).not.toContain('[1/1]');
});
