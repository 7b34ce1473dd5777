import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const TABLE = 'CREATE TABLE a (n int, m int);\n';

/** Whether two indexes keep their order, in a plan with this in front of them, and this in a script behind theirs. */
async function keepOrder(
  [one, two]: readonly [string, string],
  { before = '', behind = '' }: { readonly before?: string; readonly behind?: string } = {},
): Promise<boolean> {
  const text = `${TABLE}${before};\n-- pqrun: label=one\n${one};\n-- pqrun: label=two\n${two};`;
  return waits(await planned([text, behind]), 'two', 'one');
}

const ALIKE = ['CREATE INDEX i ON a (abs(n))', 'CREATE INDEX j ON a (abs(m))'] as const;

describe('indexes of one table', () => {
  it.each([
    ['of expressions that are named alike', ALIKE],
    [
      'of one column, with other predicates',
      ['CREATE INDEX i ON a (n) WHERE n > 1', 'CREATE INDEX j ON a (n) WHERE n < 1'],
    ],
    ['that are the same', ['CREATE INDEX i ON a (n)', 'CREATE INDEX j ON a (n)']],
  ] as const)('overlap where nobody tells their age: %s', async (_, indexes) => {
    expect(await keepOrder(indexes)).toBe(false);
  });

  it('keep their order with --strict-order', async () => {
    const text = `${TABLE}-- pqrun: label=one\n${ALIKE[0]};\n-- pqrun: label=two\n${ALIKE[1]};`;
    expect(waits(await planned(text, { strictOrder: true }), 'two', 'one')).toBe(true);
  });

  it('overlap beside triggers, and beside window functions over partitions', async () => {
    const behind = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f(); GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
      SELECT sum(n) OVER (PARTITION BY m) FROM a;`;
    expect(await keepOrder(ALIKE, { behind })).toBe(false);
  });

  it.each([
    ['LIKE copies them', 'CREATE TABLE b (LIKE a INCLUDING INDEXES);'],
    ['the table may become a partition', 'ALTER TABLE p ATTACH PARTITION a FOR VALUES IN (1);'],
    [
      'dynamic SQL may',
      "DO $$ BEGIN EXECUTE 'CREATE TABLE b (LIKE a ' || current_setting('my.rest'); END $$;",
    ],
    ['an extension may', 'CREATE EXTENSION hstore;'],
    ['a script that is read while it runs may', 'SELECT 1 AS x \\gset\n\\if :x\nSELECT 2;\n\\endif\n'],
  ])('keep their order where %s', async (_, behind) => {
    expect(await keepOrder(ALIKE, { behind })).toBe(true);
  });

  it.each([
    [
      'of unique ones a foreign key takes the oldest',
      ['CREATE UNIQUE INDEX i ON a (n)', 'CREATE UNIQUE INDEX j ON a (n)'],
      '',
    ],
    [
      'of a partition',
      ['CREATE INDEX i ON b (n)', 'CREATE INDEX j ON b (n)'],
      'CREATE TABLE p (n int) PARTITION BY LIST (n); CREATE TABLE b PARTITION OF p DEFAULT',
    ],
    [
      'of a partitioned table',
      ['CREATE INDEX i ON p (n)', 'CREATE INDEX j ON p (n)'],
      'CREATE TABLE p (n int) PARTITION BY LIST (n)',
    ],
  ] as const)('keep their order: %s', async (_, indexes, before) => {
    expect(await keepOrder(indexes, { before })).toBe(true);
  });
});
