import { spawnSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { findPsql } from '../bench/measure.js';
import type { TestDatabase } from '../database.js';
import { eventsOf } from './events.js';
import { test, type Finished, type Workplace } from './pqrun.js';

/** Splits over a table's rows (`range=`, `blocks=`), as a user runs them: on a database at which others work, too. */

const ROWS = 40_000;

async function makeTable(database: TestDatabase, rows = ROWS): Promise<void> {
  await database.query(
    `CREATE TABLE t (id bigint PRIMARY KEY, place int, done int NOT NULL DEFAULT 0, note text);
     INSERT INTO t SELECT n, CASE WHEN n % 5 < 4 THEN 500 ELSE n END, 0, 'x' FROM generate_series(1, ${rows}) AS n;
     CREATE INDEX ON t (place)`,
  );
}

/** Inserts and updates rows until it is told to stop. */
function somebodyElse(database: TestDatabase): () => Promise<void> {
  const over = new AbortController();
  const working = (async () => {
    for (let round = 0; !over.signal.aborted; round++)
      await database.query(
        `INSERT INTO t SELECT ${ROWS} + ${round} * 50 + n, (random() * 40000)::int, 0, 'new' FROM generate_series(1, 50) AS n;
         INSERT INTO t VALUES (${-1 - round}, NULL, 0, 'new');
         UPDATE t SET note = note || 'y' WHERE id % 97 = ${round % 97}`,
      );
  })();
  return async () => {
    over.abort();
    await working;
  };
}

/** How often rows that were there from the beginning were done, and how often others were at most. */
async function tally(database: TestDatabase): Promise<unknown> {
  const [row] = await database.query(
    `SELECT min(done) FILTER (WHERE id BETWEEN 1 AND ${ROWS}) AS least, max(done) AS most FROM t`,
  );
  return row;
}

async function untilDone(database: TestDatabase, units: number): Promise<void> {
  const done = async (): Promise<number> =>
    (await database.query('SELECT FROM pqrun.job').catch(() => [])).length;
  await expect.poll(done, { timeout: 30_000, interval: 20 }).toBeGreaterThan(units);
}

/** Runs it, kills it in between, and runs it to its end. */
async function killedOnce(
  work: Workplace,
  database: TestDatabase,
  args: readonly string[],
): Promise<Finished> {
  const run = work.start(args);
  await untilDone(database, 3);
  run.process.kill('SIGKILL');
  await run.finished;
  return work.pqrun(args);
}

describe('while others insert and update, and with kill -9 in between', () => {
  for (const [name, split] of Object.entries({
    'a number of pieces': 'range=t.id into=40',
    'pieces by size': 'range=t.id size=1000',
    'pieces by time': 'range=t.id time=20ms',
    'pieces of a skewed column with NULLs': 'range=t.place into=30',
    'pieces by two columns': 'range=t.(place,id) into=40',
  }))
    test(`${name} update each row once`, async ({ work, database }) => {
      await makeTable(database);
      work.write({
        'b.sql': `-- pqrun: split ${split}\nUPDATE t SET done = done + 1 FROM pg_sleep(0.01) WHERE :chunk;`,
      });
      const stop = somebodyElse(database);
      const { status, stderr } = await killedOnce(work, database, [
        'b.sql',
        '-j',
        '3',
        '--journal',
        '--no-history',
      ]);
      await stop();
      expect(stderr).toMatch(/goes on: [\d,]+ of [\d,]+ statements done before/);
      expect(status).toBe(0);
      expect(await tally(database)).toEqual({ least: 1, most: 1 });
    });

  test('pieces of blocks fill another table with each row once', async ({ work, database }) => {
    await makeTable(database);
    await database.query('CREATE TABLE copy (id bigint, done int)');
    work.write({
      'b.sql': `-- pqrun: split blocks=t into=40\nINSERT INTO copy SELECT id, 1 FROM t, pg_sleep(0.01) WHERE :chunk AND id > 0;`,
    });
    const { status } = await killedOnce(work, database, ['b.sql', '-j', '3', '--journal', '--no-history']);
    expect(status).toBe(0);
    const [row] = await database.query(
      'SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM copy',
    );
    expect(row).toEqual({ rows: ROWS, ids: ROWS });
  });

  test('three pqruns share the pieces, each done by one of them', async ({ work, database }) => {
    await makeTable(database);
    work.write({
      'b.sql': `-- pqrun: split range=t.id into=60\nUPDATE t SET done = done + 1 FROM pg_sleep(0.02) WHERE :chunk;`,
    });
    const args = ['b.sql', '-j', '2', '--journal', '--join', '--no-history'];
    const runs = await Promise.all([work.pqrun(args), work.pqrun(args), work.pqrun(args)]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(await tally(database)).toEqual({ least: 1, most: 1 });
    expect(await database.query('SELECT FROM pqrun.job')).toHaveLength(60);
    expect(await database.query('SELECT FROM pqrun.piece')).toHaveLength(61);
  });
});

test('a table that the same run makes is cut when its split begins', async ({ work, database }) => {
  work.write({
    '1.sql': `CREATE TABLE made (id int, v int); INSERT INTO made SELECT n, 0 FROM generate_series(1, 20000) AS n;
CREATE TABLE other (id int);`,
    '2.sql': `-- pqrun: split range=made.id into=4
UPDATE made SET v = v + 1 WHERE :chunk;
-- pqrun: split range=made.id size=3000
INSERT INTO other SELECT id FROM made WHERE :chunk AND v = 1;`,
  });
  const { status, stderr } = await work.pqrun(['1.sql', '2.sql', '-j', '2', '--no-history']);
  expect(status).toBe(0);
  expect(stderr).toMatch(/2\.sql:2: about 20,000 rows in 4 pieces, cut by all its rows/);
  const [row] = await database.query(
    'SELECT sum(v)::int AS done, (SELECT count(*)::int FROM other) AS copied FROM made',
  );
  expect(row).toEqual({ done: 20_000, copied: 20_000 });
});

test('psql -v chunk=true runs the same script', async ({ work, database }) => {
  await makeTable(database, 1000);
  const sql = '-- pqrun: split range=t.id\nUPDATE t SET done = done + 1 WHERE :chunk;\n';
  work.write({ 'b.sql': sql });
  const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', 'chunk=true', '-f', `${work.directory}/b.sql`];
  const psql = spawnSync(findPsql(), args, { encoding: 'utf8', env: { ...process.env, ...database.env } });
  expect([psql.status, psql.stderr]).toEqual([0, '']);
  const [row] = await database.query('SELECT count(*)::int AS n FROM t WHERE done = 1');
  expect(row).toEqual({ n: 1000 });
});

test('pieces that may write the same row run one after another', async ({ work, database }) => {
  await makeTable(database, 2000);
  await database.query(
    'CREATE TABLE total (bucket int PRIMARY KEY, n int); INSERT INTO total SELECT generate_series(0, 3), 0',
  );
  work.write({
    'b.sql': `-- pqrun: split range=t.id into=8
INSERT INTO total SELECT id % 4, count(*) FROM t WHERE :chunk GROUP BY 1 ON CONFLICT (bucket) DO UPDATE SET n = total.n + excluded.n;`,
  });
  const planned = await work.pqrun(['plan', 'b.sql', '-d', database.url]);
  expect(planned.stdout).toContain('two pieces may update the same row of total (ON CONFLICT)');
  const { status } = await work.pqrun(['b.sql', '-j', '4', '--no-history', '--retries', '0']);
  expect(status).toBe(0);
  expect(await database.query('SELECT n FROM total')).toEqual([500, 500, 500, 500].map((n) => ({ n })));
});

test('over=partitions has a piece for each partition, and blocks go from partition to partition', async ({
  work,
  database,
}) => {
  await database.query(`CREATE TABLE log (day date, done int DEFAULT 0) PARTITION BY RANGE (day);
    CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
    INSERT INTO log SELECT date '2024-01-01' + n % 60 FROM generate_series(1, 5000) AS n;
    CREATE TABLE seen (day date, part text)`);
  work.write({
    'b.sql': `-- pqrun: split blocks=log over=partitions
UPDATE log SET done = done + 1 WHERE :chunk AND done = 0;
-- pqrun: split blocks=log into=6
INSERT INTO seen SELECT l.day, l.tableoid::regclass FROM log l WHERE :chunk;`,
  });
  const planned = await work.pqrun(['plan', 'b.sql', '-d', database.url, '-j', '2']);
  expect(planned.stdout).toContain('"public"."log_1"');
  const { status } = await work.pqrun(['b.sql', '-j', '2', '--no-history']);
  expect(status).toBe(0);
  const [row] = await database.query(
    'SELECT min(done) AS least, max(done) AS most, (SELECT count(*)::int FROM seen) AS seen FROM log',
  );
  expect(row).toEqual({ least: 1, most: 1, seen: 5000 });
});

test('over=targets deals the pieces out', async ({ work, database }) => {
  await makeTable(database, 1000);
  work.write({
    'b.sql': `-- pqrun: split range=t.id into=10 over=targets\nUPDATE t SET done = done + 1, note = :'target' WHERE :chunk;`,
  });
  // Two names for one database: together they do all of it once.
  const args = [
    'b.sql',
    '-j',
    '2',
    '--no-history',
    '--target',
    `a=${database.url}`,
    '--target',
    `b=${database.url}`,
  ];
  const { status } = await work.pqrun(args);
  expect(status).toBe(0);
  // Pieces are as even as the statistics, which the server may have made meanwhile.
  expect(
    await database.query(
      'SELECT note, count(*) BETWEEN 450 AND 550 AS half, min(done), max(done) FROM t GROUP BY note ORDER BY note',
    ),
  ).toEqual([
    { note: 'a', half: true, min: 1, max: 1 },
    { note: 'b', half: true, min: 1, max: 1 },
  ]);
});

for (const share of ['into=40', 'size=1000', 'time=10ms'])
  test(`a piece in the middle that fails is done by the next run, the others are not done again: ${share}`, async ({
    work,
    database,
  }) => {
    await makeTable(database);
    await database.query('CREATE TABLE bad (id int); INSERT INTO bad VALUES (3000)');
    work.write({
      'b.sql': `-- pqrun: split range=t.id ${share}
UPDATE t SET done = done + 1 / (CASE WHEN EXISTS (SELECT FROM bad WHERE bad.id = t.id) THEN 0 ELSE 1 END) WHERE :chunk;`,
    });
    const args = ['b.sql', '-j', '2', '-k', '--journal', '--no-history'];
    const first = await work.pqrun(args);
    expect([first.status, first.stderr]).toEqual([3, expect.stringContaining('division by zero')]);
    await database.query('DELETE FROM bad');
    const second = await work.pqrun(args);
    expect([second.status, second.stderr]).toEqual([0, expect.stringContaining('1 left')]);
    expect(await tally(database)).toEqual({ least: 1, most: 1 });
  });

test('time= is refused where several pqruns share a run', async ({ work, database }) => {
  await makeTable(database, 100);
  work.write({ 'b.sql': '-- pqrun: split range=t.id time=1s\nDELETE FROM t WHERE :chunk;' });
  const { status, stderr } = await work.pqrun(['b.sql', '--journal', '--join', '--no-history']);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining('b.sql:1:11: error: time= does not go with --join'),
  ]);
});

describe('what is said', () => {
  test('before anything runs: of a column, a view, an index that is missing', async ({ work, database }) => {
    await database.query(`CREATE TABLE t (id int, number int, filler text); CREATE VIEW v AS SELECT * FROM t; CREATE INDEX ON t (id);
      INSERT INTO t SELECT n, n, repeat('x', 900) FROM generate_series(1, 20000) AS n; ANALYZE t; CREATE TABLE ran ()`);
    const said = async (split: string, table = 't'): Promise<Finished> => {
      work.write({ 'b.sql': `-- pqrun: split ${split}\nDELETE FROM ${table} WHERE :chunk AND filler = '';` });
      return work.pqrun(['b.sql', '-j', '2', '--no-history']);
    };
    const column = await said('range=t.nummer');
    expect(column.status).toBe(1);
    expect(column.stderr).toContain('b.sql:1:11: error: column nummer of table "public"."t" does not exist');
    expect(column.stderr).toContain('did you mean number?');
    const view = await said('range=v.id', 'v');
    expect([view.status, view.stderr]).toEqual([1, expect.stringContaining('"public"."v" is a view')]);
    const slow = await said('range=t.number');
    expect(slow.status).toBe(0);
    expect(slow.stderr).toContain(
      'warning: each piece reads the whole table "public"."t" to find its rows by number (EXPLAIN: Seq Scan on t)',
    );
    expect(slow.stderr).toContain('there is no index on number: make one, or split blocks=t');
    const fast = await said('range=t.id');
    expect([fast.status, fast.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
  });

  test('of a table that is not there when its split begins, and of a piece that fails', async ({
    work,
    database,
  }) => {
    work.write({ 'b.sql': '-- pqrun: split range=t.id\nDELETE FROM t WHERE :chunk;' });
    const missing = await work.pqrun(['b.sql', '-j', '2', '--no-history']);
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain('there is no table t to be split');
    await makeTable(database, 1000);
    work.write({
      'b.sql': '-- pqrun: split range=t.id into=4\nUPDATE t SET done = 1 / (id - 1000) WHERE :chunk;',
    });
    const failed = await work.pqrun(['b.sql', '-j', '1', '--no-history']);
    expect(failed.status).toBe(3);
    expect(failed.stderr).toContain('division by zero');
    expect(failed.stderr).toMatch(/in piece 4 of 4, \("t"\."id" >= '\d+'::bigint\)/);
  });

  test('of its pieces by --dry-run, and of their number in the events', async ({ work, database }) => {
    await makeTable(database, 1000);
    work.write({ 'b.sql': '-- pqrun: split range=t.id into=4\nUPDATE t SET done = 1 WHERE :chunk;' });
    const dry = await work.pqrun(['b.sql', '--dry-run', '-d', database.url]);
    expect(dry.stdout).toContain('split by id into 4 pieces');
    expect(dry.stdout).toMatch(/\[1\] about 250 rows: \("t"\."id" < '25[01]'::bigint\)/);
    await work.pqrun(['b.sql', '-j', '2', '-q', '--no-history', '--events', 'e.ndjson']);
    const events = eventsOf(work, 'e.ndjson');
    expect(events.find(({ type }) => type === 'split-cut')).toMatchObject({ rows: 1000, pieces: 4 });
    expect(events.flatMap((event) => (event.type === 'job-started' ? event.piece : []))).toContainEqual({
      index: 0,
      count: 4,
      unit: 'chunk',
      rows: 250,
      chunk: expect.stringMatching(/^\("t"\."id" < '25[01]'::bigint\)$/) as unknown,
    });
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', done: 4 });
  });
});
