import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { describeDatabase, type DescribeOptions } from '../../src/db/compare/describe.js';
import { compareDescriptions } from '../../src/db/compare/differences.js';
import { sampleRows } from '../../src/db/compare/sample-rows.js';
import type { DatabaseDescription } from '../../src/db/compare/description.js';
import type { Difference } from '../../src/model/difference.js';
import { createDatabase, type TestDatabase } from '../database.js';
import { BASE, CHANGES } from './compare-changes.js';

/**
 * A database, a copy of it, one change to the copy: exactly that is found. And two databases that were built alike are the same,
 * whatever their OIDs are.
 */

let admin: TestDatabase;
let original: TestDatabase;
let described: DatabaseDescription;

beforeAll(async () => {
  admin = await createDatabase();
  original = await createDatabase();
  await original.query(BASE);
  described = await on(original.url, (client) => describeDatabase(client));
});

afterAll(async () => {
  await original.drop();
  await admin.drop();
});

async function on<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** A copy of the original, changed; dropped afterwards. */
async function changed<T>(sql: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const name = `copy_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${original.name}`);
  try {
    return await on(original.url.replace(original.name, name), async (client) => {
      await client.query(sql.replaceAll('DATABASE_NAME', name));
      return await use(client);
    });
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

const differencesOf = (sql: string, options: DescribeOptions = {}): Promise<readonly string[]> =>
  changed(sql, async (client) => {
    const left =
      options.ignore === undefined
        ? described
        : await on(original.url, (one) => describeDatabase(one, options));
    return compareDescriptions(left, await describeDatabase(client, options)).map(summary);
  });

function summary(difference: Difference): string {
  const { what, object } = difference;
  switch (difference.kind) {
    case 'object':
      return `${what} ${object}: only ${difference.onlyIn}`;
    case 'facts':
      return `${what} ${object}: ${difference.facts.map(({ name }) => name).join(', ')}`;
    case 'rows':
      return `${what} ${object}: rows ${difference.left}, ${difference.right}`;
  }
}

/** Before PostgreSQL 18 NOT NULL is a property of the column alone. */
const NAMED_NOT_NULL = /constraint \w+_not_null /;

describe('one change is exactly one difference', () => {
  it.each(CHANGES)('$sql', async ({ sql, found }) => {
    const all = typeof found === 'string' ? [found] : found;
    const isOld = inject('serverVersion') < 18;
    expect(await differencesOf(sql)).toEqual(isOld ? all.filter((one) => !NAMED_NOT_NULL.test(one)) : all);
  });
});

describe('what is no difference', () => {
  it.each([
    ['nothing at all', ''],
    [
      'the order of rows',
      'CREATE TABLE o AS SELECT * FROM s.t ORDER BY a DESC; TRUNCATE s.t; INSERT INTO s.t SELECT * FROM o; DROP TABLE o',
    ],
    [
      'OIDs',
      'DROP FUNCTION s.f(int); CREATE FUNCTION s.f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT n + 1$$',
    ],
    [
      'the OIDs of large objects',
      "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; SELECT lo_from_bytea(0, 'one')",
    ],
    ['the order of privileges', 'REVOKE ALL ON s.t FROM PUBLIC; GRANT UPDATE, SELECT ON s.t TO PUBLIC'],
    [
      'settings of the session',
      'ALTER ROLE CURRENT_USER IN DATABASE DATABASE_NAME RESET ALL; SET datestyle = german',
    ],
    [
      'what newer minor releases mark columns with',
      "UPDATE pg_attribute SET attoptions = '{pg_attver=26488808}' WHERE attrelid = 's.t'::regclass AND attnum > 0",
    ],
    ['temporary tables', 'CREATE TEMP TABLE tmp AS SELECT 1'],
    ['what extensions bring', 'DROP EXTENSION hstore; CREATE EXTENSION hstore SCHEMA s'],
  ])('%s', async (_, sql) => {
    expect(await differencesOf(sql)).toEqual([]);
  });
});

describe('functions of indexes that name things without their schemas', () => {
  const INDEXED = `CREATE FUNCTION one(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
    CREATE FUNCTION two(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT public.one(n) + 1';
    CREATE TABLE indexed (n int);
    INSERT INTO indexed SELECT generate_series(1, 7);
    CREATE INDEX ON indexed (two(n));
    CREATE OR REPLACE FUNCTION two(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT one(n) + 1';`;

  it('do not keep rows from being read', async () => {
    const rows = await changed(INDEXED, async (client) => (await describeDatabase(client)).rows);
    expect(rows.get('table public.indexed')?.count).toBe(7n);
    expect(rows.get('table s.t')).toEqual(described.rows.get('table s.t'));
  });
});

describe('ignored', () => {
  it('columns and tables are not compared', async () => {
    const sql = 'UPDATE s.t SET b = b || b; DELETE FROM only_here';
    expect(await differencesOf(sql)).toHaveLength(2);
    for (const ignore of [
      ['s.t.b', 'public.only_here'],
      ['t.b', 'only_here'],
      ['t', 'only_here'],
    ])
      expect(await differencesOf(sql, { ignore })).toEqual([]);
  });

  it('names that fit nothing are told', async () => {
    const { unknown } = await on(original.url, (client) =>
      describeDatabase(client, { ignore: ['s.t.nothing', 'never', 't.a'] }),
    );
    expect(unknown).toEqual(['s.t.nothing', 'never']);
  });
});

describe('rows that only one side has', () => {
  const sample = (sql: string): ReturnType<typeof sampleRows> =>
    changed(sql, (right) =>
      on(original.url, async (left) => {
        const table = described.rows.get('table s.t')!;
        return sampleRows([left, right], { table, limit: 3, rows: table.count });
      }),
    );

  it('are told, of each side', async () => {
    expect(await sample("UPDATE s.t SET b = 'other' WHERE a = 500")).toEqual({
      left: ['(500,b500)'],
      right: ['(500,other)'],
    });
  });

  it('are counted when they are equal', async () => {
    expect(await sample('INSERT INTO s.t SELECT * FROM s.t WHERE a = 7')).toEqual({
      left: [],
      right: ['(7,b7)'],
    });
  });

  it('are not more than asked for', async () => {
    const { left, right } = await sample('UPDATE s.t SET a = a + 10000');
    expect([left.length, right.length]).toEqual([3, 3]);
  });
});
