import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import type { ScriptFile } from './script-file.js';

/** Paths that the commands of a script name, as psql takes them: from the working directory, or where `\cd` has led. */
export class ScriptPaths {
  /** Where `\cd` has led; undefined: nowhere. */
  #directory: string | undefined;

  resolve(path: string): string {
    const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
    return this.#directory === undefined ? expanded : resolve(this.#directory, expanded);
  }

  /** `\cd`; without a path it leads home. */
  change(path = '~'): void {
    this.#directory = resolve(this.resolve(path));
  }
}

/** The name of a file that is included: with `\ir` beside the file that includes it. */
export function includedName(path: string, relative: boolean, by: ScriptFile | undefined): string {
  if (!relative || isAbsolute(path) || by === undefined || !('path' in by.from)) return normalize(path);
  return join(dirname(by.name), path);
}
