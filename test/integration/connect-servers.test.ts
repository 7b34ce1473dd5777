import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, TargetError, type Shards } from 'pqrun';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.js';
import { query, started } from './embedded-rig.js';

/** connect(): a table over four servers, by the remainder of its key. */

const SERVERS = 4;
const ROWS = 2_000;
let servers: EmbeddedServer[] = [];
let shards: Shards;

beforeAll(async () => {
  const starts = await Promise.all(Array.from({ length: SERVERS }, () => startEmbedded({ connections: 10 })));
  servers = starts.map(started);
  for (const [index, server] of servers.entries()) {
    await query(
      server,
      `CREATE TABLE customer (id int PRIMARY KEY, name text);
       INSERT INTO customer SELECT i, 'name ' || i FROM generate_series(0, ${ROWS - 1}) AS i WHERE i % ${SERVERS} = ${index}`,
    );
  }
  shards = await connect(servers.map((server, index) => ({ name: `s${index}`, dsn: dsnOf(server) })));
}, 120_000);

afterAll(async () => {
  await shards.end();
  await Promise.all(servers.map((server) => server.stop()));
}, 60_000);

function dsnOf({ host, port, user, password, database }: EmbeddedServer): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

test('where the key is given one answers with the row and three with nothing', async () => {
  const { rows, targets } = await shards.query('SELECT name FROM customer WHERE id = $1', [1234]);
  expect(rows).toEqual([{ name: 'name 1234' }]);
  expect(targets.map(({ rows: count }) => count)).toEqual([0, 0, 1, 0]);
});

test('where it is not the union has every row once', async () => {
  const all = Array.from({ length: ROWS }, (_, index) => index);
  const { rows, targets } = await shards.query<{ id: number }>('SELECT id FROM customer');
  expect(rows.map(({ id }) => id).toSorted((one, other) => one - other)).toEqual(all);
  expect(targets.map(({ rows: count }) => count)).toEqual([500, 500, 500, 500]);
  const merged = await shards.query<{ id: number }>('SELECT id FROM customer ORDER BY id', [], {
    mergeOrder: 'id',
  });
  expect(merged.rows.map(({ id }) => id)).toEqual(all);
});

test('a server that dies in mid-run is named, and no row is made up or missing without a word', async () => {
  const victim = servers[2]!;
  const postmaster = Number(
    readFileSync(join(victim.directory, 'data/postmaster.pid'), 'utf8').split('\n')[0],
  );
  const sql = `SELECT id, repeat('x', 100000) AS filler FROM customer, generate_series(1, 20) ORDER BY id`;
  const seen: number[] = [];
  const read = async (): Promise<void> => {
    for await (const row of shards.query<{ id: number }>(sql, [], { mergeOrder: 'id' })) {
      seen.push(row.id);
      if (seen.length === 400) process.kill(postmaster, 'SIGKILL');
    }
  };
  const error: unknown = await read().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TargetError);
  expect(error).toMatchObject({ target: 's2', failure: { kind: 'connection', phase: 'lost' }, errors: [] });
  // What was given by then is the beginning of the whole.
  expect(seen).toEqual(seen.map((_, index) => Math.floor(index / 20)));
  expect(seen.length).toBeLessThan(ROWS * 20);

  await expect(shards.query('SELECT id FROM customer')).rejects.toMatchObject({ target: 's2' });
  const rest = await shards.query('SELECT id FROM customer', [], { keepGoing: true });
  expect(rest.rows).toHaveLength(1_500);
  expect(rest.failures.map(({ target }) => target)).toEqual(['s2']);
  expect(rest.targets[2]).toEqual({ target: 's2', rows: 0 });
}, 120_000);
