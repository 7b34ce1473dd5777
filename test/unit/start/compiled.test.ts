import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadCompiled } from '../../../src/start/compiled.js';

let root: string;
let bundle: string;
let kept: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pqrun-test-'));
  bundle = join(root, 'bundle.cjs');
  kept = join(root, 'cache', 'pqrun', 'compiled');
  writeFileSync(
    bundle,
    `const { basename } = require('node:path');
     exports.twice = (n) => n * 2;
     exports.place = basename(__filename) + ' in ' + basename(__dirname);`,
  );
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Bundle {
  readonly twice: (n: number) => number;
  readonly place: string;
}

/** As a process that calls something, and keeps what is compiled. */
function use(build: string, environment: NodeJS.ProcessEnv = {}): Bundle {
  const { exports, keep } = loadCompiled(bundle, build, {
    XDG_CACHE_HOME: join(root, 'cache'),
    ...environment,
  });
  const { twice, place } = exports as Bundle;
  expect(twice(21)).toBe(42);
  keep();
  return { twice, place };
}

it('evaluates the bundle as Node would', () => {
  expect(use('a').place).toMatch(/^bundle\.cjs in pqrun-test-/);
});

it('keeps what is compiled once', () => {
  use('a');
  const [name = ''] = readdirSync(kept);
  expect(name).toMatch(/^a-/);
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(join(kept, name), long, long);
  use('a');
  expect(readdirSync(kept)).toEqual([name]);
  expect(statSync(join(kept, name)).mtimeMs).toBeCloseTo(long.getTime(), -1);
});

it('keeps it once more the next day', () => {
  use('a');
  const [name = ''] = readdirSync(kept);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(kept, name), yesterday, yesterday);
  use('a');
  expect(statSync(join(kept, name)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
});

it('compiles anew what V8 refuses, and keeps that', () => {
  use('a');
  const [name = ''] = readdirSync(kept);
  writeFileSync(join(kept, name), 'nothing of V8’s');
  // What this process has compiled already V8 need not look for.
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('n * 2', '2 * n'));
  use('a');
  expect(readFileSync(join(kept, name)).length).toBeGreaterThan(100);
  expect(readFileSync(join(kept, name), 'utf8')).not.toContain('nothing');
});

it('has a file for each build', () => {
  use('a');
  use('b');
  expect(readdirSync(kept).map((name) => name.slice(0, 2))).toEqual(['a-', 'b-']);
});

it('takes away what has not been written for a month', () => {
  mkdirSync(kept, { recursive: true });
  const [old, young] = [join(kept, 'old'), join(kept, 'young')];
  for (const path of [old, young]) writeFileSync(path, '');
  const long = new Date(Date.now() - 31 * 24 * 3_600_000);
  utimesSync(old, long, long);
  use('a');
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
});

it.each([
  ['Node is told to keep nothing', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ['coverage is measured', { NODE_V8_COVERAGE: '/nowhere' }],
])('keeps nothing where %s', (_, environment) => {
  use('a', environment);
  expect(existsSync(kept)).toBe(false);
});

it('does not run what somebody else has written', () => {
  use('a');
  const [name = ''] = readdirSync(kept);
  const before = readFileSync(join(kept, name));
  const uid = process.getuid?.() ?? 0;
  vi.spyOn(process, 'getuid').mockReturnValue(uid + 1);
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('n * 2', 'n + n'));
  use('a');
  vi.restoreAllMocks();
  expect(readFileSync(join(kept, name)).equals(before)).toBe(false);
});

it('goes without where it cannot write', () => {
  writeFileSync(join(root, 'cache'), 'a file');
  use('a');
  expect(use('a').place).toContain('bundle.cjs');
});
