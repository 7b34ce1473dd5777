import { expect, it } from 'vitest';
import { planned } from '../accesses/planned.js';

/** Which statements share a session for the sake of a value that was drawn: as few as there can be. */

const TABLES = `CREATE TABLE a (id serial, n int);
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY, n int);
CREATE TABLE c (n bigint);
CREATE SEQUENCE s;
`;
const BEFORE = 4;

/** The lines of the jobs of more than one statement behind the tables, from 1. */
async function together(...lines: readonly string[]): Promise<readonly (readonly number[])[]> {
  const { jobs } = await planned(`${TABLES}${lines.join('\n')}`);
  return jobs
    .filter(({ steps }) => steps.length > 1)
    .map(({ steps }) => steps.map(({ place }) => place.line - BEFORE));
}

const ROW = 'INSERT INTO a (n) VALUES (1);';
const ASK = "INSERT INTO c VALUES (currval('a_id_seq'));";
const OTHER = 'CREATE INDEX ON b (n);';

it.each<[string, readonly string[], readonly (readonly number[])[]]>([
  ['who asks, and who drew before', [ROW, ASK], [[1, 2]]],
  [
    'each pair for itself',
    [ROW, ASK, OTHER, ROW, ASK],
    [
      [1, 2],
      [4, 5],
    ],
  ],
  ['what stands between', [ROW, OTHER, ASK], [[1, 2, 3]]],
  ['not what drew before', [ROW, OTHER, ROW, ASK], [[3, 4]]],
  ['all who ask', [ROW, ASK, OTHER, ASK], [[1, 2, 3, 4]]],
  [
    'draws that may be none, and those before them',
    [ROW, OTHER, 'INSERT INTO a (n) SELECT n FROM c;', ASK],
    [[1, 2, 3, 4]],
  ],
  ['draws of other sequences', ['INSERT INTO b (n) VALUES (1);', ROW, ASK], [[2, 3]]],
  ['not those whose number is given', [ROW, 'INSERT INTO a VALUES (1, 1);', ASK], [[1, 2, 3]]],
  ['nextval by itself', [ROW, "SELECT nextval('a_id_seq');", ASK], [[2, 3]]],
  ['nextval for rows that may be none', [ROW, "SELECT nextval('a_id_seq') FROM c;", ASK], [[1, 2, 3]]],
  ['lastval: the last of all', [ROW, OTHER, 'INSERT INTO b (n) VALUES (1);', 'SELECT lastval();'], [[3, 4]]],
  [
    'a sequence that is known when it runs',
    [ROW, OTHER, "SELECT nextval('s');", "SELECT currval('a_' || 'id_seq');"],
    [[1, 2, 3, 4]],
  ],
  [
    'pg_get_serial_sequence',
    [ROW, 'INSERT INTO b (n) VALUES (1);', "SELECT currval(pg_get_serial_sequence('b', 'id'));"],
    [[2, 3]],
  ],
  [
    'rows that a rule may turn away',
    ['CREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING;', ROW, ASK],
    [[2, 3]],
  ],
  ['blocks that it reaches into', ['BEGIN;', ROW, 'COMMIT;', OTHER, ASK], [[1, 2, 3, 4, 5]]],
  [
    'asking in a function',
    [
      "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT currval(''a_id_seq'')';",
      ROW,
      'INSERT INTO c VALUES (f());',
    ],
    [[2, 3]],
  ],
])('%s', async (_, lines, expected) => {
  expect(await together(...lines)).toEqual(expected);
});

it('does not take long where many ask', async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => [
    ROW,
    ASK,
    `CREATE TABLE t${index} (n int);`,
  ]).flat();
  const began = performance.now();
  expect(await together(...lines)).toHaveLength(2000);
  expect(performance.now() - began).toBeLessThan(20_000);
});
