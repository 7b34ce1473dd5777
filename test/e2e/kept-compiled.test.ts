import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test, type Workplace } from './pqrun.js';

/** Loaded into a run: so much garbage that V8 throws away what nobody has called for five collections, many times over. */
const LITTER = `
  setInterval(() => {
    globalThis.litter = Array.from({ length: 300_000 }, (_, n) => ({ n }));
  }, 10).unref();
`;

/** Bytes of what is kept of the first run in a new cache directory, by the bundle. */
async function keptOf(
  work: Workplace,
  cache: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Record<string, number>> {
  const root = join(work.directory, cache);
  mkdirSync(root);
  const { status, stderr } = await work.pqrun(['-c', 'SELECT pg_sleep(2)'], {
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
