import { describe, expect, it } from 'vitest';
import { queryShape, verbOf, type QueryShape } from '../../../src/script/query-shape.js';
import { loadParser } from '../../../src/script/syntax.js';

const parser = await loadParser();

function shapeOf(text: string): QueryShape {
  return queryShape(text, parser)!;
}

describe('the query without what its words forbid', () => {
  it.each([
    ['INSERT INTO t SELECT n FROM a', 'SELECT n FROM a'],
    ['INSERT INTO t (n) (SELECT n FROM a)', '(SELECT n FROM a)'],
    [
      'INSERT INTO t SELECT n FROM a JOIN b ON true ON CONFLICT DO NOTHING',
      'SELECT n FROM a JOIN b ON true ',
    ],
    ['INSERT INTO t SELECT n FROM a RETURNING n', 'SELECT n FROM a '],
    ['WITH w AS (SELECT 1) INSERT INTO t SELECT * FROM w', 'WITH w AS (SELECT 1) SELECT * FROM w'],
    ['INSERT INTO t WITH w AS (SELECT 1) SELECT * FROM w', 'WITH w AS (SELECT 1) SELECT * FROM w'],
    [`INSERT INTO t SELECT 'select on returning' FROM a -- on`, `SELECT 'select on returning' FROM a -- on`],
    ['DELETE FROM t', 'SELECT * FROM "t"'],
    [
      'DELETE FROM ONLY s.t AS x WHERE x.n = 1 RETURNING *',
      'SELECT * FROM ONLY "s"."t" AS "x" WHERE x.n = 1 ',
    ],
    ['DELETE FROM t USING a, b WHERE a.n = t.n', 'SELECT * FROM "t",  a, b WHERE a.n = t.n'],
    ['UPDATE t SET n = 1', 'SELECT * FROM "t"'],
    [
      'UPDATE t SET n = (SELECT m FROM c WHERE m = 1) FROM a WHERE a.n = t.n',
      'SELECT * FROM "t",  a WHERE a.n = t.n',
    ],
    ['WITH w AS (SELECT 1) DELETE FROM t WHERE n = 1', 'WITH w AS (SELECT 1) SELECT * FROM "t" WHERE n = 1'],
    ['DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'SELECT 1'],
    ['SELECT * FROM a FOR NO KEY UPDATE OF a SKIP LOCKED', 'SELECT * FROM a '],
    ['DECLARE c CURSOR FOR SELECT * FROM a FOR SHARE', 'SELECT * FROM a '],
  ])('%s', (text, without) => {
    expect(shapeOf(text).without).toBe(without);
  });

  it('is not made where the words do not forbid anything, or the query would be another one', () => {
    expect(shapeOf('SELECT 1')).toMatchObject({ hindrances: [], explained: 'SELECT 1' });
    expect(shapeOf('SELECT 1').without).toBeUndefined();
    const written = shapeOf('WITH w AS (DELETE FROM t RETURNING n) SELECT * FROM w');
    expect(written).toMatchObject({ hindrances: ['writing-cte'], writes: true });
    expect(written.without).toBeUndefined();
    expect(shapeOf('MERGE INTO t USING a ON true WHEN MATCHED THEN DELETE')).toMatchObject({
      verb: 'MERGE',
      hindrances: ['writes'],
    });
  });
});

it('knows what makes a table without its rows', () => {
  expect(shapeOf('CREATE TABLE x AS SELECT 1 -- one').empty).toBe(
    'CREATE TABLE x AS SELECT 1 -- one\nWITH NO DATA',
  );
  expect(shapeOf('SELECT 1 INTO x').empty).toBe('SELECT 1 INTO x\nLIMIT 0');
  expect(shapeOf('CREATE TABLE x AS SELECT 1 WITH NO DATA').empty).toBeUndefined();
});

it('knows rows without a query, the query of COPY, the view of REFRESH', () => {
  expect(shapeOf('INSERT INTO t VALUES (1)')).toMatchObject({ isBareInsert: true });
  expect(shapeOf('INSERT INTO t DEFAULT VALUES')).toMatchObject({ isBareInsert: true });
  expect(shapeOf('COPY (SELECT 1) TO STDOUT')).toMatchObject({ explained: '(SELECT 1) ', hindrances: [] });
  expect(shapeOf('REFRESH MATERIALIZED VIEW s."V"')).toMatchObject({ view: '"s"."V"' });
});

it('names functions as they are written', () => {
  expect(shapeOf('SELECT s.f(g(x)) FROM a').functions).toEqual(
    expect.arrayContaining([
      { schema: 's', name: 'f' },
      { schema: undefined, name: 'g' },
    ]),
  );
});

it('names other statements after their parse nodes; several are none', () => {
  expect(verbOf('AlterTableStmt')).toBe('ALTER TABLE');
  expect(shapeOf('VACUUM').verb).toBe('VACUUM');
  expect(queryShape('SELECT 1; SELECT 2', parser)).toBeUndefined();
});
