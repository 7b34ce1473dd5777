/**
 * A fresh database for a test or for a file of tests, on the server of test/server.ts.
 *
 *     import { test } from '../database.js';
 *     test('counts', async ({ database }) => { … await database.query('SELECT 1') … });
 *
 * or createDatabase() in beforeAll and drop() in afterAll. Queries of a test use a connection of their own each, so
 * that `backends` shows only what the program under test left behind.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, test as base } from 'vitest';
import type { ServerAccess } from './server.js';

export interface TestDatabase {
  readonly name: string;
  /** `postgresql://user:password@host:port/name` */
  readonly url: string;
  /** PG* variables, for child processes. */
  readonly env: Readonly<Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGPASSWORD' | 'PGDATABASE', string>>;
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Ends what tests have left connected. Throws when pqrun has left something. */
  drop(): Promise<void>;
}

export type Row = Record<string, unknown>;

/** One session of the server, as pg_stat_activity shows it. */
export interface Backend {
  readonly pid: number;
  readonly application: string;
  readonly state: string | null;
  readonly query: string;
}

export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('server');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await queryOnce(server, `CREATE DATABASE ${name}`);
  const access = { ...server, database: name };
  const { host, port, user, password } = server;
  return {
    name,
    url: `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${name}`,
    env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name },
    query: (sql, values = []) => queryOnce(access, sql, values),
    drop: async () => {
      await untilLeft(name);
      await queryOnce(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** The sessions of a database: a run that ended cleanly leaves none. */
export async function backends(databaseName: string): Promise<Backend[]> {
  const rows = await queryOnce(
    inject('server'),
    `SELECT pid, application_name AS application, state, query
       FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend' ORDER BY pid`,
    [databaseName],
  );
  // The columns of the query above, with pg's types for them.
  return rows as unknown as Backend[];
}

/** Sessions of pqrun end with it; of one that was killed, once the server has noticed. */
async function untilLeft(databaseName: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const left = (await backends(databaseName)).filter(({ application }) => application.startsWith('pqrun'));
    if (left.length === 0) return;
    if (performance.now() > end) throw new Error(`sessions are left: ${JSON.stringify(left)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Milliseconds. */
const PATIENCE = 10_000;

/** vitest's `test` with a database for each test, dropped afterwards. */
export const test = base.extend<{ database: TestDatabase }>({
  // vitest wants a destructured first parameter: it reads from it what the fixture depends on.
  // eslint-disable-next-line no-empty-pattern
  database: async ({}, use) => {
    const database = await createDatabase();
    try {
      await use(database);
    } finally {
      await database.drop();
    }
  },
});

async function queryOnce(access: ServerAccess, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ ...access, ssl: false });
  await client.connect();
  try {
    // Several statements in one string (only without values) give a list of results: the last one counts.
    const answer: unknown = await client.query<Row>(sql, [...values]);
    const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryResult<Row>[];
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}
