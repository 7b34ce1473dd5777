import { describe, expect, it } from 'vitest';
import { planFigures } from '../../../../src/plan/plan-figures.js';
import { planned } from '../accesses/planned.js';

/** Why statements are one job, and which are not, although code stands between them of which much is unknown. */

const TABLES = 'CREATE TABLE a (n serial, m int);\nCREATE TABLE b (n int);\n';

async function reasons(text: string): Promise<readonly (string | undefined)[]> {
  const { jobs } = await planned(text);
  return jobs
    .filter(({ steps }) => steps.length > 1)
    .map(({ together }) =>
      together === undefined
        ? undefined
        : [together.reason, together.because, together.remedy].filter((one) => one !== undefined).join('; '),
    );
}

describe('why statements are one job', () => {
  const MOVE = 'move what does not need that session to another script';

  it.each([
    [
      'a block',
      'BEGIN; CREATE TABLE c (n int); CREATE INDEX ON b (n); COMMIT;',
      'one transaction block; leave out its BEGIN and COMMIT, if its statements need not be all or nothing',
    ],
    ['a block of one statement', 'BEGIN; CREATE INDEX ON b (n); COMMIT;', 'one transaction block'],
    [
      'a temporary table',
      'CREATE TEMP TABLE t (n int);\nINSERT INTO b SELECT n FROM t;',
      `one session; a.sql:3:1 makes what only its session has; ${MOVE}`,
    ],
    [
      'the value drawn last',
      "INSERT INTO a (m) VALUES (1);\nINSERT INTO b VALUES (currval('a_n_seq'));",
      `one session; a.sql:3:1 draws a value that is asked for later; ${MOVE}`,
    ],
    [
      'dynamic SQL',
      "DO $$ BEGIN EXECUTE 'SELECT ' || 1; END $$;\nSELECT 1;",
      'one session; a.sql:3:1 runs code that may leave anything in its session; -- pqrun: reads=… writes=… says what it touches',
    ],
    ['rows for one table', 'INSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);', 'small and alike'],
    [
      'rows that draw numbers',
      'INSERT INTO a (m) VALUES (1);\nINSERT INTO a (m) VALUES (2);',
      'each of which waits for the one before it',
    ],
    ['a setting and what follows it', "SET datestyle = 'ISO';\nCREATE INDEX ON b (n);", undefined],
  ])('%s', async (_, text, told) => {
    expect(await reasons(`${TABLES}${text}`)).toEqual([told]);
  });

  it('is told of the author, too', async () => {
    expect(await reasons(`-- pqrun: file session\n${TABLES}`)).toEqual([
      'one session; its author asks for it: -- pqrun: file session',
    ]);
  });

  it('is told of the critical path where there is much to gain', async () => {
    const block = `BEGIN; ${'INSERT INTO b VALUES (1); '.repeat(20)}COMMIT;`;
    const plan = await planned(`${TABLES}${block}`);
    const { joined } = planFigures(plan);
    expect(joined.map(({ job }) => plan.jobs[job]?.name)).toEqual(['a.sql:3']);
    expect(joined[0]?.share).toBeGreaterThan(0.9);
  });
});

describe('definitions in code', () => {
  const REST = 'CREATE TABLE c (n int);\nCREATE TABLE d (n int);\n';
  const FUNCTION =
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE current_user; RETURN 1; END $$;';
  const jobs = async (code: string): Promise<number> => {
    const plan = await planned(`${TABLES}${FUNCTION}\n${code}\n${REST}`);
    return plan.jobs.filter(({ steps }) => steps.length > 0).length;
  };

  it.each([
    'DO $$ BEGIN ALTER TABLE b ADD CONSTRAINT c1 UNIQUE (n); EXCEPTION WHEN duplicate_table THEN NULL; END $$;',
    "DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$;",
    'DO $$ BEGIN CREATE INDEX ON b (n); DROP TRIGGER IF EXISTS t ON b; END $$;',
    'DO $$ BEGIN CREATE TABLE e (n int DEFAULT 1); END $$;',
  ])('leave the rest of a script in several sessions: %s', async (code) => {
    expect(await jobs(code)).toBe(6);
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON b EXECUTE FUNCTION f();', 'INSERT INTO b VALUES (1);'],
    ['a switched trigger', 'ALTER TABLE b ENABLE TRIGGER t;', 'INSERT INTO b VALUES (1);'],
    ['a rule', 'CREATE RULE r AS ON DELETE TO b DO NOTHING;', 'DELETE FROM b;'],
    ['triggers of a parent', 'CREATE TABLE e () INHERITS (b);', 'INSERT INTO e VALUES (1);'],
    ['a partition', 'ALTER TABLE a ATTACH PARTITION b DEFAULT;', 'INSERT INTO b VALUES (1);'],
    ['a view', 'CREATE VIEW v AS SELECT n FROM b;', 'INSERT INTO v VALUES (1);'],
    ['a function', 'CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1;', 'SELECT g();'],
    ['another function of a name', 'DROP FUNCTION f();', 'SELECT f();'],
    ['another table of a name', 'ALTER TABLE b RENAME TO e;', 'SELECT * FROM e;'],
    ['a table that is gone', 'DROP TABLE b;', 'SELECT * FROM b;'],
  ])('tie only what may run other code since, and what is behind it: %s', async (_, definition, use) => {
    const code = `DO $$ BEGIN ${definition} END $$;`;
    expect(await jobs(code)).toBe(6);
    expect(await jobs(`${code}\nCREATE INDEX ON a (m);\n${use}`)).toBe(6);
  });

  it('leave reading free of triggers', async () => {
    const code = 'DO $$ BEGIN CREATE TRIGGER t AFTER INSERT ON b EXECUTE FUNCTION f(); END $$;';
    expect(await jobs(`${code}\nSELECT * FROM b;`)).toBe(7);
  });

  it.each([
    ['temporary objects', 'CREATE TEMP TABLE e (n int);'],
    ['what else goes', 'DROP TYPE IF EXISTS mood CASCADE;'],
    ['a cast', 'CREATE CAST (mood AS text) WITH FUNCTION f(mood);'],
    ['a default of which nobody knows what it does', 'ALTER TABLE b ADD m int DEFAULT f();'],
    ['a text', "EXECUTE 'CREATE TABLE e' || '()'; CREATE INDEX ON b (n);"],
  ])('tie the rest of a script because of %s', async (_, definition) => {
    expect(await jobs(`DO $$ BEGIN ${definition} END $$;`)).toBe(4);
  });
});
