import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** Triggers that keep current_query(), as audits do, find what psql would have sent, to the last `;`. */

const AUDIT = `CREATE TABLE audit (query text);
CREATE TABLE t (n int);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (current_query()); RETURN NULL; END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION note();
`;

const STATEMENTS = `INSERT INTO t VALUES (1);
-- in front
INSERT INTO t VALUES (2) /* inside */ ;INSERT INTO t VALUES (3)
  -- before the end
;
\\set n 4
INSERT INTO t VALUES (:n);
INSERT INTO t VALUES (5)\\;INSERT INTO t VALUES (6);
BEGIN; INSERT INTO t VALUES (7); UPDATE t SET n = n + 1; COMMIT;
INSERT INTO t VALUES (8) \\g
INSERT INTO t SELECT 9 RETURNING n \\gset
SELECT 'INSERT INTO t VALUES (10)' \\gexec
COPY t FROM stdin;
11
\\.
DO $$ BEGIN INSERT INTO t VALUES (12); END $$;
INSERT INTO t VALUES (13)
`;

describe('current_query() is what psql sends', () => {
  test('statements of a plan', async ({ likePsql, database }) => {
    await likePsql({ 'main.sql': STATEMENTS.replaceAll(/^.*\\g.*$\n/gm, '') }, { before: AUDIT });
    const kept = await database.query(`SELECT query FROM audit WHERE query LIKE '%;'`);
    expect(kept.length).toBeGreaterThan(5);
  });

  test('statements of a script that is read while it runs', async ({ likePsql }) => {
    await likePsql({ 'main.sql': STATEMENTS }, { before: AUDIT });
  });

  test('small statements that are sent together', async ({ likePsql }) => {
    const many = Array.from({ length: 50 }, (_, n) => `INSERT INTO t VALUES (${n});\n`).join('');
    await likePsql({ 'main.sql': many }, { before: AUDIT });
  });

  test('with a journal, and in one transaction', async ({ likePsql, work, database, psqlPlace }) => {
    const files = { 'main.sql': 'INSERT INTO t VALUES (1);\nUPDATE t SET n = 2;\n' };
    await likePsql(files, { before: AUDIT, args: ['-1'] });
    const { status } = await work.pqrun(['--journal', 'main.sql']);
    expect(status).toBe(0);
    await psqlPlace.psql(['-f', 'main.sql']);
    const kept = `SELECT query FROM audit ORDER BY 1`;
    expect(await database.query(kept)).toEqual(await psqlPlace.database.query(kept));
  });

  test('what -e shows has one `;` as well', async ({ likePsql }) => {
    await likePsql({ 'main.sql': STATEMENTS }, { before: AUDIT, args: ['-e'] });
    await likePsql({ 'main.sql': 'SELECT 1;\nSELECT 2 \\g\n' }, { args: ['-e'] });
  });
});
