import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test, type Workplace } from './pqrun.js';

/**
 * Loaded into a run: so much garbage that V8 throws away what nobody has called for five collections, many times over. Only until
 * something is kept: what is kept is made without the flag that forbids it.
 */
const LITTER = `
  const littering = setInterval(() => {
    globalThis.litter = Array.from({ length: 300_000 }, (_, n) => ({ n }));
  }, 10).unref();
  setTimeout(() => clearInterval(littering), 5000).unref();
`;

/** Bytes of what is kept of the first run in a new cache directory, by the bundle. */
async function keptOf(
  work: Workplace,
  cache: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Record<string, number>> {
  const root = join(work.directory, cache);
  mkdirSync(root);
  const { status, stderr } = await work.pqrun(['-c', 'SELECT pg_sleep(6)'], {
    env: { ...env, XDG_CACHE_HOME: root },
  });
  expect(status, stderr).toBe(0);
  const kept = join(root, 'pqrun', 'compiled');
  return Object.fromEntries(
    readdirSync(kept).map((name) => [name.replace(/-.*/, ''), statSync(join(kept, name)).size]),
  );
}

test('a long run keeps as much of what was compiled as a short one', async ({ work }) => {
  work.write({ 'litter.cjs': LITTER });
  const short = await keptOf(work, 'short');
  const long = await keptOf(work, 'long', {
    NODE_OPTIONS: `--require=${join(work.directory, 'litter.cjs')}`,
  });
  expect(Object.keys(short)).toEqual(['pqrun', 'worker']);
  expect(Object.keys(long)).toEqual(['pqrun', 'worker']);
  for (const [bundle, size] of Object.entries(short)) expect(long[bundle]).toBeGreaterThan(size * 0.95);
});

/** Loaded into a run: writes down what kind of V8 each thread begins with, and the main one ends with. */
const KINDS = `
  const { appendFileSync } = require('node:fs');
  const { cachedDataVersionTag } = require('node:v8');
  const tell = () => appendFileSync(process.env.KINDS, cachedDataVersionTag() + '\\n');
  tell();
  if (require('node:worker_threads').isMainThread) process.on('exit', tell);
`;

test('a run leaves V8 as Node was built for, so that what was compiled ahead is of use to all its threads', async ({
  work,
}) => {
  const kinds = join(work.directory, 'kinds');
  const env = {
    NODE_OPTIONS: `--require=${join(work.directory, 'kinds.cjs')}`,
    XDG_CACHE_HOME: join(work.directory, 'cache'),
    KINDS: kinds,
  };
  const scripts = ['1', '2', '3'].map((name) => [`s/${name}.sql`, 'SELECT pg_sleep(1);\n'] as const);
  work.write({ 'kinds.cjs': KINDS, ...Object.fromEntries(scripts) });
  for (const time of ['the first keeps what it has compiled', 'the second finds it']) {
    rmSync(kinds, { force: true });
    const { status, stderr } = await work.pqrun(['s', '-j', '3', '--no-history'], { env });
    expect(status, `${time}: ${stderr}`).toBe(0);
  }
  const seen = readFileSync(kinds, 'utf8').trim().split('\n');
  expect(seen).toHaveLength(Math.min(3, availableParallelism()) + 2);
  // The first thread may begin just while the parser is made.
  expect(new Set(seen.toSpliced(1, 1)).size).toBe(1);
});
