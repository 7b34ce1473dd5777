import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeExecutable, mendLinks } from '../../../src/db/embedded/library-links.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
  await mkdir(path.join(root, 'lib'));
  await mkdir(path.join(root, 'bin'));
  await writeFile(path.join(root, 'lib', 'libpq.so.5.18'), 'library');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('missing links are made, relative ones, and a second time is harmless', async () => {
  await list([
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
  ]);
  await mendLinks(root);
  await mendLinks(root);
  expect(await readlink(path.join(root, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await readFile(path.join(root, 'lib', 'libpq.so'), 'utf8')).toBe('library');
});

test('a link out of the tree is not made', async () => {
  await list([
    { source: 'native/lib/libpq.so.5.18', target: 'native/../../outside.so' },
    { source: '/etc/passwd', target: 'native/lib/passwd' },
    { source: 1, target: 'native/lib/odd' },
  ]);
  await mendLinks(root);
  expect(await readdir(path.join(root, 'lib'))).toEqual(['libpq.so.5.18']);
  await expect(stat(path.join(root, '..', 'outside.so'))).rejects.toThrow('ENOENT');
});

test('a tree without a list of links is left alone', async () => {
  await mendLinks(root);
  expect(await readdir(path.join(root, 'lib'))).toEqual(['libpq.so.5.18']);
});

test('programs become executable for everybody', async () => {
  const program = path.join(root, 'bin', 'postgres');
  await writeFile(program, '');
  await chmod(program, 0o600);
  await makeExecutable(root);
  expect((await stat(program)).mode & 0o777).toBe(0o755);
});

async function list(links: readonly unknown[]): Promise<void> {
  await writeFile(path.join(root, 'pg-symlinks.json'), JSON.stringify(links));
}
