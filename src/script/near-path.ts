import { readdir } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { closest } from './did-you-mean.js';

/**
 * A path that leads somewhere, like this one, which does not: each part that is not there is taken for another one in the same
 * directory, first of all for the one that has a `.sql` more. Undefined where nothing there is like it, or cannot be looked at.
 */
export async function nearPath(path: string): Promise<string | undefined> {
  let near = isAbsolute(path) ? sep : '.';
  for (const part of normalize(path).split(sep)) {
    if (NOT_LISTED.has(part)) {
      near = join(near, part);
      continue;
    }
    const names = await readdir(near).catch((): string[] => []);
    const there = [part, `${part}.sql`].find((name) => names.includes(name));
    const name = there ?? closest(part, names);
    if (name === undefined) return undefined;
    near = join(near, name);
  }
  // A link that leads nowhere is there.
  return near === normalize(path) ? undefined : near;
}

/** An absolute path begins, and that of a directory may end, with an empty part. */
const NOT_LISTED: ReadonlySet<string> = new Set(['', '.', '..']);
