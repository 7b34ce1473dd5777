import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { glob, type FileSystemAdapter } from 'tinyglobby';

/**
 * The files that globs match, as paths relative to a directory: no dot files, and nothing outside the directory unless
 * a glob says so (`../shared/*.sql`). Links are what they lead to, but a link back to a directory it stands in is not
 * followed: that way every file would be there again and again.
 *
 * A glob that begins with `!` takes away what the others match. Directories that cannot be read are told, because the
 * files in them would be missing in silence.
 */
export async function matchFiles(
  globs: readonly string[],
  directory: string,
  list: ListDirectory = listDirectory,
): Promise<Matches> {
  const unreadable: Unreadable[] = [];
  const readdirOf = (
    path: string,
    _: unknown,
    done: (error: null, entries: readonly Entry[]) => void,
  ): void => {
    const found = entriesOf(path, list).catch((error: unknown) => {
      // A glob may name a directory that is not there: then nothing matches, which is told elsewhere.
      if (!isMissing(error))
        unreadable.push({ path: join(directory, relative(resolve(directory), path)), error });
      return [];
    });
    void found.then((entries) => done(null, entries));
  };
  const files = await glob(globs, {
    cwd: directory,
    expandDirectories: false,
    // The crawler calls only this form of fs.readdir, and of its entries only `name`, isFile() and the like.
    fs: { readdir: readdirOf as unknown as NonNullable<FileSystemAdapter['readdir']> },
  });
  return { files, unreadable };
}

export interface Matches {
  readonly files: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

export interface Unreadable {
  readonly path: string;
  readonly error: unknown;
}

export type ListDirectory = (path: string) => Promise<readonly Dirent[]>;

function listDirectory(path: string): Promise<readonly Dirent[]> {
  return readdir(path, { withFileTypes: true });
}

type Entry = Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

async function entriesOf(directory: string, list: ListDirectory): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await list(directory)) {
    if (entry.name.startsWith('.')) continue;
    const resolved = entry.isSymbolicLink() ? await targetOf(join(directory, entry.name)) : entry;
    if (resolved !== undefined) entries.push(resolved);
  }
  return entries;
}

/** What a link leads to, under the link's name; undefined when it leads nowhere or back to where it stands. */
async function targetOf(link: string): Promise<Entry | undefined> {
  try {
    const target = await stat(link);
    if (target.isDirectory() && (await leadsBack(link))) return undefined;
    return Object.assign(target, { name: link.slice(dirname(link).length).replace(/^\//, '') });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Looks at the directories on the way as they are written: two links may lead to each other's directory. */
async function leadsBack(link: string): Promise<boolean> {
  const target = await realpath(link);
  for (let above = dirname(resolve(link)); ; above = dirname(above)) {
    if ((await realpath(above)) === target) return true;
    if (above === dirname(above)) return false;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code);
}
