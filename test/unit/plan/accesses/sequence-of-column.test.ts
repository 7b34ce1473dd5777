import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const TABLES =
  'CREATE TABLE t (id serial, n int); CREATE TABLE "U" (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE v (id int);';

/** What scripts write behind a load, so that the next row gets a new number. */
describe('setval(pg_get_serial_sequence(…))', () => {
  it.each([
    ["SELECT setval(pg_get_serial_sequence('t', 'id'), 9)", 'INSERT INTO t (n) VALUES (1)'],
    [
      `SELECT setval(pg_get_serial_sequence('public."U"', 'id')::regclass, 9, true)`,
      'INSERT INTO "U" DEFAULT VALUES',
    ],
    ["SELECT nextval(pg_get_serial_sequence('t'::text, 'id'))", "SELECT nextval('t_id_seq')"],
  ])('is the column’s sequence: %s', async (one, two) => {
    const plan = await planned(`${TABLES}\n-- pqrun: label=one\n${one};\n-- pqrun: label=two\n${two};`);
    expect(waits(plan, 'two', 'one')).toBe(true);
    expect(plan.jobs.some(({ alone }) => alone !== undefined)).toBe(false);
  });

  it('lets the other tables be loaded', async () => {
    const plan = await planned(
      `${TABLES}\n-- pqrun: label=one\nSELECT setval(pg_get_serial_sequence('t', 'id'), max(id)) FROM t;\n-- pqrun: label=two\nINSERT INTO v VALUES (1);`,
    );
    expect(waits(plan, 'two', 'one')).toBe(false);
  });

  it.each([
    ['no column with a sequence', "SELECT setval(pg_get_serial_sequence('v', 'id'), 9)"],
    ['a column that is called otherwise', "SELECT setval(pg_get_serial_sequence('t', 'ID'), 9)"],
    ['a table that is known only when it runs', "SELECT setval(pg_get_serial_sequence('t' || '', 'id'), 9)"],
  ])('runs alone: %s', async (_what, text) => {
    const plan = await planned(`${TABLES}\n-- pqrun: label=one\n${text};`);
    expect(plan.jobs.find(({ name }) => name === 'one')?.alone?.reason).toMatch(/^which sequence/);
  });
});
