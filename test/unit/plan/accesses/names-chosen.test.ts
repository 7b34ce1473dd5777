import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

/** Names that PostgreSQL chooses, on objects of which the statement does not speak: whoever names them later waits. */

const PARTITIONED =
  'CREATE TABLE p (id int PRIMARY KEY, n int, UNIQUE (id) INCLUDE (n)) PARTITION BY RANGE (id);';
const NEW_PARTITION = '-- pqrun: label=one\nCREATE TABLE q PARTITION OF p DEFAULT;';

describe('a new partition', () => {
  for (const [what, before, after] of [
    ['its key', '', 'ALTER INDEX q_pkey RENAME TO k'],
    ['an index that is named after what it includes, too', '', "COMMENT ON INDEX q_id_n_key IS 'x'"],
    ['an index of another name', 'CREATE INDEX other ON p (n);', "COMMENT ON INDEX q_n_idx IS 'x'"],
    [
      'a foreign key of another table, as PostgreSQL 15 calls it',
      'CREATE TABLE r (id int REFERENCES p);',
      "COMMENT ON CONSTRAINT r_id_fkey1 ON r IS 'x'",
    ],
    [
      'a column that a foreign key is named after',
      'CREATE TABLE r (id int REFERENCES p);',
      'ALTER TABLE r RENAME COLUMN id TO other',
    ],
  ] as const)
    it(`comes before ${what}`, async () => {
      const plan = await planned(
        `${PARTITIONED}\n${before}\n${NEW_PARTITION}\n-- pqrun: label=two\n${after};`,
      );
      expect(waits(plan, 'two', 'one')).toBe(true);
      expect(plan.jobs.some(({ alone }) => alone !== undefined)).toBe(false);
    });

  it('lets others read what refers to it', async () => {
    const read = `${PARTITIONED}\nCREATE TABLE r (id int REFERENCES p);\n${NEW_PARTITION}\n-- pqrun: label=two\nSELECT * FROM r;`;
    expect(waits(await planned(read), 'two', 'one')).toBe(false);
  });
});

it('the name of statistics is free once their table has gone', async () => {
  const plan = await planned(
    'CREATE TABLE t (a int, b int); CREATE TABLE u (a int, b int); CREATE STATISTICS s ON a, b FROM t;' +
      '\n-- pqrun: label=one\nDROP TABLE t;\n-- pqrun: label=two\nCREATE STATISTICS s ON a, b FROM u;',
  );
  expect(waits(plan, 'two', 'one')).toBe(true);
});

it('a DROP of what is not known runs alone, but not IF EXISTS', async () => {
  const [known, unknown] = [await planned('DROP INDEX IF EXISTS i;'), await planned('DROP INDEX i;')];
  expect([known, unknown].map(({ jobs }) => jobs[0]?.alone !== undefined)).toEqual([false, true]);
});

it('LIKE brings names of NOT NULL constraints into another schema, which a table of the same name would choose', async () => {
  const plan = await planned(
    'CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY);' +
      '\n-- pqrun: label=one\nCREATE TABLE public.t (id serial);\n-- pqrun: label=two\nCREATE TABLE u (LIKE s.t);',
  );
  expect(waits(plan, 'two', 'one')).toBe(true);
});
