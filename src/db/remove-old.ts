import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of a directory of a cache: takes away the files that nobody has written for so many milliseconds. Throws what Node does. */
export function removeOld(directory: string, age: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > age) rmSync(path, { force: true });
  }
}
