import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const TABLES = `
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE c (a int REFERENCES a, b int, n int);
`;

/** Whether the second of two statements waits for the first, behind the tables and what else there is. */
async function holdsUp(one: string, two: string, before = ''): Promise<boolean> {
  const text = `${TABLES}${before}\n-- pqrun: label=one\n${one};\n-- pqrun: label=two\n${two};`;
  return waits(await planned(text), 'two', 'one');
}

/** What a dump has one behind another: the foreign keys of a table, and of others that lead to the same table. */
describe('a table whose foreign keys stay', () => {
  it.each([
    'ALTER TABLE c ADD FOREIGN KEY (b) REFERENCES b',
    'ALTER TABLE c ADD UNIQUE (n)',
    'ALTER TABLE c ADD CHECK (n > 0), ALTER b SET STATISTICS 10',
    'ALTER TABLE c DISABLE TRIGGER USER',
  ])('may be altered while the tables are altered that they lead to: %s', async (alter) => {
    expect(await holdsUp(alter, 'ALTER TABLE a ADD n int')).toBe(false);
  });

  it.each([
    'ALTER TABLE c DROP COLUMN a',
    'ALTER TABLE c ADD UNIQUE (n), DROP COLUMN a',
    'ALTER TABLE c DROP CONSTRAINT c_a_fkey',
    'ALTER TABLE c VALIDATE CONSTRAINT c_a_fkey',
    'ALTER TABLE c SET UNLOGGED',
  ])('and not where they go, or are looked at: %s', async (alter) => {
    expect(await holdsUp(alter, 'ALTER TABLE a ADD n int')).toBe(true);
  });
});

const SILENCED = `${TABLES}
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO b VALUES (1); RETURN NULL; END $$;
CREATE TRIGGER noted AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION noted();
ALTER TABLE c DISABLE TRIGGER ALL;
`;
const LOADS = [
  'INSERT INTO a VALUES (1);',
  'INSERT INTO b VALUES (2);',
  '-- pqrun: label=load',
  'INSERT INTO c VALUES (1, 2, 3);',
  '-- pqrun: label=before',
  'ALTER TABLE a ADD n int;',
  '-- pqrun: label=behind',
  'ALTER TABLE b ADD n int;',
].join('\n');

/** pg_dump --data-only --disable-triggers. */
describe('a table whose triggers are all disabled', () => {
  it('is loaded beside the tables that its foreign keys lead to, and that its triggers write', async () => {
    const plan = await planned(`${SILENCED}${LOADS}`);
    expect(waits(plan, 'before', 'load')).toBe(false);
    expect(waits(plan, 'behind', 'load')).toBe(false);
  });

  it('changes without what its foreign keys do to others', async () => {
    const change = ['DELETE FROM a', 'ALTER TABLE c ADD more int'] as const;
    expect(await holdsUp(...change)).toBe(true);
    expect(await holdsUp(...change, 'ALTER TABLE a DISABLE TRIGGER ALL;')).toBe(false);
  });

  it.each([
    ['are enabled again', 'ALTER TABLE c ENABLE TRIGGER ALL;'],
    ['are enabled, some of them', 'ALTER TABLE c ENABLE TRIGGER USER;'],
    ['are not alone', 'ALTER TABLE c ADD FOREIGN KEY (b) REFERENCES b;'],
    ['are made anew', 'ALTER TABLE c ALTER a TYPE bigint;'],
    ['are more', 'CREATE TRIGGER more AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION noted();'],
    [
      'are those of another table’s foreign key, too',
      'ALTER TABLE c ADD UNIQUE (b); CREATE TABLE d (b int REFERENCES c (b));',
    ],
  ])('and no longer where its triggers %s', async (_, then) => {
    const plan = await planned(`${SILENCED}${then}\n${LOADS}`);
    expect(waits(plan, 'before', 'load')).toBe(true);
  });

  it('and not where that is taken back, or may have failed', async () => {
    const disable = 'ALTER TABLE c DISABLE TRIGGER ALL;';
    const takenBack = `${SILENCED.replace(disable, `BEGIN; ${disable} ROLLBACK;`)}${LOADS}`;
    expect(waits(await planned(takenBack), 'before', 'load')).toBe(true);
    expect(waits(await planned(`${SILENCED}${LOADS}`, { keepGoing: true }), 'before', 'load')).toBe(true);
  });

  it('and not where a partition that has left it brings triggers of its own', async () => {
    const change = ['DELETE FROM a', 'ALTER TABLE part ADD n int'] as const;
    const silenced = `CREATE TABLE root (id int, a int REFERENCES a) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF root FOR VALUES FROM (0) TO (10);
ALTER TABLE a DISABLE TRIGGER ALL;`;
    expect(await holdsUp(...change, silenced)).toBe(false);
    expect(await holdsUp(...change, `${silenced}\nALTER TABLE root DETACH PARTITION part;`)).toBe(true);
  });

  it('still when enabling them is taken back', async () => {
    const plan = await planned(`${SILENCED}BEGIN; ALTER TABLE c ENABLE TRIGGER ALL; ROLLBACK;\n${LOADS}`);
    expect(waits(plan, 'before', 'load')).toBe(false);
  });
});

/** Of what is not here, test/same/kept has the proof: code and settings by which it ends. */
describe('session_replication_role', () => {
  const insert = (label: string, table = 'c'): string =>
    `-- pqrun: label=${label}\nINSERT INTO ${table} VALUES (1);\n`;
  const alter = '-- pqrun: label=alter\nALTER TABLE a ADD n int;';
  const replica = 'SET session_replication_role = replica;\n';

  it('replica: tables are loaded beside those that their foreign keys lead to', async () => {
    const plan = await planned([TABLES, `${replica}${insert('one')}`, insert('two'), alter]);
    expect(waits(plan, 'alter', 'one')).toBe(false);
    expect(waits(plan, 'alter', 'two')).toBe(true);
  });

  it('decides what statements of the same form touch', async () => {
    const inserts = 'INSERT INTO c VALUES (1);\nINSERT INTO c VALUES (2);\n';
    const plan = await planned([TABLES, `${replica}${inserts}`, inserts, alter]);
    expect(waits(plan, 'alter', 'b.sql:1')).toBe(false);
    expect(waits(plan, 'alter', 'c.sql:1')).toBe(true);
  });

  it('replica: and change without what their foreign keys do to others', async () => {
    const change = ['DELETE FROM a', 'ALTER TABLE c ADD more int'] as const;
    expect(await holdsUp(...change, replica)).toBe(false);
    expect(await holdsUp(...change)).toBe(true);
  });

  it('may have been refused', async () => {
    const plan = await planned([TABLES, `${replica}${insert('one')}`, alter], { keepGoing: true });
    expect(waits(plan, 'alter', 'one')).toBe(true);
  });

  it.each(['ALWAYS', 'REPLICA'])(
    'a trigger of a foreign key may be enabled in replicas: %s',
    async (kind) => {
      const enable = `ALTER TABLE c ENABLE ${kind} TRIGGER "RI_ConstraintTrigger_c_16390";`;
      const inserts = [
        'INSERT INTO c VALUES (1);',
        'INSERT INTO c VALUES (2);',
        enable,
        'INSERT INTO c VALUES (3);',
      ];
      const plan = await planned([TABLES, `${replica}${inserts.join('\n')}`, alter]);
      expect(waits(plan, 'alter', 'b.sql:5')).toBe(true);
    },
  );
});
