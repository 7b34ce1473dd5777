import { describe, expect, it } from 'vitest';
import { planned } from './planned.js';

/** Whether the last statement of a script may stand in one message with others. */
async function shares(script: string): Promise<boolean> {
  const { jobs } = await planned(script);
  return jobs.at(-1)?.sharesMessage === true;
}

const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz);';
const FUNCTION = 'CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT n $$;';
const TRIGGER_FUNCTION =
  'CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;';
const INSERT = "INSERT INTO t VALUES (1, 'one', NULL);";

describe('rows of constants may', () => {
  it.each([
    ['as they are', `${TABLE} ${INSERT}`],
    ['several', `${TABLE} INSERT INTO t VALUES (1, 'one', NULL), (-2, 'two', '2024-01-01');`],
    ['of some columns', `${TABLE} INSERT INTO t (name, id) VALUES ('one', 1);`],
    ['with a default that is not taken', `${TABLE} ALTER TABLE t ALTER at SET DEFAULT now(); ${INSERT}`],
    [
      'with foreign keys',
      `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES p); INSERT INTO t VALUES (1);`,
    ],
    ['with a check of operators', `CREATE TABLE t (id int CHECK (id > 0)); INSERT INTO t VALUES (1);`],
  ])('%s', async (_, script) => expect(await shares(script)).toBe(true));
});

describe('not so where something might tell', () => {
  it.each([
    ['a function', `${TABLE} INSERT INTO t VALUES (1, current_query(), NULL);`],
    ['the clock', `${TABLE} INSERT INTO t VALUES (1, 'one', now());`],
    ['the clock in a cast', `${TABLE} INSERT INTO t VALUES (1, 'one', 'now'::timestamptz);`],
    ['a query', `${TABLE} INSERT INTO t SELECT 1, 'one', NULL;`],
    ['a default', `${TABLE} ALTER TABLE t ALTER at SET DEFAULT now(); INSERT INTO t VALUES (1, 'one');`],
    ['a default by its word', `${TABLE} INSERT INTO t VALUES (1, 'one', DEFAULT);`],
    ['a serial number', `CREATE TABLE t (id serial, n int); INSERT INTO t (n) VALUES (1);`],
    [
      'a trigger',
      `${TABLE} ${TRIGGER_FUNCTION} CREATE TRIGGER note BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note(); ${INSERT}`,
    ],
    [
      'a rule',
      `${TABLE} CREATE TABLE u (q text); CREATE RULE note AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (current_query()); ${INSERT}`,
    ],
    ['a policy', `${TABLE} CREATE POLICY p ON t USING (current_query() <> ''); ${INSERT}`],
    ['a view', `${TABLE} CREATE VIEW v AS SELECT * FROM t; INSERT INTO v VALUES (1, 'one', NULL);`],
    [
      'a partition',
      `CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE u PARTITION OF t DEFAULT; INSERT INTO u VALUES (1);`,
    ],
    [
      'partitions',
      `CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE u PARTITION OF t DEFAULT; INSERT INTO t VALUES (1);`,
    ],
    [
      'a generated column',
      `CREATE TABLE t (id int, twice int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t (id) VALUES (1);`,
    ],
    [
      'a domain',
      `CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (id d); INSERT INTO t VALUES (1);`,
    ],
    [
      'a check that calls',
      `${FUNCTION} CREATE TABLE t (id int CHECK (f(id) > 0)); INSERT INTO t VALUES (1);`,
    ],
    [
      'an index that calls',
      `${FUNCTION} CREATE TABLE t (id int); CREATE INDEX ON t (f(id)); INSERT INTO t VALUES (1);`,
    ],
    ['RETURNING', `${TABLE} INSERT INTO t VALUES (1, 'one', NULL) RETURNING id;`],
    ['ON CONFLICT', `${TABLE} INSERT INTO t VALUES (1, 'one', NULL) ON CONFLICT DO NOTHING;`],
    ['a table that nobody knows', `INSERT INTO unknown.t VALUES (1);`],
    ['an UPDATE', `${TABLE} UPDATE t SET name = 'x';`],
    ['a SELECT', `${TABLE} SELECT 1;`],
  ])('%s', async (_, script) => expect(await shares(script)).toBe(false));
});

describe('definitions that look at no rows', () => {
  it.each([
    'CREATE TABLE t (id int DEFAULT 1)',
    'CREATE VIEW v AS SELECT now() AS at',
    "COMMENT ON SCHEMA public IS 'x'",
  ])('%s may', async (definition) => expect(await shares(`${definition};`)).toBe(true));

  it('may not where an event trigger would be told', async () => {
    const handler =
      'CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (current_query()); END $$;';
    const trigger = 'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e();';
    expect(await shares(`CREATE TABLE log (q text); ${handler} ${trigger} CREATE TABLE t (id int);`)).toBe(
      false,
    );
  });

  it.each(['CREATE INDEX ON t (id)', 'ALTER TABLE t ADD CHECK (id > 0)', 'CREATE TABLE u AS SELECT 1'])(
    '%s is none of them',
    async (statement) => expect(await shares(`${TABLE} ${statement};`)).toBe(false),
  );
});
