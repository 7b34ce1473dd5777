import { run, type RunEvent, type RunOptions } from 'pqrun';
import { describe, expect } from 'vitest';
import { test, type TestDatabase } from '../database.js';

/** What sessions are told about the server's own parallel workers, on a real server. */

const GATHER = "current_setting('max_parallel_workers_per_gather')";
const MAINTENANCE = "current_setting('max_parallel_maintenance_workers')";
const ASK = `SELECT ${GATHER}, ${MAINTENANCE}`;

interface Told {
  /** Rows without their padding, in the written order. */
  readonly results: readonly string[];
  /** In the written order. */
  readonly granted: readonly (number | undefined)[];
}

async function runOn(database: TestDatabase, options: RunOptions): Promise<Told> {
  const starts: Extract<RunEvent, { type: 'job-started' }>[] = [];
  let output = '';
  const { status, failures } = await run({
    order: 'none',
    print: { format: 'csv', tuplesOnly: true },
    connection: { dbname: database.url },
    onEvent: (event) => event.type === 'job-started' && starts.push(event),
    onResult: (data) => (output += data.toString()),
    ...options,
  });
  expect([status, failures]).toEqual(['done', []]);
  const granted = starts.toSorted((a, b) => a.job - b.job).map((event) => event.parallelWorkers);
  return { results: output.trim().split('\n'), granted };
}

describe('a session', () => {
  test('may use none while jobs fill the cores, and the last one, alone, what is idle', async ({
    database,
  }) => {
    const labels = ['a', 'b', 'c', 'd', 'e'];
    const commands = [
      ...labels.map((label) => `-- pqrun: label=${label}\n${ASK}`),
      `-- pqrun: after=${labels.join(',')}\n${ASK}`,
    ];
    const { results, granted } = await runOn(database, { commands, jobs: 2, serverCores: 2 });
    expect(granted.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(granted.at(-1)).toBe(1);
    expect(results).toEqual(granted.map((workers) => `${workers},${workers}`));
  });

  test('may use its share of what is idle, also where a script is read while it runs', async ({
    database,
  }) => {
    const live = `SELECT ${GATHER} AS told \\gset\n\\echo :told`;
    const { results, granted } = await runOn(database, { commands: [ASK, live], jobs: 1, serverCores: 4 });
    expect(granted).toEqual([3, 3]);
    expect(results).toEqual(['3,3', '3']);
  });

  test('of a batch is told when the grant changes, and what the script has set stays', async ({
    database,
  }) => {
    const asks = Array.from({ length: 300 }, () => `${ASK};`).join('\n');
    const all = await runOn(database, { commands: [asks], jobs: 2, serverCores: 2 });
    expect(all.results).toEqual(all.granted.map((workers) => `${workers},${workers}`));
    expect(all.granted[0]).toBe(0);

    const set = `SET max_parallel_workers_per_gather = 5;\n${asks}`;
    const own = await runOn(database, { commands: [set], jobs: 2, serverCores: 2 });
    expect(own.results).toEqual(own.granted.slice(-300).map((workers) => `5,${workers}`));
  });

  test('is left alone where the run or the script says more', async ({ database }) => {
    const one = { jobs: 1, serverCores: 4 } as const;
    const set = { max_parallel_workers_per_gather: '5' };
    expect((await runOn(database, { ...one, commands: [ASK], set })).results).toEqual(['5,3']);
    const initSql = 'SET max_parallel_maintenance_workers = 6';
    expect((await runOn(database, { ...one, commands: [ASK], initSql })).results).toEqual(['3,6']);
    const script = `SET max_parallel_workers_per_gather = 7; ${ASK}; ${ASK};`;
    expect((await runOn(database, { ...one, commands: [script] })).results).toEqual(['7,3', '7,3']);
    const options = {
      connection: { dbname: `${database.url}?options=-cmax_parallel_workers_per_gather%3D5` },
    };
    expect((await runOn(database, { ...one, ...options, commands: [ASK] })).results).toEqual(['5,3']);
  });

  test('gets no more than the database allows, and no more than the server has', async ({ database }) => {
    await database.query(`ALTER DATABASE ${database.name} SET max_parallel_workers_per_gather = 1`);
    const commands = [ASK];
    expect((await runOn(database, { commands, serverCores: 8 })).results).toEqual(['1,7']);
    const set = { max_parallel_workers: '4' };
    expect((await runOn(database, { commands, serverCores: 8, set })).results).toEqual(['1,4']);
  });

  test('is told nothing when it is off', async ({ database }) => {
    const { results, granted } = await runOn(database, { commands: [ASK], serverCores: 'off' });
    expect(granted).toEqual([undefined]);
    expect(results).toEqual(['2,2']);
  });
});

test('the last job has workers at work, a job among many has none', async ({ database }) => {
  await database.query(`CREATE TABLE big AS SELECT n FROM generate_series(1, 100000) AS n;
    ALTER TABLE big SET (parallel_workers = 3); ANALYZE big`);
  const set = { parallel_setup_cost: '0', parallel_tuple_cost: '0' };
  const explain = 'EXPLAIN (ANALYZE, COSTS OFF) SELECT count(*) FROM big WHERE n % 7 = 0';
  const plans = await runOn(database, { commands: [explain], jobs: 4, serverCores: 4, set });
  expect(plans.granted).toEqual([3]);
  expect(plans.results.join('\n')).toMatch(/Workers Planned: 3\n\s*Workers Launched: [1-3]/);
  const many = {
    commands: [explain, 'SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4'],
    jobs: 4,
    serverCores: 4,
    set,
  };
  const among = await runOn(database, many);
  expect(among.granted[0]).toBe(0);
  expect(among.results.join('\n')).not.toContain('Workers');
});
