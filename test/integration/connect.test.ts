import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connect, InputError, TargetError, type Shards } from 'pqrun';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { backends, createDatabase, type TestDatabase } from '../database.js';
import { until } from './embedded-rig.js';

/** connect(): one query over a table in three databases of one server. */

const databases: TestDatabase[] = [];
let shards: Shards;

beforeAll(async () => {
  for (let index = 0; index < 3; index += 1) {
    const database = await createDatabase();
    databases.push(database);
    await database.query(`
      CREATE TABLE item (id bigint, name text, price numeric, made timestamptz, data jsonb);
      INSERT INTO item SELECT i, 'name ' || i, i / 8.0, '2024-01-01 00:00:00+00', '{"a": [1]}'
        FROM generate_series(1, 30) AS i WHERE i % 3 = ${index};
      CREATE TYPE mood AS ENUM ('sad', 'happy')`);
  }
});

afterAll(() => Promise.all(databases.map((database) => database.drop())));

beforeEach(async () => {
  shards = await connect(targets());
});

afterEach(() => shards.end());

function targets(): { name: string; dsn: string }[] {
  return databases.map(({ url }, index) => ({ name: 'abc'.charAt(index), dsn: url }));
}

async function failureOf(query: PromiseLike<unknown>): Promise<TargetError> {
  const error: unknown = await query.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TargetError)) throw new Error(`no TargetError, but: ${String(error)}`);
  return error;
}

/** No session runs anything. */
async function allIdle(): Promise<boolean> {
  const sessions = await Promise.all(databases.map(({ name }) => backends(name)));
  return sessions.flat().every(({ state }) => state === 'idle');
}

describe('the union', () => {
  test('has every row once, those of the first target first, with values as node-postgres gives them', async () => {
    const { rows, fields, targets, failures } = await shards.query('SELECT id, price, made, data FROM item');
    expect(rows).toHaveLength(30);
    expect(rows[0]).toEqual({
      id: '3',
      price: '0.37500000000000000000',
      made: new Date('2024-01-01T00:00:00Z'),
      data: { a: [1] },
    });
    expect(rows.slice(10, 12).map(({ id }) => id)).toEqual(['1', '4']);
    expect(fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['id', 20],
      ['price', 1700],
      ['made', 1184],
      ['data', 3802],
    ]);
    expect(targets).toEqual(['a', 'b', 'c'].map((target) => ({ target, rows: 10 })));
    expect(failures).toEqual([]);
  });

  test('types parameters by the server', async () => {
    const { rows } = await shards.query<{ name: string }>(
      'SELECT name FROM item WHERE id = $1 AND made < $2 AND id = ANY ($3) AND data = $4 AND $5::text IS NULL',
      [7, new Date(), [6, 7], { a: [1] }, null],
    );
    expect(rows).toEqual([{ name: 'name 7' }]);
    expectTypeOf(rows[0]!.name).toBeString();
    const bytes = await shards.query('SELECT $1::bytea AS bytes', [Buffer.from([0, 255])]);
    expect(bytes.rows[2]).toEqual({ bytes: Buffer.from([0, 255]) });
  });

  test('says where a row is from', async () => {
    const { rows, fields } = await shards.query('SELECT id FROM item WHERE id < 3', [], { withTarget: true });
    expect(rows).toEqual([
      { id: '1', target: 'b' },
      { id: '2', target: 'c' },
    ]);
    expect(fields.map(({ name }) => name)).toEqual(['id', 'target']);
    await expect(shards.query('SELECT 1 AS target', [], { withTarget: true })).rejects.toThrow(InputError);
  });

  test('of statements without rows is empty, and each ran once, however often it is awaited', async () => {
    await shards.query('CREATE TEMP TABLE once (n int)');
    const insert = shards.query('INSERT INTO once VALUES (1)');
    expect(await insert).toMatchObject({
      rows: [],
      fields: [],
      targets: [{ rows: 0 }, { rows: 0 }, { rows: 0 }],
    });
    expect(await insert).toBe(await insert);
    expect((await shards.query('SELECT count(*)::int FROM once')).rows).toEqual([
      { count: 1 },
      { count: 1 },
      { count: 1 },
    ]);
    expect((await shards.query('')).rows).toEqual([]);
  });

  test('is refused when columns differ, with both lists', async () => {
    await databases[1]!.query('CREATE TABLE odd (id int, name text)');
    for (const index of [0, 2]) await databases[index]!.query('CREATE TABLE odd (id int8, label text)');
    const error = await failureOf(shards.query('SELECT * FROM odd'));
    expect(error).toMatchObject({ target: 'b', failure: { kind: 'client' } });
    expect(error.message).toBe(
      'b: its columns are others than those of a: (id int4, name text) instead of (id int8, label text)',
    );
    const { failures } = await shards.query('SELECT * FROM odd', [], { keepGoing: true });
    expect(failures.map(({ target }) => target)).toEqual(['b']);
    // The number of an enum is another one in each database.
    await databases[0]!.query(
      "CREATE TYPE other AS ENUM (); DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad')",
    );
    expect((await shards.query("SELECT 'sad'::mood AS mood")).rows).toHaveLength(3);
  });

  test('refuses COPY and leaves the connections usable', async () => {
    expect((await failureOf(shards.query('COPY item TO STDOUT'))).failure.message).toMatch(/gives no rows/);
    expect((await failureOf(shards.query('COPY item FROM STDIN'))).failure.message).toMatch(/has no data/);
    expect((await shards.query('SELECT 1')).rows).toHaveLength(3);
  });
});

describe('the merge', () => {
  test('gives one list in the order', async () => {
    const query = 'SELECT id, price FROM item ORDER BY price DESC';
    const { rows } = await shards.query(query, [], { mergeOrder: 'price desc' });
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index));
    const streamed: unknown[] = [];
    for await (const row of shards.query(query, [], { mergeOrder: '2 desc' })) streamed.push(row);
    expect(streamed).toEqual(rows);
    expect((await shards.query(query, [], { mergeOrder: 'price desc', first: true })).rows).toEqual([
      rows[0],
    ]);
  });

  test('refuses a target whose rows are not in it, and an order that does not fit', async () => {
    const query = "SELECT name FROM (VALUES ('a'), ('B')) AS v (name) ORDER BY name COLLATE \"und-x-icu\"";
    const error = await failureOf(shards.query(query, [], { mergeOrder: 'name' }));
    expect(error.message).toMatch(
      /^[abc]: its rows are not in the merge order: row 2 \(name = "B"\) comes behind row 1 \(name = "a"\)$/,
    );
    expect(error.failure).toMatchObject({
      hint: 'the query must sort them so: ORDER BY "name" COLLATE "C"',
    });
    expect(() => shards.query('SELECT 1', [], { mergeOrder: 'a b' })).toThrow(InputError);
    await expect(shards.query('SELECT 1 AS a', [], { mergeOrder: 'b' })).rejects.toThrow(/no column "b"/);
    expect((await shards.query('SELECT 1')).rows).toHaveLength(3);
  });
});

describe('row by row', () => {
  test('the servers are held back, and a loop that is left cancels them and leaves the connections usable', async () => {
    const query = shards.query("SELECT n, repeat('x', 1000) FROM generate_series(1, 5000000) AS n");
    let count = 0;
    for await (const row of query) {
      expect(row).toHaveProperty('n');
      count += 1;
      if (count === 10) {
        // They have filled what is between them and us, and wait.
        await until('the servers wait', async () => {
          const waits = await databases[0]!.query(
            "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND datname = ANY ($1)",
            [databases.map(({ name }) => name)],
          );
          return waits[0]?.n === 3;
        });
        break;
      }
    }
    expect(count).toBe(10);
    expect(await allIdle()).toBe(true);
    expect((await shards.query('SELECT 1')).rows).toHaveLength(3);
    await expect(query).rejects.toThrow('was iterated');
  });

  test('memory stays the same whatever the size', { timeout: 120_000 }, async () => {
    const before = process.memoryUsage.rss();
    let count = 0;
    let most = 0;
    for await (const row of shards.query("SELECT repeat('x', 1000) AS x FROM generate_series(1, 200000)")) {
      if ('x' in row) count += 1;
      if (count % 10_000 === 0) most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(count).toBe(600_000);
    expect(most / 1024 / 1024).toBeLessThan(250);
  });

  test('counts as it goes, and a query in the loop over another does not wait forever', async () => {
    const outer = shards.query("SELECT id, repeat('x', 100000) FROM item, generate_series(1, 20)");
    let inner = 0;
    for await (const row of outer) {
      const { rows } = await shards.query('SELECT id FROM item WHERE id = $1', [row.id]);
      inner += rows.length;
    }
    expect(inner).toBe(600);
    expect(outer.targets.map(({ rows }) => rows)).toEqual([200, 200, 200]);
    await expect(outer).rejects.toThrow('was iterated');
  });

  test('a query that was awaited is not begun again', async () => {
    const query = shards.query('SELECT 1');
    await query;
    await expect(query[Symbol.asyncIterator]().next()).rejects.toThrow('was awaited');
  });
});

describe('first', () => {
  test('stops at the first row and cancels the others', async () => {
    const began = performance.now();
    const query =
      'SELECT current_database() AS name, pg_sleep(CASE current_database() WHEN $1 THEN 0 ELSE 60 END)';
    const { rows } = await shards.query<{ name: string }>(query, [databases[1]!.name], { first: true });
    expect(rows.map(({ name }) => name)).toEqual([databases[1]!.name]);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await allIdle()).toBe(true);
    expect((await shards.query('SELECT 1 WHERE false', [], { first: true })).rows).toEqual([]);
  });
});

describe('failures', () => {
  const QUERY = `SELECT CASE current_database() WHEN $1 THEN 1 / 0 ELSE pg_sleep(60)::text::int END`;

  test('name the target, with the words of the server, and the others are cancelled there', async () => {
    const began = performance.now();
    const error = await failureOf(
      shards.query(QUERY.replace('1 / 0', '(SELECT id / 0 FROM item LIMIT 1)::int'), [databases[1]!.name]),
    );
    expect(error).toMatchObject({
      target: 'b',
      failure: { kind: 'server', code: '22012', message: 'division by zero' },
      errors: [],
    });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await allIdle()).toBe(true);
    expect((await shards.query('SELECT 1')).rows).toHaveLength(3);
  });

  test('of several: the first, with the others', async () => {
    const error = await failureOf(shards.query('SELECT * FROM nowhere'));
    const all = [error, ...error.errors];
    // Who is cancelled before its failure has come has none.
    expect(all.length).toBeGreaterThan(0);
    expect(all.every(({ failure }) => failure.kind === 'server' && failure.code === '42P01')).toBe(true);
    expect(new Set(all.map(({ target }) => target)).size).toBe(all.length);
  });

  test('with keepGoing: the rows of the others, and the list', async () => {
    const query =
      'SELECT id / (CASE current_database() WHEN $1 THEN id - 7 ELSE 1 END) AS q, id FROM item ORDER BY id';
    const result = await shards.query(query, [databases[1]!.name], { keepGoing: true });
    expect(result.rows).toHaveLength(20);
    expect(result.targets.map(({ rows }) => rows)).toEqual([10, 0, 10]);
    expect(result.failures.map(({ message }) => message)).toEqual(['b: division by zero']);
    const merged = shards.query(query, [databases[1]!.name], { keepGoing: true, mergeOrder: 'id' });
    expect((await merged).rows).toHaveLength(20);
    const none = await shards.query('SELECT 1 / 0 AS id', [], { keepGoing: true, mergeOrder: 'id' });
    expect(none.failures).toHaveLength(3);
  });

  test('of a session that the server ended: it stays failed, and the others are queried with keepGoing', async () => {
    const running = failureOf(shards.query('SELECT pg_sleep(60)'));
    await until('it runs', async () =>
      (await backends(databases[2]!.name)).some(({ state }) => state === 'active'),
    );
    const [session] = await backends(databases[2]!.name);
    await databases[2]!.query('SELECT pg_terminate_backend($1)', [session!.pid]);
    expect(await running).toMatchObject({
      target: 'c',
      failure: { kind: 'connection', phase: 'lost', code: '57P01' },
    });
    const later = await shards.query('SELECT 1', [], { keepGoing: true });
    expect(later.rows).toHaveLength(2);
    expect(later.failures[0]).toMatchObject({ target: 'c', failure: { kind: 'connection', phase: 'lost' } });
  });
});

describe('several queries', () => {
  test('take turns on each connection, in the order in which they began', async () => {
    await shards.query('CREATE TEMP TABLE seen (n int)');
    const inserts = Array.from({ length: 50 }, (_, n) =>
      shards.query('INSERT INTO seen SELECT $1::int', [n]),
    );
    await Promise.all(inserts);
    const { rows } = await shards.query('SELECT n FROM seen ORDER BY ctid', [], { mergeOrder: 'n' });
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 150 }, (_, index) => Math.floor(index / 3)));
  });

  test('a cancelled query never takes the next one with it', async () => {
    for (let round = 0; round < 30; round += 1) {
      const first = shards.query('SELECT n FROM generate_series(1, 100000) AS n', [], { first: true });
      const [{ rows }, after] = await Promise.all([first, shards.query('SELECT 1 FROM pg_sleep(0.01)')]);
      expect([rows.length, after.rows.length]).toEqual([1, 3]);
    }
  });
});

describe('a signal', () => {
  test('cancels on the server, also what waits for its turn', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const running = shards.query('SELECT pg_sleep(60)', [], { signal }).then(undefined, String);
    const waiting = shards.query('SELECT 1', [], { signal }).then(undefined, String);
    await until('it runs', async () =>
      (await backends(databases[0]!.name)).some(({ state }) => state === 'active'),
    );
    controller.abort(new Error('enough'));
    expect(await Promise.all([running, waiting])).toEqual(['Error: enough', 'Error: enough']);
    expect(await allIdle()).toBe(true);
    await expect(shards.query('SELECT 1', [], { signal })).rejects.toThrow('enough');
    expect((await shards.query('SELECT 1')).rows).toHaveLength(3);
  });
});

describe('targets', () => {
  test('have the names of their places, which must differ', async () => {
    const { url, name, env } = databases[0]!;
    const one = await connect([url, { name: 'again', dsn: url }], {
      applicationName: 'mine',
      set: { work_mem: '1MB' },
    });
    expect(one.targets).toEqual([`${env.PGHOST}:${env.PGPORT}/${name}`, 'again']);
    const { rows } = await one.query(
      "SELECT current_setting('work_mem') AS memory, current_setting('application_name') AS app",
    );
    expect(rows[0]).toEqual({ memory: '1MB', app: 'mine' });
    await Promise.all([one.end(), one.end()]);
    await one.end();
    await expect(one.query('SELECT 1')).rejects.toThrow('end() was called');
    await expect(connect([url, url])).rejects.toThrow(/two targets have the name/);
    await expect(connect([])).rejects.toThrow(InputError);
    await expect(connect(['postgresql://x:secret@h:0/d', { name: 'n', dsn: 'port=x' }])).rejects.toThrow(
      /target 1: .*\nn: /,
    );
  });

  test('that cannot be reached are named, and nothing stays open', async () => {
    const { url, name } = databases[0]!;
    const broken = { name: 'gone', dsn: `${url}_not` };
    const error = await failureOf(connect([url, broken, { name: 'shut', dsn: 'host=127.0.0.1 port=1' }]));
    expect(error).toMatchObject({
      target: 'gone',
      failure: { kind: 'connection', phase: 'open', code: '3D000' },
    });
    expect(error.errors.map(({ target }) => target)).toEqual(['shut']);
    expect(JSON.stringify([error.message, error])).not.toContain(databases[0]!.env.PGPASSWORD);
    await until('it is closed', async () => (await backends(name)).length === 1);
  });

  test('end() ends what runs, and the process can exit', async () => {
    const running = shards.query('SELECT pg_sleep(60)').then(undefined, String);
    await until('it runs', async () =>
      (await backends(databases[0]!.name)).some(({ state }) => state === 'active'),
    );
    await shards.end();
    expect(await running).toMatch('end() was called');
    const program = `
      import { connect } from 'pqrun';
      const shards = await connect(${JSON.stringify(targets())});
      for await (const row of shards.query('SELECT generate_series(1, 1000000)')) break;
      await shards.query('SELECT 1', [], { first: true });
      await shards.end();
      console.log('ended');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 20_000,
    });
    expect(stdout).toBe('ended\n');
    await until('no session is left', async () => (await backends(databases[0]!.name)).length === 0);
  });
});
