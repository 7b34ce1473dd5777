import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const SCHEMA = `
  CREATE TABLE base (a int);
  CREATE VIEW v AS SELECT * FROM base;
  CREATE VIEW w AS SELECT * FROM v;
  CREATE TABLE noted (a int);
  CREATE TABLE ruled (a int);
  CREATE RULE note AS ON INSERT TO ruled DO ALSO INSERT INTO noted VALUES (new.a);
  CREATE TABLE allowed (a int);
  CREATE TABLE guarded (a int);
  CREATE POLICY few ON guarded USING (a IN (SELECT a FROM allowed));`;

/** What views, rules and policies bring into a statement is locked when it is rewritten, although it does not run yet. */
describe('a statement that is rewritten', () => {
  const isAwaitedBy = async (statement: string, table: string): Promise<boolean> => {
    const plan = await planned(
      `${SCHEMA}\n-- pqrun: label=one\n${statement};\n-- pqrun: label=two\nTRUNCATE ${table};`,
    );
    return waits(plan, 'two', 'one');
  };

  it.each([
    ['PREPARE p AS SELECT * FROM w', 'base'],
    ['PREPARE p AS UPDATE v SET a = 1', 'base'],
    ['PREPARE p AS INSERT INTO ruled VALUES (1)', 'noted'],
    ['PREPARE p AS SELECT * FROM guarded', 'allowed'],
    ["CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM w'", 'base'],
    ['CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM w; END', 'base'],
  ])('%s: who truncates %s waits for it', async (statement, table) => {
    expect(await isAwaitedBy(statement, table)).toBe(true);
  });

  it.each([
    ['CREATE VIEW x AS SELECT * FROM w', 'base'],
    ['CREATE TABLE x AS SELECT * FROM w WITH NO DATA', 'base'],
    ['PREPARE p AS SELECT * FROM v', 'allowed'],
  ])('%s: who truncates %s does not', async (statement, table) => {
    expect(await isAwaitedBy(statement, table)).toBe(false);
  });
});
