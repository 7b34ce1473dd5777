import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGuard } from '../../src/db/embedded/guard.js';
import { chooseServerUser } from '../../src/db/embedded/server-user.js';
import { startEmbedded, type EmbeddedStart } from '../../src/db/embedded/server.js';
import {
  isGuard,
  isThere,
  killed,
  processesOf,
  query,
  spawnChild,
  startChild,
  started,
  until,
} from './embedded-rig.js';

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
  await chmod(root, 0o755);
  directory = path.join(root, 'kept server');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('data, password and durable settings stay from one start to the next', async () => {
  const first = started(await startEmbedded({ directory, connections: 1 }));
  await query(first, 'CREATE TABLE t AS SELECT 42 AS answer');
  await first.stop();
  const second = started(await startEmbedded({ directory, connections: 1 }));
  try {
    expect(await query(second, 'SELECT answer FROM t')).toEqual([{ answer: 42 }]);
    expect(second.password).toBe(first.password);
    expect(await query(second, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    const file = await stat(path.join(directory, 'data', 'pqrun.password'));
    expect(file.mode & 0o777).toBe(0o600);
  } finally {
    await second.stop();
  }
  expect(await processesOf(directory)).toEqual([]);
});

test('a directory in use is refused, with the pid of its server', async () => {
  const server = started(await startEmbedded({ directory, connections: 1 }));
  try {
    const [pid] = (await readFile(path.join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    expectRefused(await startEmbedded({ directory, connections: 1 }), `pid ${pid}`);
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await server.stop();
  }
});

test('the guard of one run does not touch the server of another', async () => {
  const server = started(await startEmbedded({ directory, connections: 1 }));
  const user = await chooseServerUser();
  if (!user.ok) throw new Error(user.diagnostic.message);
  await startGuard({ directory: server.directory, user: user.value, run: 'other', kept: true }).finish();
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('the server of a killed run is stopped, its data kept', async () => {
  const child = await startChild({ start: { directory, connections: 1 } });
  await query(child.server, 'CREATE TABLE t AS SELECT 1 AS one');
  await killed(child.process, 'SIGKILL');
  await until('the server is stopped', async () => (await processesOf(directory)).length === 0);
  const next = started(await startEmbedded({ directory, connections: 1 }));
  expect(await query(next, 'SELECT * FROM t')).toEqual([{ one: 1 }]);
  await next.stop();
});

test('a postmaster.pid left by a killed server is in nobody’s way, even if another process has its pid', async () => {
  const child = await startChild({ start: { directory, connections: 1 } });
  await query(child.server, 'CREATE TABLE t AS SELECT 1 AS one');
  for (const { pid, command } of child.processes) {
    if (isGuard(command, directory) || command.includes('bin/postgres')) process.kill(pid, 'SIGKILL');
  }
  await killed(child.process, 'SIGKILL');
  await until('the server is dead', async () => (await processesOf(directory)).length === 0);
  const file = path.join(directory, 'data', 'postmaster.pid');
  const [, ...lines] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(process.pid), ...lines].join('\n'));

  const next = started(await startEmbedded({ directory, connections: 1 }));
  expect(await query(next, 'SELECT * FROM t')).toEqual([{ one: 1 }]);
  await next.stop();
});

test('the cluster of another major version is refused', async () => {
  await mkdir(path.join(directory, 'data'), { recursive: true });
  await chmodOpen();
  await writeFile(path.join(directory, 'data', 'PG_VERSION'), '14\n');
  expectRefused(await startEmbedded({ directory, connections: 1 }), 'PostgreSQL 14');
});

test('a data directory that pqrun did not make is refused', async () => {
  await mkdir(directory);
  await chmodOpen();
  await writeFile(path.join(directory, 'PG_VERSION'), '18\n');
  expectRefused(await startEmbedded({ directory, connections: 1 }), 'pqrun did not make');
});

test('a directory with other files is refused and left as it is', async () => {
  await mkdir(directory);
  await chmodOpen();
  await writeFile(path.join(directory, 'thesis.txt'), 'mine');
  expectRefused(await startEmbedded({ directory, connections: 1 }), 'thesis.txt');
  expect(await readFile(path.join(directory, 'thesis.txt'), 'utf8')).toBe('mine');
});

test('a file is no directory', async () => {
  await writeFile(directory, '');
  expectRefused(await startEmbedded({ directory, connections: 1 }), directory);
});

test('a first start that is killed half-way leaves nothing that is in the way of the next', async () => {
  const child = spawnChild({ start: { directory, connections: 1 } });
  await until('initdb has begun', () => isThere(path.join(directory, '.new', 'data', 'base')));
  await killed(child, 'SIGKILL');
  await until('initdb is dead', async () => (await processesOf(directory)).length === 0);
  expect(await readdir(directory)).not.toContain('data');
  const server = started(await startEmbedded({ directory, connections: 1 }));
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
  expect((await readdir(directory)).sort()).toEqual(['data', 'server.log']);
});

test('of two first starts at the same time one is refused', async () => {
  const starts = await Promise.all([1, 2].map(() => startEmbedded({ directory, connections: 1 })));
  const [server, ...more] = starts.flatMap((start) => (start.ok ? [start.server] : []));
  expect(more).toEqual([]);
  expectRefused(
    starts.find(({ ok }) => !ok)!,
    'is in use',
  );
  expect(await query(server!, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server!.stop();
});

test('a cluster that cannot start shows the end of its log', async () => {
  const first = started(await startEmbedded({ directory, connections: 1 }));
  await first.stop();
  await writeFile(path.join(directory, 'data', 'postgresql.conf'), "shared_buffers = 'plenty'\n");
  const start = await startEmbedded({ directory, connections: 1 });
  expectRefused(start, 'invalid value for parameter "shared_buffers"');
  expect(await processesOf(directory)).toEqual([]);
});

/** Such a directory is the tester's; as root, the server runs as somebody else. */
async function chmodOpen(): Promise<void> {
  await chmod(directory, 0o777);
}

function expectRefused(start: EmbeddedStart, cause: string): void {
  expect(start).toMatchObject({
    ok: false,
    diagnostic: {
      severity: 'error',
      message: expect.stringContaining(cause) as string,
      hint: expect.stringMatching(/./) as string,
    },
  });
}
