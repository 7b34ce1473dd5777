/**
 * Throw-away directories: where they are, who owns them, and what becomes of those whose owner is dead.
 *
 *     <temporary>/pqrun-server-XXXXXX/   0700, of the server's user
 *         owner.json                     the pqrun process that it is for
 *         data/, server.log              see cluster.ts
 *
 * The guard removes such a directory when its pqrun ends. Where the guard was killed as well (a CI system that kills
 * every process of a job), the next run finds the directory and clears it up. It touches no directory of another
 * user, of a live process, or of a process that cannot be judged from here (another container's).
 */
import { chown, lstat, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { done, failed, reasonOf, type Attempt } from './attempt.js';
import { clearUp } from './guard.js';
import { livenessOf, recordOf, type ProcessRecord } from './os-process.js';
import { canUseDirectory, type ServerUser } from './server-user.js';

export const THROWAWAY_PREFIX = 'pqrun-server-';
const OWNER_FILE = 'owner.json';

/** A directory without a readable owner file is one that is being made now, or was abandoned just then. */
const UNOWNED_FOR = 60 * 60 * 1000;

/** Where temporary files may be put so that the server's user reaches them. */
export async function temporaryFor(user: ServerUser): Promise<Attempt<string>> {
  for (const directory of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    if (await canUseDirectory(user, directory)) return done(path.resolve(directory));
  }
  return failed(
    `user ${user.name}, who the embedded server runs as, can write neither to ${tmpdir()} nor to /tmp`,
    'set TMPDIR to a directory that is open to that user',
  );
}

export async function makeThrowaway(user: ServerUser, temporary: string): Promise<Attempt<string>> {
  try {
    const directory = await mkdtemp(path.join(temporary, THROWAWAY_PREFIX));
    await writeFile(path.join(directory, OWNER_FILE), JSON.stringify(await recordOf(process.pid)));
    if (user.switched) await chown(directory, user.uid, user.gid);
    return done(directory);
  } catch (error) {
    return failed(
      `no directory for the embedded server can be made in ${temporary}: ${reasonOf(error)}`,
      'make room there, or set TMPDIR to another directory',
    );
  }
}

/** Clears up after dead runs, without waiting for the end of it. Returns the directories concerned. */
export async function clearLeftovers(user: ServerUser, temporary: string): Promise<readonly string[]> {
  const names = await readdir(temporary).catch(() => []);
  const directories = names
    .filter((name) => name.startsWith(THROWAWAY_PREFIX))
    .map((name) => path.join(temporary, name));
  const abandoned: string[] = [];
  for (const directory of directories) {
    if (!(await isAbandoned(user, directory))) continue;
    abandoned.push(directory);
    clearUp({ directory, user, run: '*', kept: false });
  }
  return abandoned;
}

async function isAbandoned(user: ServerUser, directory: string): Promise<boolean> {
  const stat = await lstat(directory).catch(() => undefined);
  if (stat === undefined || !stat.isDirectory() || stat.uid !== user.uid) return false;
  const owner = await readOwner(directory);
  if (owner === undefined) return Date.now() - stat.mtimeMs > UNOWNED_FOR;
  return (await livenessOf(owner)) === 'dead';
}

async function readOwner(directory: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(path.join(directory, OWNER_FILE), 'utf8').catch(() => '');
  return parseOwner(text);
}

/** Undefined for anything that is not the record of a process: nothing is concluded from it. */
export function parseOwner(text: string): ProcessRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('pid' in value && 'started' in value && 'host' in value)) return undefined;
  const { pid, started, host } = value;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return undefined;
  return typeof started === 'string' && typeof host === 'string' ? { pid, started, host } : undefined;
}
