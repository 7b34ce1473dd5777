/**
 * Mends an unpacked tree of PostgreSQL binaries: npm packages hold no symbolic links, and some installers lose the
 * executable bit. `pg-symlinks.json` in the tree lists the links between its libraries, with paths that start at
 * the package (`native/lib/libpq.so.5`). It does not know where trees come from.
 */
import { chmod, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from './attempt.js';

interface Link {
  /** The file that there is. */
  readonly source: string;
  /** The link to it, in the same directory. */
  readonly target: string;
}

/** Makes the links that are missing. Rejects where they cannot be made. `directory`: the tree, `…/native`. */
export async function mendLinks(directory: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(path.join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  if (!Array.isArray(list)) return;
  for (const { source, target } of list.filter(isLink)) {
    const link = inside(directory, target);
    const file = inside(directory, source);
    if (link === undefined || file === undefined) continue;
    await symlink(path.relative(path.dirname(link), file), link).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** Rejects where a program is not executable and cannot be made so. */
export async function makeExecutable(directory: string): Promise<void> {
  const programs = path.join(directory, 'bin');
  for (const name of await readdir(programs)) {
    const file = path.join(programs, name);
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
}

function isLink(entry: unknown): entry is Link {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'source' in entry &&
    typeof entry.source === 'string' &&
    'target' in entry &&
    typeof entry.target === 'string'
  );
}

/** `native/lib/x` → the path in the tree, wherever it is; undefined for one that leads out of it. */
function inside(directory: string, listed: string): string | undefined {
  const file = path.join(directory, path.relative('native', path.normalize(listed)));
  return file.startsWith(directory + path.sep) ? file : undefined;
}
