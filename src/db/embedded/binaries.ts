/**
 * Binaries of PostgreSQL that the server's user can run.
 *
 * They are run from the installed package where that works. It does not where the package's links between its
 * libraries are missing (npm packages hold no symbolic links; a postinstall script makes them, which npm may have
 * been told not to run) and cannot be made there, nor where pqrun runs as root from a directory that is closed to
 * others, such as /root. Then a copy is made, once for each version, in a directory for temporary files.
 *
 * Whether it works is not guessed but tried: the programs are asked for their version, as that user.
 */
import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { done, errnoOf, failed, reasonOf, type Attempt } from './attempt.js';
import { makeExecutable, mendLinks } from './library-links.js';
import { findNativeTree, type NativeTree, type PackageSearch } from './package.js';
import { outputAs, type ServerUser } from './server-user.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Of PostgreSQL: `18.4`. */
  readonly version: string;
}

export interface BinariesOptions {
  readonly user: ServerUser;
  /** Where a copy may be made: a directory that the user can enter. */
  readonly temporary: string;
  readonly search?: PackageSearch;
}

/** How many entries a copy has: one that a cleaner of temporary files thinned out is made anew. */
const COUNT_FILE = 'entries';

export async function findBinaries(options: BinariesOptions): Promise<Attempt<Binaries>> {
  const search = options.search ?? {
    from: import.meta.url,
    platform: `${process.platform}-${process.arch}`,
  };
  const tree = await findNativeTree(search);
  if (!tree.ok) return tree;
  const mended = await makeRunnable(tree.value.directory);
  const inPlace = await tryOut(tree.value.directory, options.user);
  if (inPlace.ok && mended) return inPlace;
  if (mended && !options.user.switched) return inPlace;
  const copy = await cachedCopy(tree.value, options.temporary);
  return copy.ok ? tryOut(copy.value, options.user) : copy;
}

async function makeRunnable(directory: string): Promise<boolean> {
  try {
    await mendLinks(directory);
    await makeExecutable(directory);
    return true;
  } catch {
    return false;
  }
}

async function tryOut(directory: string, user: ServerUser): Promise<Attempt<Binaries>> {
  const initdb = path.join(directory, 'bin', 'initdb');
  const postgres = path.join(directory, 'bin', 'postgres');
  try {
    const [said] = await Promise.all([
      outputAs(user, [postgres, '--version']),
      outputAs(user, [initdb, '--version']),
    ]);
    // `postgres (PostgreSQL) 18.4`
    const version = /\d+(\.\d+|\w+)*/.exec(said)?.[0] ?? said.trim();
    return done({ initdb, postgres, version });
  } catch (error) {
    return failed(
      `the embedded PostgreSQL cannot run on this system as user ${user.name}: ${reasonOf(error).trim()}`,
      'connect to a running PostgreSQL server with -h or -d instead (the binaries need glibc, which Alpine lacks)',
    );
  }
}

async function cachedCopy(tree: NativeTree, temporary: string): Promise<Attempt<string>> {
  try {
    const cache = await ownCache(temporary);
    if (cache === undefined) {
      return failed(
        `${path.join(temporary, cacheName())} is not a directory that only this user can write to`,
        'remove it, or set TMPDIR to another directory',
      );
    }
    const copy = path.join(cache, keyOf(tree));
    if (!(await isComplete(copy))) await makeCopy(tree.directory, copy);
    return done(path.join(copy, 'native'));
  } catch (error) {
    return failed(
      `the PostgreSQL binaries cannot be copied to ${temporary}: ${reasonOf(error)}`,
      'make room there, or set TMPDIR to another directory',
    );
  }
}

/** Two installations of one version may differ (platforms on one disk): the place is part of the key. */
function keyOf(tree: NativeTree): string {
  const place = createHash('sha256').update(tree.directory).digest('hex').slice(0, 8);
  return `${tree.packageVersion}-${process.platform}-${process.arch}-${place}`;
}

function cacheName(): string {
  return `pqrun-embedded-${process.getuid?.() ?? 0}`;
}

/** Programs are run from here: it must be this user's, and nobody else may be able to put a file there. */
async function ownCache(temporary: string): Promise<string | undefined> {
  const directory = path.join(temporary, cacheName());
  await mkdir(directory, { mode: 0o755 }).catch((error: unknown) => {
    if (errnoOf(error) !== 'EEXIST') throw error;
  });
  const stat = await lstat(directory);
  const own = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
  if (!own) return undefined;
  await chmod(directory, 0o755);
  return directory;
}

async function isComplete(copy: string): Promise<boolean> {
  const [count, entries] = await Promise.all([
    readFile(path.join(copy, COUNT_FILE), 'utf8').catch(() => ''),
    readdir(path.join(copy, 'native'), { recursive: true }).catch(() => []),
  ]);
  return count === String(entries.length);
}

/** Made aside and renamed in one step: other runs may make or use the same copy at this moment. */
async function makeCopy(source: string, copy: string): Promise<void> {
  const aside = await mkdtemp(`${copy}.`);
  try {
    const native = path.join(aside, 'native');
    // Archives are for linking programs: a tenth of the tree, and never read here.
    const filter = (file: string): boolean => !file.endsWith('.a');
    await cp(source, native, { recursive: true, verbatimSymlinks: true, filter });
    await mendLinks(native);
    await openToAll(aside);
    await makeExecutable(native);
    const entries = await readdir(native, { recursive: true });
    await writeFile(path.join(aside, COUNT_FILE), String(entries.length));
    await rename(aside, copy).catch(async (error: unknown) => {
      if (await isComplete(copy)) return;
      if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
      await rm(copy, { recursive: true, force: true });
      await rename(aside, copy);
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The package may have been installed with a umask that closes it to others. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}
