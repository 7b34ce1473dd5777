import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeOld } from './remove-old.js';

/**
 * How long jobs took in the last run of the same inputs against the same target: a small file in the user's cache
 * directory ($XDG_CACHE_HOME, else ~/.cache). It holds hashes and milliseconds, nothing of the scripts. It is a cache: when
 * it cannot be read or written, a run is planned without it, and nothing is said. The first run of other inputs takes away what
 * no run has written for three months, so that where each build has a directory of its own they do not pile up.
 */
export class History {
  readonly #path: string;

  constructor(
    about: { readonly inputs: readonly string[]; readonly target: string },
    environment = process.env,
  ) {
    const cache = environment.XDG_CACHE_HOME ?? join(homedir(), '.cache');
    const key = createHash('sha1')
      .update(JSON.stringify([process.cwd(), about.inputs, about.target]))
      .digest('hex');
    this.#path = join(cache, 'pqrun', 'durations', `${key}.json`);
  }

  /** Milliseconds, by the jobs' fingerprints; empty when nothing is known. */
  async read(): Promise<ReadonlyMap<string, number>> {
    try {
      const known: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      if (typeof known !== 'object' || known === null) return new Map();
      return new Map(
        Object.entries(known).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
    } catch {
      return new Map();
    }
  }

  async write(durations: ReadonlyMap<string, number>): Promise<void> {
    const [directory, draft] = [dirname(this.#path), `${this.#path}.${process.pid}`];
    try {
      await mkdir(directory, { recursive: true });
      const isNew = !existsSync(this.#path);
      await writeFile(draft, JSON.stringify(Object.fromEntries(durations)));
      await rename(draft, this.#path);
      if (isNew) removeOld(directory, OLD);
    } catch {
      // Only a cache.
    }
  }
}

/** In milliseconds. */
const OLD = 90 * 24 * 3600 * 1000;
