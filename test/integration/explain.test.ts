import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { explain } from '../../src/api/explain.js';
import { ConnectError } from '../../src/api/server.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { ExplainOutcome, SerialReason } from '../../src/model/explain.js';
import { createDatabase, type TestDatabase } from '../database.js';
import { outcomeOf as outcomeOn, reasonsOf as reasonsOn, SCHEMA } from './explain-rig.js';

/** What is told of statements and scripts. Each reason has its test in explain-reasons.test.ts. */

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.query(SCHEMA);
});
afterAll(() => database.drop());

const outcomeOf = (sql: string, analyze = false): Promise<ExplainOutcome> =>
  outcomeOn(database, sql, analyze);
const reasonsOf = (sql: string): Promise<readonly SerialReason[]> => reasonsOn(database, sql);

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

describe('by settings', () => {
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

  it('without such a cause as many workers are launched as are planned', async () => {
    expect(await outcomeOf('SELECT count(*) FROM big')).toMatchObject({ ...PARALLEL, reasons: [] });
    expect(await outcomeOf('SELECT count(*) FROM big', true)).toMatchObject({
      ...PARALLEL,
      launched: 2,
      reasons: [],
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
    await vi.waitFor(async () => expect(await database.query(busy)).toEqual([{ n: 0 }]), 10_000);
    expect(await outcomeOf('SET max_parallel_workers = 2; SELECT count(*) FROM big', true)).toMatchObject({
      launched: 2,
      reasons: [],
    });
  });

  it('what not even max_parallel_workers explains is not called proved', async () => {
    const holding = database.query(
      'SET max_parallel_workers_per_gather = 8; SELECT count(*) FROM greedy WHERE pg_sleep(61) IS NULL',
    );
    const ended = holding.catch(() => 'ended');
    const busy = `SELECT count(*) > 6 AS busy FROM pg_stat_activity WHERE backend_type = 'parallel worker'`;
    await vi.waitFor(async () => expect(await database.query(busy)).toEqual([{ busy: true }]), 10_000);
    const outcome = await outcomeOf('SELECT count(*) FROM big', true);
    await database.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND query LIKE '%pg_sleep(61)%' AND pid <> pg_backend_pid()`);
    expect(await ended).toBe('ended');
    expect(outcome).toMatchObject({
      reasons: [
        {
          kind: 'workers-used-up',
          proof: { kind: 'unproved', why: expect.stringContaining('max_worker_processes') as string },
        },
      ],
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
    const builtIn = sql.replace('unsafe(n)', `currval('s')`);
    expect(await reasonsOf(builtIn)).toMatchObject([
      {
        kind: 'function',
        fix: expect.stringContaining('leave it out') as string,
        proof: { kind: 'unproved' },
      },
    ]);
    expect(await outcomeOf(sql.replace('unsafe', 'safe'))).toMatchObject(PARALLEL);
  });

  it('a trial never waits long for what somebody else has locked', async () => {
    const locker = new pg.Client({ connectionString: database.url });
    await locker.connect();
    try {
      await locker.query('BEGIN; ALTER FUNCTION unsafe(int) COST 7');
      expect(await reasonsOf('SELECT count(*) FROM big WHERE unsafe(n) = 1')).toMatchObject([
        {
          kind: 'function',
          proof: { kind: 'unproved', why: expect.stringMatching(/lock timeout/) as string },
        },
      ]);
    } finally {
      await locker.end();
    }
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

  it('in one message are explained each by itself, in their places', async () => {
    const sql = `CREATE TABLE "a;b" (n int) \\; SELECT ';' AS "é;" -- no; end\n \\;\n  SELECT count(*) FROM big \\; COPY target FROM STDIN;\n1\n\\.\n`;
    const { explanation } = await explain({ commands: [sql], connection: { dbname: database.url } });
    expect(
      explanation.statements.map(({ place, verb, outcome }) => [
        place.line,
        place.column,
        verb,
        outcome.kind,
      ]),
    ).toEqual([
      [1, 1, 'CREATE', 'executed'],
      [1, 31, 'SELECT', 'serial'],
      [3, 3, 'SELECT', 'parallel'],
      [3, 31, 'COPY', 'passed'],
    ]);
  });

  it('its transactions are not begun, SERIALIZABLE or not', async () => {
    const begun = 'BEGIN ISOLATION LEVEL SERIALIZABLE; SET TRANSACTION READ ONLY; SELECT count(*) FROM big';
    expect(await outcomeOf(begun)).toMatchObject(PARALLEL);
    const { explanation } = await explain({ commands: [begun], connection: { dbname: database.url } });
    expect(explanation.statements[1]?.outcome.kind).toBe('passed');
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
