import { basename } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { startEmbedded } from '../../src/db/embedded/server.js';
import { backends, createDatabase, test as databaseTest } from '../database.js';
import { isGuard, isThere, processesOf, query, started, vanished } from './embedded-rig.js';

describe('a throw-away server', () => {
  test('answers, then leaves no process and no directory', async () => {
    const server = started(await startEmbedded({ connections: 8 }));
    const [row] = await query(
      server,
      'SELECT current_user AS role, pg_postmaster_start_time() IS NOT NULL AS up',
    );
    expect(row).toEqual({ role: 'postgres', up: true });
    expect((await processesOf(server.directory)).length).toBeGreaterThan(2);

    await server.stop();
    expect(await isThere(server.directory)).toBe(false);
    expect(await processesOf(server.directory)).toEqual([]);
    await server.stop();
  });

  test('is tuned for a build, and has the connections that were asked for', async () => {
    const server = started(await startEmbedded({ connections: 150 }));
    try {
      const [row] = await query(
        server,
        `SELECT current_setting('fsync') AS fsync, current_setting('wal_level') AS wal,
                current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding,
                current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS free`,
      );
      expect(row).toMatchObject({ fsync: 'off', wal: 'minimal', zone: 'UTC', encoding: 'UTF8' });
      expect(row?.free).toBeGreaterThanOrEqual(150);
      expect((await query(server, 'SHOW server_version'))[0]?.server_version).toBe(server.version);
    } finally {
      await server.stop();
    }
  });

  test('lets nobody in without the password', async () => {
    const server = inject('server');
    await expect(query({ ...server, password: 'guessed' }, 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  test('runs beside another one', async () => {
    const [one, two] = (
      await Promise.all([startEmbedded({ connections: 1 }), startEmbedded({ connections: 1 })])
    ).map(started);
    expect(one!.port).not.toBe(two!.port);
    expect(one!.password).not.toBe(two!.password);
    await one!.stop();
    expect(await query(two!, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await two!.stop();
    await vanished(one!);
    await vanished(two!);
  });

  test('has a session of its own, as has its guard: Ctrl-C in a terminal reaches neither', async () => {
    const server = started(await startEmbedded({ connections: 1 }));
    try {
      const count = async (): Promise<readonly number[]> => {
        const processes = await processesOf(server.directory);
        // The leader of a process group is in no other one.
        const leaders = processes.filter(({ pid }) => leadsGroup(pid));
        const guards = leaders.filter(({ command }) => isGuard(command, server.directory));
        const postmasters = leaders.filter(({ command }) => command.includes('bin/postgres -D'));
        return [guards.length, postmasters.length];
      };
      // Children of the postmaster look like it, and lead groups of their own, until they have a title.
      await expect.poll(count).toEqual([1, 1]);
    } finally {
      await server.stop();
    }
  });

  test('stops although sessions are open', async () => {
    const server = started(await startEmbedded({ connections: 1 }));
    const sleeper = query(server, 'SELECT pg_sleep(600)').catch((error: unknown) => error);
    await server.stop();
    expect(await sleeper).toBeInstanceOf(Error);
    expect(await isThere(server.directory)).toBe(false);
  });
});

describe('the test database', () => {
  databaseTest('is empty, reachable and its own', async ({ database }) => {
    await database.query('CREATE TABLE t (a int)');
    await database.query('INSERT INTO t SELECT generate_series(1, $1::int)', [3]);
    expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 3 }]);
    expect(await backends(database.name)).toEqual([]);
    expect(basename(new URL(database.url).pathname)).toBe(database.name);
  });

  test('is dropped although somebody is connected', async () => {
    const database = await createDatabase();
    const sleeper = database.query('SELECT pg_sleep(600)').catch((error: unknown) => error);
    await expect.poll(() => backends(database.name)).toMatchObject([{ query: 'SELECT pg_sleep(600)' }]);
    await database.drop();
    expect(await sleeper).toMatchObject({ code: '57P01' });
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

function leadsGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
