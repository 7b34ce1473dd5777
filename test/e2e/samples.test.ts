import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test as plain } from 'vitest';
import { PROGRAM, test } from './pqrun.js';

/** The samples and the commands of the README, as a newcomer types them. */

const samples = resolve(import.meta.dirname, '../../sql-samples');

plain('quickstart runs on an embedded server, with nothing installed, and leaves nothing', () => {
  const servers = (): readonly string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('pqrun-server-'));
  const before = servers();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, resolve(samples, 'quickstart'), '--embedded', '--jobs', '4'],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain('done:');
  expect(status).toBe(0);
  expect(stdout).toContain('rows)');
  expect(servers().filter((name) => !before.includes(name))).toEqual([]);
});

test('quickstart can be run again on the same database', async ({ work }) => {
  for (const round of [1, 2]) {
    const { status, stderr } = await work.pqrun([resolve(samples, 'quickstart'), '-j', '2', '-q']);
    expect([round, status, stderr]).toEqual([round, 0, '']);
  }
});

test('random-numbers is twenty million rows in one split', async ({ work }) => {
  const { status, stdout } = await work.pqrun([resolve(samples, 'random-numbers'), '--dry-run', '-j', '7']);
  expect(status).toBe(0);
  expect(stdout).toContain('split into 7 pieces of 2,857,143 rows');
});
