import { readdir } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { closest } from './did-you-mean.js';

/**
 * A path that leads somewhere, like this one, which does not: its first part that is not there is taken for another one in
 * the same directory (what has only lost its `.sql`, first of all), and so on to its end. Undefined where nothing there is like it, or cannot be looked at.
 */
export async function nearPath(path: string): Promise<string | undefined> {
  if (path === '') return undefined;
  const [first = '', ...parts] = normalize(path).split(sep);
  // What begins at the root begins with an empty part.
  let near = first === '' ? sep : '';
  for (const part of first === '' ? parts : [first, ...parts]) {
    if (part === '' || part === '..') {
      near = join(near, part);
      continue;
    }
    const names = await readdir(near === '' ? '.' : near).catch((): string[] => []);
    const there = [part, `${part}.sql`].find((name) => names.includes(name));
    const name = there ?? closest(part, names);
    if (name === undefined) return undefined;
    near = join(near, name);
  }
  // A link that leads nowhere is there.
  return near === normalize(path) ? undefined : near;
}
