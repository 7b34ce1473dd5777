import { expect, it } from 'vitest';
import type { Edge } from '../../../../src/model/plan.js';
import { emptyCatalog } from '../../../../src/plan/accesses/load-catalog.js';
import type { Behind, Fresh } from '../../../../src/plan/auto/behind.js';
import { built } from '../accesses/planned.js';

const UNREADABLE = 'CREATE EXTENSION hstore;';

/** The catalog of a database with nothing in it. */
const nothing: Fresh = { catalog: emptyCatalog(), again: emptyCatalog, startPath: ['public'] };

async function behindOf(...statements: readonly string[]): Promise<Behind> {
  const { auto } = await built([UNREADABLE, statements.join('\n')]);
  if (auto === undefined) throw new Error('the plan is not of --order auto');
  return auto.behind;
}

const ends = (edges: readonly Edge[] | undefined): readonly string[] | undefined =>
  edges?.map(({ from, to }) => `${from} ${to}`);

const FREE = ['a', 'b', 'c', 'd'].map((name) => `CREATE TABLE s.${name} (n int);`);

it('run in order, statements follow each other, and each may be the last that does', async () => {
  const behind = await behindOf(...FREE);
  expect([0, 1, 2].map((job) => behind.isOpaque(job))).toEqual([true, false, false]);
  expect(ends(behind.inOrder(0))).toEqual(['1 2', '2 3', '3 4']);
  expect([0, 1, 2].map((job) => behind.isOpaque(job))).toEqual([true, true, true]);
  expect(behind.inOrder(1)).toBeUndefined();
  // 3 and 4 wait for nothing but 2, which was the last in order.
  expect(ends(behind.replan(2, nothing))).toEqual([]);
  expect([3, 4].map((job) => behind.isOpaque(job))).toEqual([false, false]);
});

it('tells what comes next', async () => {
  const behind = await behindOf('CREATE TABLE a (n int);', 'CREATE INDEX ON a (n);', UNREADABLE);
  expect([0, 1, 2, 3].map((job) => behind.next(job))).toEqual([
    { isOpaque: false, mayTakeLong: false },
    { isOpaque: false, mayTakeLong: true },
    { isOpaque: true, mayTakeLong: false },
    undefined,
  ]);
});

it('knows the search_path that was set in order', async () => {
  const behind = await behindOf(
    'SET search_path = s; CREATE TABLE s.first (n int);',
    'CREATE TABLE a (n int);',
    ...FREE.slice(1, 2),
    "COMMENT ON TABLE s.a IS 'it';",
    'SET search_path = other; CREATE TABLE s.last (n int);',
  );
  behind.inOrder(0);
  expect(ends(behind.replan(1, nothing))).toEqual(['2 4']);
});

it('does not know the search_path behind code that was run in order, and may be another by now', async () => {
  const behind = await behindOf('INSERT INTO s.t VALUES (1);', ...FREE);
  behind.inOrder(0);
  behind.replan(1, nothing);
  expect(behind.isOpaque(2)).toBe(true);
});

it.each([
  ['CREATE TABLE s.t (n int)', false],
  ["CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", true],
])(
  'minds definitions in code by which what was run may be another by now: %s',
  async (definition, isLost) => {
    const behind = await behindOf(
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
      'CREATE TABLE a AS SELECT f();',
      `DO $$ BEGIN ${definition}; END $$;`,
      ...FREE,
    );
    behind.inOrder(0);
    behind.replan(3, nothing);
    expect(behind.isOpaque(4)).toBe(isLost);
  },
);
