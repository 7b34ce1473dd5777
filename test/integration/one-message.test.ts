import pg from 'pg';
import { describe, expect } from 'vitest';
import { Ahead } from '../../src/db/ahead.js';
import { PipelineQuery } from '../../src/db/pipeline-query.js';
import { NOBODY } from '../../src/db/result-taker.js';
import type { Answer } from '../../src/db/statement-query.js';
import { test, type TestDatabase } from '../database.js';

/** Statements in one Query message are answered as they would be apart. */

const BEFORE =
  'CREATE TABLE t (n int PRIMARY KEY, v text); CREATE TABLE c (n int REFERENCES t DEFERRABLE INITIALLY DEFERRED)';

interface Sent {
  readonly answers: readonly Answer[];
  /** How many were answered, whenever that was told. */
  readonly told: readonly number[];
  readonly rows: readonly unknown[];
}

/** On an empty table; a block that a failure leaves open is rolled back. */
async function send(database: TestDatabase, texts: readonly string[], sharesMessage: boolean): Promise<Sent> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(`DROP TABLE IF EXISTS c, t; ${BEFORE}`);
    const statements = texts.map((text) => ({ text, hasRows: false, isAlone: true, sharesMessage }));
    const told: number[] = [];
    const listener = { answered: (count: number) => told.push(count), taker: () => NOBODY };
    const answers = await new Ahead().pipeline(client, new PipelineQuery(statements, listener), true);
    if (answers.some(({ failure }) => failure !== undefined)) await client.query('ROLLBACK');
    const { rows } = await client.query('SELECT n, v FROM t ORDER BY n');
    return { answers, told, rows };
  } finally {
    await client.end();
  }
}

const MANY = Array.from({ length: 20 }, (_, n) => `INSERT INTO t VALUES (${n}, 'row ${n}');`);

describe('in one message and apart', () => {
  test.for([
    ['all is well', MANY],
    ['one alone', MANY.slice(0, 1)],
    [
      'a key is there twice',
      [...MANY, "INSERT INTO t VALUES (3, 'again');", "INSERT INTO t VALUES (99, 'behind');"],
    ],
    ['a column is unknown', [...MANY, 'INSERT INTO t (n, nothing) VALUES (30, 1);', ...MANY]],
    ['a value is none', ["INSERT INTO t VALUES (1, 'ü😀');", "INSERT INTO t VALUES ('😀', 'two');", ...MANY]],
    ['the first fails', ["INSERT INTO t VALUES ('x', 'y');", ...MANY]],
    ['a commit fails', [...MANY, 'INSERT INTO c VALUES (1000);', "INSERT INTO t VALUES (99, 'behind');"]],
    [
      'the server does not understand one',
      [...MANY, "INSERT INTO t VALUES (99, 'x') AND SO ON;", "INSERT INTO t VALUES (100, 'behind');"],
    ],
    ['comments', ['/* a; */ INSERT INTO t VALUES (1) -- ; b\n;', 'INSERT INTO t VALUES (2) /* c */;']],
  ] as const)('the same is told: %s', async ([, texts], { database }) => {
    const together = await send(database, texts, true);
    expect(together).toEqual(await send(database, texts, false));
    const failed = together.answers.findIndex(({ failure }) => failure !== undefined);
    expect(together.told.length).toBe(failed < 0 ? texts.length : failed);
  });
});

test('statements in one message are transactions of their own, in one message', async ({ database }) => {
  const { rows } = await send(database, MANY, true);
  expect(rows.length).toBe(MANY.length);
  const [row] = await database.query('SELECT count(DISTINCT xmin::text)::int AS transactions FROM t');
  expect(row).toEqual({ transactions: MANY.length });
});
