import { expect, it } from 'vitest';
import { planned, waits } from './planned.js';

/** PostgreSQL 16 and later refuse it, so that no program that is run can show it everywhere. */
it('a rule ON SELECT makes a table a view, whose rows are those of what it reads', async () => {
  const plan = await planned(
    `CREATE TABLE base (a int); CREATE TABLE t (a int);
    CREATE RULE "_RETURN" AS ON SELECT TO t DO INSTEAD SELECT * FROM base;
    -- pqrun: label=one
    INSERT INTO t VALUES (1);
    -- pqrun: label=two
    UPDATE base SET a = 2;
    -- pqrun: label=three
    SELECT * FROM t;`,
  );
  expect(waits(plan, 'two', 'one')).toBe(true);
  expect(waits(plan, 'three', 'two')).toBe(true);
});
