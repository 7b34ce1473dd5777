import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** ON_ERROR_STOP, ON_ERROR_ROLLBACK, AUTOCOMMIT, `-1` and `-k`: what happens behind a failure. */

const TABLE = 'CREATE TABLE t (n int PRIMARY KEY);\n';
/** Wrong, but SQL: what is none ends a run before it begins. */
const FAILING = `INSERT INTO t VALUES (1);
INSERT INTO t VALUES (1);
SELECT nothing;
INSERT INTO t VALUES (2);
SELECT 1/0;
INSERT INTO t VALUES (3);
`;

describe('where ON_ERROR_STOP is off', () => {
  for (const [how, first, args] of [
    ['by \\set', '\\set ON_ERROR_STOP off\n', []],
    ['by \\unset', '\\unset ON_ERROR_STOP\n', []],
    ['by -v', '', ['-v', 'ON_ERROR_STOP=0']],
  ] as const) {
    test(`${how}, errors are told, the rest runs, and the run is fine`, async ({ likePsql }) => {
      const { pqrun } = await likePsql({ 'main.sql': `${first}${TABLE}${FAILING}` }, { args });
      for (const said of ['duplicate key', 'column "nothing" does not exist', 'division by zero'])
        expect(pqrun.stderr).toContain(said);
    });
  }

  test('statements that are no SQL are errors like others, if nobody checks before', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      { 'main.sql': `\\set ON_ERROR_STOP off\n${TABLE}SELEC 3;\nINSERT INTO t VALUES (3);\n` },
      { pqrunArgs: ['--no-syntax-check'] },
    );
    expect(pqrun.stderr).toContain('syntax error at or near "SELEC"');
  });

  test('from a line of the script on', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      {
        'main.sql': `${TABLE}\\set ON_ERROR_STOP 0\nSELECT 1/0;\n\\set ON_ERROR_STOP 1\nSELECT 2/0;\nINSERT INTO t VALUES (1);\n`,
      },
      { status: 3 },
    );
    expect(pqrun.stderr).toContain('main.sql:5:');
  });

  test('a failed block is left as psql leaves it', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `\\set ON_ERROR_STOP off\n${TABLE}BEGIN;\n${FAILING}COMMIT;\nINSERT INTO t VALUES (10);\nBEGIN;\nINSERT INTO t VALUES (11);\n`,
    });
  });
});

test('-k runs all, and its exit status tells of the failures', async ({ work, database }) => {
  work.write({ 'main.sql': `${TABLE}SELECT 1 AS x \\gset\n${FAILING}` });
  const { status, stderr } = await work.pqrun(['main.sql', '-k']);
  expect(status).toBe(3);
  expect(stderr).toContain('main.sql:4:1');
  expect(stderr).toContain('main.sql:5:8');
  expect(await database.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('ON_ERROR_ROLLBACK undoes only what failed', async ({ likePsql }) => {
  await likePsql({
    'main.sql': `\\set ON_ERROR_STOP off\n\\set ON_ERROR_ROLLBACK on\n${TABLE}BEGIN;\n${FAILING}SAVEPOINT s;\nINSERT INTO t VALUES (4);\nROLLBACK TO s;\nRELEASE s;\nCOMMIT;\nSELECT * FROM t ORDER BY n;\n`,
  });
});

describe('AUTOCOMMIT off', () => {
  test('begins blocks, which COMMIT ends; what is open at the end is lost', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `\\set AUTOCOMMIT off\n${TABLE}INSERT INTO t VALUES (1);\nCOMMIT;\nINSERT INTO t VALUES (2);\nROLLBACK;\nINSERT INTO t VALUES (3);\nCOMMIT;\nVACUUM t;\nINSERT INTO t VALUES (4);\n`,
    });
  });

  test('and back', async ({ likePsql }) => {
    await likePsql({
      'main.sql': `\\set AUTOCOMMIT off\n${TABLE}COMMIT;\n\\set AUTOCOMMIT on\nINSERT INTO t VALUES (1);\n/* first */ SELECT 1;\nSELECT txid_current_if_assigned() IS NULL AS outside;\n`,
    });
  });
});

describe('-1', () => {
  test('is one transaction of a script that is read while it runs', async ({ likePsql }) => {
    const files = {
      'main.sql': `${TABLE}SELECT 1 AS a \\gset\nINSERT INTO t VALUES (:a);\nINSERT INTO t SELECT 2 WHERE txid_current() = txid_current();\n`,
    };
    await likePsql(files, { args: ['-1'] });
  });

  test('undoes all of it when a statement fails', async ({ likePsql }) => {
    const files = { 'main.sql': `${TABLE}SELECT 1 AS a \\gset\nINSERT INTO t VALUES (:a);\nSELECT 1/0;\n` };
    await likePsql(files, { args: ['-1'], status: 3 });
  });

  test('undoes all of it when a command fails', async ({ likePsql }) => {
    const files = { 'main.sql': `${TABLE}INSERT INTO t VALUES (1);\nSELECT 1 AS a WHERE false \\gset\n` };
    await likePsql(files, { args: ['-1'], status: 3 });
  });
});
