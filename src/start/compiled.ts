import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { removeOld } from '../db/remove-old.js';

/**
 * Loads a CommonJS bundle as V8 compiled it the last time, functions that were called then included: to compile what a
 * run needs takes as long as all else that it does before its first statement.
 *
 * What V8 compiled is kept in the user's cache directory ($XDG_CACHE_HOME, else ~/.cache), a file for each build of the bundle
 * and each kind of V8 (its version, its flags, what the processor can do). V8 refuses what it cannot use, and then compiles
 * anew; when nothing can be read or written, the bundle is compiled each time, and nothing is said.
 *
 * Node has this built in from version 22 on, but not in 20, and there not for functions that are compiled late.
 */
export interface Compiled {
  readonly exports: unknown;
  /** Keeps what is compiled by now for the next process, unless one did within a day: another run calls other functions. */
  readonly keep: () => void;
}

/**
 * V8 throws away what it compiled of functions that nobody has called for five collections of garbage: what a run of a minute
 * keeps would lack all that it began with (half of it, and the next one takes 60 ms longer to start). Only where something will
 * be kept: flags are part of what kind of V8 it is, of which what Node has compiled of itself is, too, so that as long as one
 * is set each thread takes 35 ms longer to start.
 */
const FLUSHES_NOTHING = '--no-flush-bytecode';

/** Does it without that flag: what is kept is for a V8 as Node was built for. A thread of a run that keeps something finds it set. */
function asBuilt<Result>(work: () => Result): Result {
  const kind = cachedDataVersionTag();
  setFlagsFromString('--flush-bytecode');
  const wasSet = kind !== cachedDataVersionTag();
  try {
    return work();
  } finally {
    if (wasSet) setFlagsFromString(FLUSHES_NOTHING);
  }
}

/** In milliseconds. */
const DAY = 24 * 3600 * 1000;

/** `build`: differs whenever the bundle does. */
export function loadCompiled(path: string, build: string, environment = process.env): Compiled {
  const cache = asBuilt(() => cacheFile(build, environment));
  const kept = cache === undefined ? undefined : readIfThere(cache);
  // The bundle is ASCII: a character a byte saves V8 half of the memory, and Node the decoding.
  const source = readFileSync(path, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: path,
    ...(kept === undefined ? {} : { cachedData: kept.data }),
  });
  const isKept = kept !== undefined && kept.age < DAY && script.cachedDataRejected !== true;
  const willKeep = cache !== undefined && !isKept;
  if (willKeep) setFlagsFromString(FLUSHES_NOTHING);
  const module = { exports: {} as unknown };
  const evaluate = script.runInThisContext() as (...parts: readonly unknown[]) => void;
  evaluate.call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  return {
    exports: module.exports,
    keep: () => {
      if (!willKeep) return;
      const data = asBuilt(() => script.createCachedData());
      write(cache, data);
    },
  };
}

function cacheFile(build: string, environment: NodeJS.ProcessEnv): string | undefined {
  // As with Node's own cache. What is compiled already tells a measurement of coverage nothing.
  const { NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE, XDG_CACHE_HOME } = environment;
  if (NODE_DISABLE_COMPILE_CACHE === '1' || NODE_V8_COVERAGE !== undefined) return undefined;
  try {
    const directory = XDG_CACHE_HOME ?? join(homedir(), '.cache');
    return join(directory, 'pqrun', 'compiled', `${build}-${cachedDataVersionTag().toString(36)}`);
  } catch {
    // A user without a name has no home.
    return undefined;
  }
}

/** Only what this user has written: it is code that will be run. */
function readIfThere(path: string): { readonly data: Buffer; readonly age: number } | undefined {
  try {
    const { uid, mtimeMs } = statSync(path);
    const isOwn = process.getuid === undefined || uid === process.getuid();
    return isOwn ? { data: readFileSync(path), age: Date.now() - mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/** What has not been written for so long, in milliseconds, is of a build that is gone, or is written again when it is used. */
const OLD = 30 * DAY;

function write(path: string, data: Buffer): void {
  const directory = dirname(path);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'w', 0o600);
    writeFileSync(file, data);
    // V8 sees that a file is too short, but not that parts of it never reached the disk.
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
    removeOld(directory, OLD);
  } catch {
    // Only a cache.
  }
}
