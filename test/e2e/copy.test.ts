import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from './pqrun.js';
import { sessionOn, untilBlocked } from './waiting.js';

/** COPY … FROM STDIN with its data in the script. */

const TABLE = 'CREATE TABLE t (n int, v text);\n';

describe('inline data', () => {
  test('reach the table as psql sends them, and what follows runs', async ({ work, database }) => {
    work.write({
      'a.sql': `${TABLE}COPY t FROM stdin; SELECT 'same line' AS word;\n1\tit's; -- :x\n2\t\\N\n3\ttab\\there\n\\.\nINSERT INTO t VALUES (4, 'behind');\n`,
      'b.sql': `COPY t (n, v) FROM STDIN WITH (FORMAT csv, HEADER);\nn,v\n5,"two\nlines; ""quoted"""\n6,\n\\.\nCOPY t FROM stdin;\n\\.\n`,
      'crlf.sql': 'COPY t FROM stdin;\r\n7\tcrlf\r\n\\.\r\nSELECT 1;\r\n',
      'open.sql': 'COPY t FROM stdin;\n8\tno end\n',
    });
    const { status, stdout, stderr } = await work.pqrun(['a.sql', 'b.sql', 'crlf.sql', 'open.sql']);
    expect(stderr).toContain('COPY, 3 rows');
    expect(status).toBe(0);
    expect(stdout).toContain('same line');
    expect(await database.query('SELECT n, v FROM t ORDER BY n')).toEqual([
      { n: 1, v: "it's; -- :x" },
      { n: 2, v: null },
      { n: 3, v: 'tab\there' },
      { n: 4, v: 'behind' },
      { n: 5, v: 'two\nlines; "quoted"' },
      { n: 6, v: null },
      { n: 7, v: 'crlf' },
      { n: 8, v: 'no end' },
    ]);
  });

  test('come from standard input and -c too', async ({ work, database }) => {
    const args = ['-c', `${TABLE}COPY t FROM stdin;\n1\tone\n\\.\n`, '-'];
    const { status } = await work.pqrun(args, { stdin: 'COPY t FROM stdin;\n2\ttwo\n' });
    expect(status).toBe(0);
    expect(await database.query('SELECT v FROM t ORDER BY n')).toEqual([{ v: 'one' }, { v: 'two' }]);
  });

  test('may be in another encoding, which the script names', async ({ work, database }) => {
    const script = `${TABLE}SET client_encoding = 'LATIN1';\nCOPY t FROM stdin;\n1\tcaf\u00e9\n\\.\n`;
    work.write({ 'a.sql': Buffer.from(script, 'latin1') });
    expect((await work.pqrun(['a.sql'])).status).toBe(0);
    expect(await database.query('SELECT v FROM t')).toEqual([{ v: 'caf\u00e9' }]);
  });

  test('of many megabytes, in rows of one, are all there', async ({ work, database }) => {
    const row = 'x'.repeat(1_000_000);
    const rows = Array.from({ length: 30 }, (_, n) => `${n}\t${row}`).join('\n');
    work.write({ 'a.sql': `${TABLE}COPY t FROM stdin;\n${rows}\n\\.\nSELECT 1;` });
    expect((await work.pqrun(['a.sql', '-q'])).status).toBe(0);
    expect(await database.query('SELECT count(*)::int AS n, min(length(v)) AS least FROM t')).toEqual([
      { n: 30, least: 1_000_000 },
    ]);
  });

  test('that are wrong are named by their line in the file, and nothing of them stays', async ({
    work,
    database,
  }) => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n}\tgood`).join('\n');
    work.write({ 'a.sql': `${TABLE}COPY t FROM stdin;\n1\tgood\nbad\trow\n${rows}\n\\.\nSELECT 1;` });
    const { status, stderr } = await work.pqrun(['a.sql']);
    expect(status).toBe(3);
    expect(stderr).toContain('a.sql:4:1: ERROR:  invalid input syntax for type integer: "bad"');
    expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 0 }]);
  });

  test('that are fewer than when the script was read are not taken for all', async ({ work, database }) => {
    const copy = 'COPY t FROM stdin;\n';
    work.write({ 'a.sql': `${copy}1\tone\n2\ttwo\n3\tthree\n\\.\n` });
    await database.query(TABLE);
    const other = await sessionOn(database);
    await other.query('BEGIN; LOCK TABLE t');
    const running = work.start(['a.sql']);
    await untilBlocked(database);
    truncateSync(join(work.directory, 'a.sql'), `${copy}1\tone\n`.length);
    await other.query('COMMIT');
    const { status, stderr } = await running.finished;
    expect(stderr).toMatch(/COPY from stdin failed: .*a\.sql has become shorter since it was read/);
    expect(status).toBe(3);
    expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 0 }]);
  });

  test('for a table that is not there do not disturb what follows', async ({ work, database }) => {
    work.write({
      'a.sql': `${TABLE}COPY missing FROM stdin;\n1\tx\n\\.\nCOPY t FROM stdin;\n2\tthere\n\\.\n`,
    });
    const { status, stderr } = await work.pqrun(['a.sql', '-k']);
    expect(status).toBe(3);
    expect(stderr).toContain('relation "missing" does not exist');
    expect(await database.query('SELECT n FROM t')).toEqual([{ n: 2 }]);
  });
});
