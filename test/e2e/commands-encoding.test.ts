import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** Scripts in other encodings, with a BOM, with CRLF, and with bytes that are no text. */

const TABLE = 'CREATE TABLE t (n int, v text);\n';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

for (const [how, set] of [
  ['\\encoding', '\\encoding LATIN1\n'],
  ['SET client_encoding', "SET client_encoding = 'LATIN1';\n"],
  ['SET NAMES', "SET NAMES 'latin1';\n"],
  ['\\encoding in a script that is read while it runs', 'SELECT 1 AS x \\gset\n\\encoding LATIN1\n'],
] as const) {
  test(`${how}: statements, data and included files are in Latin-1 from there on`, async ({
    likePsql,
    database,
  }) => {
    await likePsql({
      'main.sql': latin1(
        `${TABLE}${set}INSERT INTO t VALUES (1, 'café'); -- ö
COPY t FROM stdin;
2\tnaïve
\\.
\\set v Öl
INSERT INTO t VALUES (3, :'v');
\\i inner.sql
CREATE TABLE "größe" (ä int);
`,
      ),
      'inner.sql': latin1("INSERT INTO t VALUES (4, 'ÿ');\n"),
    });
    expect(await database.query('SELECT v FROM t ORDER BY n')).toEqual(
      ['café', 'naïve', 'Öl', 'ÿ'].map((v) => ({ v })),
    );
  });
}

test('results in another encoding are printed readably', async ({ work }) => {
  work.write({
    'main.sql': latin1(
      '\\encoding LATIN1\nSELECT \'café\' AS "größe";\n\\encoding UTF8\nSELECT chr(233) AS é;\n',
    ).toString('latin1'),
  });
  work.write({
    'main.sql': latin1(
      '\\encoding LATIN1\nSELECT \'café\' AS "größe";\n\\encoding UTF8\nSELECT chr(233) AS e;\n',
    ),
  });
  const { status, stdout } = await work.pqrun(['-A', 'main.sql']);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'größe\ncafé\n(1 row)\ne\né\n(1 row)\n' });
});

test('an error in Latin-1 points at its character', async ({ work }) => {
  work.write({ 'main.sql': latin1("\\encoding LATIN1\nSELECT 'éééé', nothing;\n") });
  const { status, stderr } = await work.pqrun(['main.sql']);
  expect(status).toBe(3);
  expect(stderr).toContain('main.sql:2:16');
});

describe('a script', () => {
  test('with a BOM and CRLF is read as psql reads it', async ({ likePsql }) => {
    await likePsql({
      'main.sql':
        `\ufeff${TABLE}INSERT INTO t\nVALUES (1, 'two\nlines');\n\\if true\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\n\\set a b\nSELECT :'a';\n\\i inner.sql\nSELECT * FROM t ORDER BY n;\n`.replaceAll(
          '\n',
          '\r\n',
        ),
      'inner.sql': "\ufeffINSERT INTO t VALUES (2, 'inner');\r\n",
    });
  });

  test('with bytes that are no UTF-8 is refused, with their place', async ({ work, database }) => {
    work.write({
      'main.sql': Buffer.concat([
        Buffer.from(`${TABLE}SELECT '`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from("';\n"),
      ]),
    });
    const { status, stderr } = await work.pqrun(['main.sql']);
    expect(status).toBe(1);
    expect(stderr).toContain('main.sql:2:9');
    expect(stderr).toMatch(/byte|offset/);
    expect(await database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'")).toEqual([]);
  });
});
