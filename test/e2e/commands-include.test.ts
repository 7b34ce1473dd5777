import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** `\i`, `\ir`, `\cd`, `\q`, `\restrict`: which text is read, and how its places are told. */

describe('included files', () => {
  test('are read where psql finds them', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `CREATE TABLE t (n int);
\\i sub/one.sql
\\i 'sub/with blank.sql'
INSERT INTO t VALUES (9);
\\cd sub
\\i one.sql
\\ir deeper/three.sql
\\cd ..
\\i sub/deeper/three.sql
SELECT count(*), sum(n) FROM t;`,
      'sub/one.sql': 'INSERT INTO t VALUES (1);\n\\ir deeper/two.sql\n',
      'sub/with blank.sql': 'INSERT INTO t VALUES (5)',
      'sub/deeper/two.sql': 'INSERT INTO t VALUES (2);\n\\q\nINSERT INTO t VALUES (100);',
      'sub/deeper/three.sql': 'INSERT INTO t VALUES (3);\n',
      'deeper/three.sql': 'INSERT INTO t VALUES (4);\n',
    });
  });

  test('end with their own statement, see and set the variables of all', async ({ likePsql }) => {
    await likePsql({
      'main.sql': "\\set a 1\n\\i b.sql\nSELECT :a AS a, :'b' AS b;\n",
      'b.sql': '\\set a 2\n\\set b :a x\nSELECT :a AS inside',
    });
  });

  test('are named with all files that led to them, in faults before the run', async ({ work, database }) => {
    work.write({
      'main.sql': 'CREATE TABLE t (n int);\n\\i a.sql\n',
      'a.sql': '-- one\n\n  \\ir b.sql\n',
      'b.sql': 'SELECT 1;\nSELEC 2;\n',
    });
    const { status, stderr } = await work.pqrun(['main.sql']);
    expect(status).toBe(1);
    expect(stderr).toContain('b.sql:2:1');
    expect(stderr).toContain('a.sql:3');
    expect(stderr).toContain('main.sql:2');
    expect(await database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'")).toEqual([]);
  });

  test.for(['', '\\set ON_ERROR_ROLLBACK on\n'])(
    'are named with all files that led to them, in failures of a run (%j)',
    async (first, { work }) => {
      work.write({
        'main.sql': `${first}SELECT 1;\n\\i a.sql\n`,
        'a.sql': '\n\\ir b.sql\n',
        'b.sql': 'SELECT 1;\nSELECT\n  1/0;\n',
      });
      const { status, stderr } = await work.pqrun(['main.sql']);
      expect(status).toBe(3);
      expect(stderr).toContain('division by zero');
      expect(stderr).toContain('b.sql:2:1');
      expect(stderr).toContain('a.sql:2');
      expect(stderr).toMatch(/main\.sql:[23]/);
    },
  );

  test('that are missing, or include each other, are faults, and nothing is run', async ({ work }) => {
    work.write({
      'missing.sql': 'SELECT 1;\n\\i nowhere.sql\n',
      'ring.sql': '\\i ring-2.sql\n',
      'ring-2.sql': '\\i ring.sql\n',
    });
    const missing = await work.pqrun(['missing.sql']);
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toContain('missing.sql:2:');
    expect(missing.stderr).toContain('nowhere.sql');
    const ring = await work.pqrun(['ring.sql']);
    expect(ring.status).toBe(1);
    expect(ring.stderr).toContain('includes itself');
  });

  test('that a value of the database names are found when it is known', async ({ likePsql }) => {
    await likePsql({
      'main.sql': "SELECT 'b' || '.sql' AS file \\gset\n\\i :file\nSELECT 2;\n",
      'b.sql': 'SELECT 1 AS included;\n',
    });
  });

  test('stop on errors as ON_ERROR_STOP says when they begin', async ({ likePsql }) => {
    await likePsql(
      {
        'main.sql':
          'CREATE TABLE t (n int);\n\\set ON_ERROR_STOP off\n\\i b.sql\nINSERT INTO t VALUES (1);\n',
        'b.sql': 'SELECT 1/0;\nINSERT INTO t VALUES (2);\n',
      },
      {},
    );
  });

  test('in a deep chain', async ({ likePsql }) => {
    const files: Record<string, string> = { 'main.sql': '\\i d/1.sql\n' };
    for (let n = 1; n < 30; n += 1) files[join('d', `${n}.sql`)] = `\\ir ${n + 1}.sql\nSELECT ${n};\n`;
    await likePsql({ ...files, 'd/30.sql': 'SELECT 30;\n' });
  });
});

describe('\\q and \\restrict', () => {
  test('\\q ends the reading, whatever stands behind it', async ({ likePsql }) => {
    await likePsql({ 'main.sql': "SELECT 1;\n\\q\nthis is no SQL ' ( $$\n" });
  });

  test('between \\restrict and \\unrestrict nothing but SQL is taken', async ({ work, database }) => {
    work.write({
      'good.sql': '\\restrict key\nCREATE TABLE t (n int);\n\\unrestrict key\n\\echo done\n',
      'bad.sql': '\\restrict key\nCREATE TABLE bad (n int);\n\\echo no\n\\unrestrict other\n',
    });
    const good = await work.pqrun(['-q', 'good.sql']);
    expect(good).toMatchObject({ status: 0, stdout: 'done\n' });
    const bad = await work.pqrun(['bad.sql']);
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain('bad.sql:3:');
    expect(bad.stderr).toContain('bad.sql:4:');
    expect(await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([
      { tablename: 't' },
    ]);
  });
});
