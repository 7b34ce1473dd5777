import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explain } from '../../src/api/explain.js';
import { ConnectError } from '../../src/api/server.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { ExplainOutcome, SerialReason } from '../../src/model/explain.js';
import { createDatabase, type TestDatabase } from '../database.js';

/** For each reason a statement that shows it, and the same without the cause, which does not. */

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.query(`
    CREATE TABLE big AS SELECT n, n % 10 AS k, repeat('x', 50) AS t FROM generate_series(1, 300000) n;
    CREATE TABLE small AS SELECT n FROM generate_series(1, 1000) n;
    CREATE TABLE target (n bigint);
    CREATE FUNCTION unsafe(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
    CREATE FUNCTION safe(n int) RETURNS int PARALLEL SAFE LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
    ANALYZE`);
});
afterAll(() => database.drop());

/** What becomes of the last of these statements. */
async function outcomeOf(sql: string, analyze = false): Promise<ExplainOutcome> {
  const options = { commands: [sql], connection: { dbname: database.url }, analyze };
  const { explanation } = await explain(options);
  return explanation.statements.at(-1)!.outcome;
}

async function reasonsOf(sql: string): Promise<readonly SerialReason[]> {
  const outcome = await outcomeOf(sql);
  return outcome.kind === 'serial' ? outcome.reasons : [];
}

const PARALLEL = { kind: 'parallel', planned: 2 };

it('tells the workers planned, what they do, and those launched', async () => {
  const nodes = ['Parallel Seq Scan on big', 'Partial Aggregate'];
  expect(await outcomeOf('SELECT count(*) FROM big')).toEqual({ ...PARALLEL, nodes, reasons: [] });
  expect(await outcomeOf('SELECT count(*) FROM big', true)).toMatchObject({
    ...PARALLEL,
    launched: 2,
    nodes,
  });
});

describe('by the words of the statement', () => {
  it.each([
    ['writes', 'INSERT INTO target SELECT count(*) FROM big', 'CREATE TABLE x AS SELECT count(*) FROM big'],
    ['writes', 'WITH w AS (SELECT count(*) c FROM big) INSERT INTO target SELECT c FROM w', undefined],
    ['writes', `DELETE FROM big WHERE t LIKE 'y%' RETURNING n`, `SELECT FROM big WHERE t LIKE 'y%'`],
    ['writes', `UPDATE small s SET n = 1 FROM big b WHERE b.n = s.n AND b.t LIKE 'y%'`, undefined],
    ['locks', `SELECT n FROM big WHERE t LIKE 'y%' FOR UPDATE`, `SELECT n FROM big WHERE t LIKE 'y%'`],
    ['cursor', 'DECLARE c CURSOR FOR SELECT count(*) FROM big', 'SELECT count(*) FROM big'],
  ])('%s: proved by the query without it (%s)', async (kind, sql, without) => {
    expect(await reasonsOf(sql)).toMatchObject([{ kind, proof: { kind: 'proved', together: false } }]);
    if (without !== undefined) expect(await outcomeOf(without)).toMatchObject({ kind: 'parallel' });
  });

  it('a CTE that writes, and rows without a query, are told by rule', async () => {
    const written = 'WITH w AS (INSERT INTO target VALUES (1) RETURNING n) SELECT count(*) FROM big, w';
    expect(await reasonsOf(written)).toMatchObject([{ kind: 'writing-cte', proof: { kind: 'rule' } }]);
    expect(await reasonsOf('INSERT INTO target VALUES (1)')).toMatchObject([{ kind: 'no-query' }]);
  });
});

describe('by settings', () => {
  it.each([
    ['scan-size', `SET min_parallel_table_scan_size = '1GB'`, 'SELECT count(*) FROM big'],
    ['setup-cost', 'SET parallel_setup_cost = 1e9', 'SELECT count(*) FROM big'],
    ['tuple-cost', 'SET parallel_setup_cost = 0', 'SELECT n FROM big'],
    ['workers-per-gather', 'SET max_parallel_workers_per_gather = 0', 'SELECT count(*) FROM big'],
  ])('%s: proved by changing it', async (kind, setting, sql) => {
    const reasons = await reasonsOf(`${setting}; ${sql}`);
    expect(reasons).toMatchObject([{ kind, proof: { kind: 'proved', together: false } }]);
    if (sql.includes('count')) expect(await outcomeOf(sql)).toMatchObject(PARALLEL);
  });

  it('what is a cause only together with another is told so', async () => {
    const reasons = await reasonsOf('SELECT count(*) FROM small');
    expect(reasons.map(({ kind }) => kind)).toEqual(['scan-size', 'setup-cost']);
    expect(reasons[0]).toMatchObject({
      text: expect.stringContaining('table small (') as string,
      proof: {
        change: 'min_parallel_table_scan_size = 0 and parallel_setup_cost = 0',
        together: true,
      },
    });
  });

  it('max_parallel_workers: no worker is launched', async () => {
    const sql = 'SET max_parallel_workers = 0; SELECT count(*) FROM big';
    const planned = { kind: 'parallel', planned: 2 };
    expect(await outcomeOf(sql)).toMatchObject({
      ...planned,
      reasons: [{ kind: 'max-workers', proof: { kind: 'rule' } }],
    });
    expect(await outcomeOf(sql, true)).toMatchObject({
      ...planned,
      launched: 0,
      reasons: [{ kind: 'max-workers', proof: { kind: 'proved', workers: 2 } }],
    });
  });

  it('workers that another session holds', async () => {
    const holding = database.query('SELECT count(*) FROM big WHERE n % 100000 = 1 AND pg_sleep(60) IS NULL');
    const ended = holding.catch(() => 'ended');
    const busy = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'parallel worker'`;
    await vi.waitFor(async () => expect(await database.query(busy)).toEqual([{ n: 2 }]), 10_000);
    const outcome = await outcomeOf('SET max_parallel_workers = 2; SELECT count(*) FROM big', true);
    await database.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`);
    expect(await ended).toBe('ended');
    expect(outcome).toMatchObject({
      launched: 0,
      reasons: [{ kind: 'workers-used-up', proof: { kind: 'proved', workers: 2 } }],
    });
  });

  it('a prepared statement is planned anew for each trial', async () => {
    const prepared = 'PREPARE q AS SELECT count(*) FROM big;';
    expect(
      await reasonsOf(`SET max_parallel_workers_per_gather = 0; ${prepared} EXECUTE q; EXECUTE q`),
    ).toMatchObject([{ kind: 'workers-per-gather' }]);
    expect(await outcomeOf(`${prepared} EXECUTE q`)).toMatchObject(PARALLEL);
  });
});

describe('by what is called and read', () => {
  it('a function: proved by declaring it safe, and nothing stays of that', async () => {
    const [reason, ...others] = await reasonsOf('SELECT count(*) FROM big WHERE unsafe(n) = 1');
    expect(others).toEqual([]);
    expect(reason).toMatchObject({
      kind: 'function',
      text: 'function unsafe(integer) is PARALLEL UNSAFE',
      proof: { kind: 'proved' },
    });
    expect(await outcomeOf('SELECT count(*) FROM big WHERE safe(n) = 1')).toMatchObject(PARALLEL);
    const [row] = await database.query(`SELECT proparallel AS p FROM pg_proc WHERE proname = 'unsafe'`);
    expect(row).toEqual({ p: 'u' });
  });

  it('a function that the role may not alter is not proved', async () => {
    const sql = `CREATE ROLE nobody_special; GRANT SELECT ON big TO nobody_special;
      SET ROLE nobody_special; SELECT count(*) FROM big WHERE unsafe(n) = 1`;
    expect(await reasonsOf(sql)).toMatchObject([{ kind: 'function', proof: { kind: 'unproved' } }]);
  });

  it('a function behind a view is found in the plan', async () => {
    const sql = 'CREATE VIEW v AS SELECT unsafe(n) AS u FROM big; SELECT count(*) FROM v WHERE u = 1';
    expect(await reasonsOf(sql)).toMatchObject([{ kind: 'function' }]);
  });

  it('a temporary table, by rule', async () => {
    const fill = (kind: string): string =>
      `CREATE ${kind} TABLE made (n int); SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SELECT count(*) FROM made`;
    expect(await reasonsOf(fill('TEMP'))).toMatchObject([
      { kind: 'temporary-table', proof: { kind: 'rule' } },
    ]);
    expect(await outcomeOf(fill('UNLOGGED'))).toMatchObject({ kind: 'parallel' });
  });

  it('a foreign table, by rule', async () => {
    const sql = `CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE far (n int) SERVER files OPTIONS (program 'echo 1'); SELECT count(*) FROM far`;
    expect((await reasonsOf(sql)).map(({ kind }) => kind)).toEqual(['foreign-table']);
  });

  it('what is no table has nothing to share out', async () => {
    expect(await reasonsOf('SELECT generate_series(1, 10)')).toMatchObject([{ kind: 'no-table' }]);
  });

  it.each([
    ['window', 'SELECT n, row_number() OVER (PARTITION BY k ORDER BY n) FROM big'],
    ['whole-aggregate', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM big'],
    ['whole-aggregate', 'SELECT count(DISTINCT n) FROM big'],
    ['full-join', 'SET enable_hashjoin = off; SELECT * FROM big a FULL JOIN big b USING (n)'],
  ])('%s: by rule, and what its rows cost on their way is proved (%s)', async (kind, sql) => {
    const reasons = await reasonsOf(sql);
    expect(reasons).toContainEqual(expect.objectContaining({ kind, proof: { kind: 'rule' } }));
  });
});

describe('a script', () => {
  const SCRIPT = `CREATE TABLE made AS SELECT n FROM big; BEGIN; SELECT nope; VACUUM;
    INSERT INTO made SELECT n FROM small; SELECT count(*) FROM made; COMMIT`;

  it.each([false, true])('is explained to its end and leaves nothing (analyze: %s)', async (analyze) => {
    const options = { commands: [SCRIPT], connection: { dbname: database.url }, analyze };
    const { explanation } = await explain(options);
    expect(explanation.statements.map(({ outcome }) => outcome.kind)).toEqual([
      'serial',
      'passed',
      'failed',
      'passed',
      'serial',
      // Only with --analyze the table has its rows.
      analyze ? 'parallel' : 'serial',
      'passed',
    ]);
    expect(explanation.notes).toHaveLength(analyze ? 0 : 1);
    expect(await database.query(`SELECT to_regclass('made') AS made`)).toEqual([{ made: null }]);
  });

  it('explains what REFRESH and COPY read', async () => {
    const view = 'CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM big;';
    expect(await outcomeOf(`${view} REFRESH MATERIALIZED VIEW m`)).toMatchObject(PARALLEL);
    expect(await outcomeOf('COPY (SELECT count(*) FROM big) TO STDOUT')).toMatchObject(PARALLEL);
  });

  it('copies data only with --analyze', async () => {
    const sql = 'COPY target FROM STDIN;\n1\n2\n\\.\nCREATE TABLE two AS SELECT FROM target WHERE n = 2;';
    const options = {
      commands: [`${sql} SELECT 1 / (count(*) - 1) FROM two`],
      connection: { dbname: database.url },
    };
    const planned = await explain(options);
    expect(planned.explanation.statements[0]?.outcome.kind).toBe('passed');
    const run = await explain({ ...options, analyze: true });
    expect(run.explanation.statements[0]?.outcome.kind).toBe('executed');
    // One row was found: the division fails.
    expect(run.explanation.statements.at(-1)?.outcome).toEqual({
      kind: 'failed',
      message: 'division by zero',
    });
  });

  it('rejects wrong input and a server that is not there', async () => {
    await expect(outcomeOf('SELEC 1')).rejects.toThrow(InputError);
    const nowhere = { commands: ['SELECT 1'], connection: { host: '127.0.0.1', port: '1' } };
    await expect(explain(nowhere)).rejects.toThrow(ConnectError);
  });
});
