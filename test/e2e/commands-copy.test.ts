import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** `\copy` in all its forms, and the data of COPY in scripts that are read while they run. */

const TABLE = 'CREATE TABLE t (n int, v text);\n';
/** Makes a script live: what it does is known only in the run. */
const LIVE = "SELECT 'x' AS x \\gset\n";

for (const [what, first] of [
  ['read before the run', ''],
  ['read while it runs', LIVE],
] as const) {
  describe(`\\copy in a script that is ${what}`, () => {
    test('from and to files', async ({ likePsql }) => {
      await likePsql({
        'main.sql': `${first}${TABLE}\\copy t from 'in.txt'
\\copy t (v, n) from in.csv with (format csv, header)
\\copy t from 'sub/semi;colon.txt' delimiter ';'
\\copy (SELECT n, upper(v) FROM t ORDER BY n) to out.csv csv header
\\copy t to 'it''s.txt' (format text, null 'nil')
\\cd sub
\\copy (SELECT 'in sub') to here.txt
SELECT * FROM t ORDER BY n;
`,
        'in.txt': "1\tone\n2\t\\N\n3\tit's\\ttab\n",
        'in.csv': 'v,n\n"four\n4",4\n,5\n',
        'sub/semi;colon.txt': '6;six\n7;:v',
      });
    });

    test('from data in the script, to standard output, and from standard input', async ({ likePsql }) => {
      await likePsql(
        {
          'main.sql': `${first}${TABLE}\\copy t from stdin
1\tone
2\ttwo; \\\\i nothing
\\.
\\copy t from stdin delimiter ','
3,three
\\.
\\copy t from pstdin
\\copy (SELECT * FROM t ORDER BY n) to stdout
\\copy (SELECT sum(n) FROM t) to pstdout csv header
SELECT 'and on' AS then;
`,
        },
        { stdin: '4\tfour\n5\tfive\n' },
      );
    });

    test('of a file that is not there', async ({ likePsql }) => {
      const { pqrun } = await likePsql(
        { 'main.sql': `${first}${TABLE}SELECT 1;\n\\copy t from nowhere.txt\nSELECT 2;\n` },
        { status: 3 },
      );
      expect(pqrun.stderr).toContain('nowhere.txt');
    });

    test('with a wrong row, which is named by its line', async ({ work, database }) => {
      work.write({
        'main.sql': `${first}${TABLE}\\copy t from bad.txt\nSELECT 2;\n`,
        'bad.txt': '1\tone\ntwo\ttwo\n',
      });
      const { status, stderr } = await work.pqrun(['main.sql']);
      expect(status).toBe(3);
      expect(stderr).toContain('bad.txt:2:1: ERROR:  invalid input syntax for type integer: "two"');
      expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 0 }]);
    });
  });

  describe(`data of COPY in a script that is ${what}`, () => {
    test('that fails before it takes them are never run as commands', async ({ work, database }) => {
      const data = 'INSERT INTO t VALUES (666);\n\\echo evil\n\\copy t to evil.txt\n';
      work.write({
        'main.sql': `${first}\\set ON_ERROR_STOP off\n${TABLE}COPY missing FROM stdin;\n${data}\\.\nCOPY t FROM stdin WITH (FORMAT nonsense);\n${data}\\.\n\\copy missing from stdin\n${data}\\.\nINSERT INTO t VALUES (1, 'after');\n`,
      });
      const { status, stdout, stderr } = await work.pqrun(['main.sql']);
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
      expect(stderr).toContain('relation "missing" does not exist');
      expect(await database.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
    });

    test('in a failed block are never run as commands', async ({ work, database }) => {
      work.write({
        'main.sql': `${first}${TABLE}\\set ON_ERROR_STOP off\nBEGIN;\nSELECT 1/0;\nCOPY t FROM stdin;\nROLLBACK;\nINSERT INTO t VALUES (666);\n\\.\nROLLBACK;\nINSERT INTO t VALUES (1);\n`,
      });
      const { status } = await work.pqrun(['main.sql']);
      expect(status).toBe(0);
      expect(await database.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
    });

    test('are told by their line in the included file when they are wrong', async ({ work }) => {
      work.write({
        'main.sql': `${first}${TABLE}\\i data.sql\n`,
        'data.sql': 'SELECT 1;\nCOPY t FROM stdin;\n1\tone\nx\ttwo\n\\.\n',
      });
      const { status, stderr } = await work.pqrun(['main.sql']);
      expect(status).toBe(3);
      expect(stderr).toContain('data.sql:4:1');
    });

    test('with CRLF, without an end, and with markers inside', async ({ likePsql }) => {
      await likePsql({
        'main.sql': `${first}${TABLE}\\i crlf.sql\nSELECT * FROM t ORDER BY n;\n\\i open.sql\nSELECT count(*) FROM t;\n`,
        'crlf.sql': 'COPY t FROM stdin;\r\n1\tone\r\n2\ttwo\r\n\\.\r\nSELECT 1;\r\n',
        'open.sql': 'COPY t FROM stdin;\n3\tthree\n4\tno end',
      });
    });
  });
}
