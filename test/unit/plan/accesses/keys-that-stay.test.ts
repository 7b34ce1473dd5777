import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const TABLES = `
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE c (a int REFERENCES a, b int, n int);
`;

/** What a dump has one behind another: the foreign keys of a table, and of others that lead to the same table. */
describe('a table whose foreign keys stay', () => {
  it.each([
    'ALTER TABLE c ADD FOREIGN KEY (b) REFERENCES b',
    'ALTER TABLE c ADD UNIQUE (n)',
    'ALTER TABLE c ADD CHECK (n > 0), ALTER b SET STATISTICS 10',
    'ALTER TABLE c DISABLE TRIGGER USER',
  ])('may be altered while the tables are altered that they lead to: %s', async (alter) => {
    const plan = await planned(
      `${TABLES}\n-- pqrun: label=one\n${alter};\n-- pqrun: label=two\nALTER TABLE a ADD n int;`,
    );
    expect(waits(plan, 'two', 'one')).toBe(false);
  });

  it.each([
    'ALTER TABLE c DROP COLUMN a',
    'ALTER TABLE c ADD UNIQUE (n), DROP COLUMN a',
    'ALTER TABLE c DROP CONSTRAINT c_a_fkey',
    'ALTER TABLE c VALIDATE CONSTRAINT c_a_fkey',
    'ALTER TABLE c SET UNLOGGED',
  ])('and not where they go, or are looked at: %s', async (alter) => {
    const plan = await planned(
      `${TABLES}\n-- pqrun: label=one\n${alter};\n-- pqrun: label=two\nALTER TABLE a ADD n int;`,
    );
    expect(waits(plan, 'two', 'one')).toBe(true);
  });
});
