import type { Dirent } from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { matchFiles } from '../../../src/script/manifest-files.js';

const root = mkdtempSync(join(tmpdir(), 'pqrun-globs-'));
const build = join(root, 'build');

beforeAll(() => {
  for (const file of ['build/a.sql', 'build/.b.sql', 'build/.git/c.sql', 'build/sub/d.sql', 'shared/e.sql']) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  symlinkSync('../shared/e.sql', join(build, 'link.sql'));
  symlinkSync('../shared', join(build, 'linked'));
  symlinkSync('..', join(build, 'sub', 'up'));
  symlinkSync('nowhere', join(build, 'broken.sql'));
  // Each of two directories has a link to the other.
  symlinkSync('../build', join(root, 'shared', 'back'));
});
afterAll(() => rmSync(root, { recursive: true }));

async function match(...globs: string[]): Promise<readonly string[]> {
  return (await matchFiles(globs, build)).files.toSorted();
}

it('finds what is below, without dot files', async () => {
  expect(await match('*.sql')).toEqual(['a.sql', 'link.sql']);
  expect(await match('.b.sql', '.git/*.sql')).toEqual([]);
});

it('follows links to files and directories, but none back to where it stands', async () => {
  expect(await match('**/*.sql')).toEqual(['a.sql', 'link.sql', 'linked/e.sql', 'sub/d.sql']);
});

it('goes outside the directory only where a glob says so', async () => {
  expect(await match('../shared/*.sql')).toEqual(['../shared/e.sql']);
});

it('takes away what a glob with an exclamation mark matches', async () => {
  expect(await match('**/*.sql', '!**/e.sql', '!sub/**')).toEqual(['a.sql', 'link.sql']);
});

it.each(['nowhere/*.sql', 'sub', '[', 'broken.sql'])('matches nothing: %s', async (glob) => {
  expect(await matchFiles([glob], build)).toEqual({ files: [], unreadable: [] });
});

it('tells a directory that it may not read, by the path that leads to it, and goes on', async () => {
  const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const list = (path: string): Promise<readonly Dirent[]> =>
    basename(path) === 'sub' ? Promise.reject(refused) : readdir(path, { withFileTypes: true });
  const found = await matchFiles(['**/*.sql'], build, list);
  expect(found.files.toSorted()).toEqual(['a.sql', 'link.sql', 'linked/e.sql']);
  expect(found.unreadable).toEqual([{ path: join(build, 'sub'), error: refused }]);
});
