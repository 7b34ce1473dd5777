import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** Variables and conditions: known before the run, or from its results. */

describe('variables', () => {
  test('are written in all forms, with all of psql’s rules', async ({ likePsql }) => {
    await likePsql(
      {
        'main.sql': `\\set name it''s
\\set quoted 'it''s \\'more\\' \\\\ back\\ttab\\x41'
\\set joined one two 'th ree'
\\set empty
\\set Case upper
\\set case lower
\\set ident 'My "Table"'
\\set körper äöü
SELECT :'name' AS name, :'quoted' AS quoted, :'joined' AS joined, :'empty' AS empty, :'given' AS given;
SELECT :'Case', :'case', :'körper';
CREATE TABLE :"ident" (n int);
INSERT INTO :"ident" VALUES (:number);
SELECT * FROM :"ident";
SELECT :{?name} AS is_set, :{?nothing} AS is_not, ':name' AS quoted, ':''name''' AS more, $$:name$$ AS dollar;
SELECT 1::text AS cast, ('{1,2,3}'::int[])[1:2] AS slice;
SELECT /* :name */ 1 -- :name
;
\\echo :name :'name' :"ident" ':name' ":name" :undefined :{?name} x:name:name
\\unset name
\\echo :name :{?name}
`,
      },
      { args: ['-v', "given=from the 'line'", '-v', 'number=42'] },
    );
  });

  test('come from the environment', async ({ likePsql }) => {
    await likePsql(
      {
        'main.sql':
          "\\getenv a PQRUN_TEST_A\n\\set b kept\n\\getenv b PQRUN_TEST_NOT_THERE\n\\echo :a :b\nSELECT :'a';\n",
      },
      { env: { PQRUN_TEST_A: "it's äöü" } },
    );
  });

  test('are listed by \\set, with what the connection says', async ({ work, database }) => {
    work.write({ 'main.sql': "\\set zz it''s\n\\set\n" });
    const { stdout } = await work.pqrun(['-q', 'main.sql']);
    const lines = stdout.split('\n');
    expect(lines).toContain(`DBNAME = '${database.name}'`);
    expect(lines).toContain("ON_ERROR_STOP = 'on'");
    expect(lines).toContain("zz = 'its'");
    expect(lines.pop()).toBe('');
    expect(lines).toEqual(lines.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test('of psql’s own take only what psql takes, and what pqrun does not honour is told', async ({
    work,
  }) => {
    work.write({
      'bad.sql': 'SELECT 1;\n\\set ON_ERROR_STOP perhaps\n\\set ECHO loud\n\\set FETCH_COUNT many\n',
      'warned.sql': '\\set SINGLELINE on\n\\set SINGLESTEP on\n\\set SHOW_ALL_RESULTS off\nSELECT 1;\n',
    });
    const bad = await work.pqrun(['bad.sql']);
    expect(bad).toMatchObject({ status: 1, stdout: '' });
    for (const line of [2, 3, 4]) expect(bad.stderr).toContain(`bad.sql:${line}:`);
    const warned = await work.pqrun(['warned.sql']);
    expect(warned.status).toBe(0);
    for (const name of ['SINGLELINE', 'SINGLESTEP', 'SHOW_ALL_RESULTS'])
      expect(warned.stderr).toContain(
        `${name}=${name === 'SHOW_ALL_RESULTS' ? 'off' : 'on'} is not honoured`,
      );
  });

  test('tell about the connection', async ({ work, database }) => {
    work.write({
      'main.sql': `\\echo :DBNAME :USER :HOST :PORT :ENCODING\nSELECT :'SERVER_VERSION_NAME' = current_setting('server_version') AND :SERVER_VERSION_NUM = current_setting('server_version_num')::int AS same;\n`,
    });
    const { stdout, status } = await work.pqrun(['-q', '-A', '-t', 'main.sql']);
    const { PGUSER, PGHOST, PGPORT } = database.env;
    expect(stdout).toBe(`${database.name} ${PGUSER} ${PGHOST} ${PGPORT} UTF8\nt\n`);
    expect(status).toBe(0);
  });
});

describe('conditions', () => {
  test('on values that are known before the run', async ({ likePsql, work }) => {
    const files = {
      'main.sql': `\\set on true
\\if :on
  SELECT 'taken';
  \\if no
    SELECT 'not' :undefined '';
  \\elif 1
    \\echo elif
  \\else
    \\i nowhere.sql
  \\endif
\\else
  SELECT 'not';
\\endif
SELECT 'part'
\\if :{?on}
  , 'more'
\\else
  , 'less'
\\endif
;
\\if :{?nothing} \\\\ SELECT 'never'; \\else \\\\ SELECT 'one line'; \\endif
`,
    };
    await likePsql(files);
    const { stdout } = await work.pqrun(['plan', 'main.sql', '--order', 'sequential']);
    expect(stdout).not.toContain('not');
  });

  test('on values of the database, on :ROW_COUNT, :ERROR and :SQLSTATE', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `CREATE TABLE t AS SELECT generate_series(1, 3) AS n;
SELECT count(*) > 2 AS many, count(*) = 0 AS none FROM t \\gset
\\if :none
  \\echo none
\\elif :many
  \\echo many
\\else
  \\echo some
\\endif
UPDATE t SET n = n + 1 WHERE n > 1;
\\echo :ROW_COUNT :ERROR :SQLSTATE
SELECT :ROW_COUNT = 2 AS two \\gset
\\if :two
  INSERT INTO t VALUES (100);
\\else
  INSERT INTO t VALUES (200);
\\endif
\\set ON_ERROR_STOP off
SELECT 1/0;
\\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
\\if :ERROR
  SELECT * FROM not_there;
  \\echo :SQLSTATE
\\endif
SELECT 1 \\;  SELECT 2 UNION SELECT 3;
\\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
CREATE TABLE u ();
\\echo :ROW_COUNT
`,
    });
  });

  test('whose branches leave \\if open are faults', async ({ work }) => {
    work.write({
      'a.sql': '\\if true\nSELECT 1;\n',
      'b.sql': '\\else\n\\endif\n',
      'c.sql': '\\if true\n\\else\n\\elif true\n\\endif\n',
    });
    const { status, stderr, stdout } = await work.pqrun(['a.sql', 'b.sql', 'c.sql']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    for (const place of ['a.sql:1:', 'b.sql:1:', 'b.sql:2:', 'c.sql:3:']) expect(stderr).toContain(place);
  });

  test('that are neither true nor false are false, and told', async ({ likePsql }) => {
    const { pqrun } = await likePsql({ 'main.sql': '\\if perhaps\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\n' });
    expect(pqrun.stderr).toContain('perhaps');
  });
});
