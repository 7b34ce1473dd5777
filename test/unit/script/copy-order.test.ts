import { beforeAll, describe, expect, it } from 'vitest';
import { CopyOrder } from '../../../src/script/copy-order.js';
import type { Node } from 'libpg-query';
import { loadParser, type Parser } from '../../../src/script/syntax.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** What is found about the last statement, a COPY, behind the others. */
function splitOf(...statements: readonly string[]): string | undefined {
  const order = new CopyOrder(parser);
  return statements.map((text) => order.take(nodesOf(text), text)).at(-1);
}

function nodesOf(text: string): readonly Node[] {
  const parsed = parser.parse(text);
  if (parsed.kind !== 'parsed' || parsed.nodes[0] === undefined) throw new Error(`no SQL: ${text}`);
  return parsed.nodes;
}

const TABLE =
  'CREATE TABLE s.t (id int PRIMARY KEY, a text CHECK (length(a) < 9), g int GENERATED ALWAYS AS (id * 2) STORED)';
const COPY = 'COPY s.t (id, a) FROM stdin';

describe('the rows of a COPY may come in any order', () => {
  it.each([
    [[TABLE, COPY]],
    [[TABLE, 'COPY s.t FROM stdin']],
    [[TABLE, 'COPY s.t (a, id) FROM stdin (FORMAT text, HEADER false)']],
    [['CREATE TABLE s.t (id serial, a text)', COPY]],
    [['CREATE TABLE t (id int, a text)', 'COPY t (id, a) FROM stdin']],
    [
      [
        TABLE,
        'ALTER TABLE s.t OWNER TO x',
        "ALTER TABLE ONLY s.t ALTER COLUMN id SET DEFAULT nextval('s.q')",
        COPY,
      ],
    ],
    [[TABLE, 'ALTER TABLE ONLY s.t ADD CONSTRAINT u UNIQUE (a)', COPY]],
    [[TABLE, "SELECT pg_catalog.set_config('search_path', '', false)", COPY]],
    [
      [
        TABLE,
        "SELECT pg_catalog.setval('s.q', 5, true)",
        'CREATE INDEX ON s.t (a)',
        'COMMENT ON TABLE s.t IS $$x$$',
        COPY,
      ],
    ],
    [[TABLE, 'INSERT INTO s.other VALUES (1, now())', 'CREATE VIEW s.v AS SELECT 1', 'SET x.y = 1', COPY]],
    [[TABLE, 'CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS $$begin end$$', COPY]],
  ])('%s', (statements) => expect(splitOf(...statements)).toBe('safe'));
});

describe('only the author knows', () => {
  it.each([
    [[COPY]],
    [[TABLE, 'COPY s.other (id) FROM stdin']],
    // A column is not in the data: its default draws the order.
    [['CREATE TABLE s.t (id serial, a text, at timestamp DEFAULT now())', COPY]],
    [['CREATE TABLE s.t (a text, id int GENERATED ALWAYS AS IDENTITY)', 'COPY s.t (a) FROM stdin']],
    // Rows may refer to each other, exclude each other, or be seen by something.
    [['CREATE TABLE s.t (id int PRIMARY KEY, a int REFERENCES s.t)', COPY]],
    [['CREATE TABLE s.t (id int, a text, FOREIGN KEY (id) REFERENCES s.u)', COPY]],
    [['CREATE TABLE s.t (id int, a text, EXCLUDE (id WITH =))', COPY]],
    [['CREATE TABLE s.t (id int, a text CHECK (s.f(a)))', COPY]],
    [[TABLE, 'ALTER TABLE s.t ADD FOREIGN KEY (id) REFERENCES s.u', COPY]],
    [[TABLE, 'ALTER TABLE s.t ADD COLUMN more int DEFAULT 1', COPY]],
    [[TABLE, 'CREATE TRIGGER g BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f()', COPY]],
    [[TABLE, 'CREATE RULE r AS ON INSERT TO s.t DO ALSO NOTIFY x', COPY]],
    // Anything may have been made by code of the user.
    [[TABLE, 'DO $$begin end$$', COPY]],
    [[TABLE, 'CALL s.p()', COPY]],
    [[TABLE, 'SELECT s.make_triggers()', COPY]],
    [[TABLE, 'SELECT make_triggers()', COPY]],
    [[TABLE, 'INSERT INTO s.log SELECT s.f()', COPY]],
    [[TABLE, 'INSERT INTO s.log VALUES (s.f())', COPY]],
    [[TABLE, 'DROP TABLE s.t', COPY]],
    [[TABLE, 'ALTER TABLE s.t RENAME TO u', COPY]],
    [['CREATE TABLE s.t (LIKE s.u INCLUDING ALL)', COPY]],
    [['CREATE TABLE s.t () INHERITS (s.u)', COPY]],
    [['CREATE TABLE s.t PARTITION OF s.u DEFAULT', COPY]],
    // The name may mean another table by then.
    [['CREATE TABLE t (id int, a text)', 'SET search_path = x', 'COPY t FROM stdin']],
    [
      [
        'CREATE TABLE t (id int, a text)',
        "SELECT set_config('search_path', 'x', false)",
        'COPY t FROM stdin',
      ],
    ],
  ])('%s', (statements) => expect(splitOf(...statements)).toBe('unknown'));
});

describe('rows do not end at line feeds', () => {
  it.each([
    'COPY s.t FROM stdin CSV',
    'COPY s.t FROM stdin (FORMAT csv)',
    'COPY s.t FROM stdin (FORMAT binary)',
    'COPY s.t FROM stdin (HEADER)',
    'COPY s.t FROM stdin (HEADER match)',
    'COPY s.t FROM stdin (ON_ERROR ignore)',
    'SELECT 1',
  ])('%s', (copy) => expect(splitOf(TABLE, copy)).toBeUndefined());
});

it('a statement that is not understood may have done anything', () => {
  const order = new CopyOrder(parser);
  order.take(nodesOf(TABLE), TABLE);
  order.take(undefined, 'SELECT 1 FROM');
  expect(order.take(nodesOf(COPY), COPY)).toBe('unknown');
});

it('nothing is looked at before a COPY wants to know', () => {
  const texts: string[] = [];
  const order = new CopyOrder({ parse: (text) => (texts.push(text), parser.parse(text)) });
  for (const text of ['SELECT f()', TABLE, 'COMMENT ON TABLE s.t IS $$x$$']) order.take(nodesOf(text), text);
  expect(texts).toEqual([]);
  expect(order.take(nodesOf(COPY), COPY)).toBe('safe');
  // What stands in front of the first table cannot matter.
  expect(texts).toEqual([TABLE, 'COMMENT ON TABLE s.t IS $$x$$']);
  expect(order.take(nodesOf(COPY), COPY)).toBe('safe');
  expect(texts.slice(2)).toEqual([COPY]);
});
