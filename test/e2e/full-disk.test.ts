import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestDatabase } from '../database.js';
import { PROGRAM, test } from './pqrun.js';

/** What pqrun prints stands in a file, and the disk is full: results are not lost without a word, and nobody speaks of a bug. */

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs pqrun with its standard output and error in these files. */
function printInto(
  { stdout, stderr }: Printed,
  args: readonly string[],
  { env }: TestDatabase,
): number | null {
  const files = [openSync(stdout, 'w'), openSync(stderr, 'w')];
  try {
    const stdio = ['ignore', ...files] as const;
    return spawnSync(process.execPath, [PROGRAM, ...args], {
      stdio: [...stdio],
      env: { ...process.env, ...env },
    }).status;
  } finally {
    for (const file of files) closeSync(file);
  }
}

const FULL = '/dev/full';
const ROWS = 'SELECT generate_series(1, 100000)';

test.for([
  [['-q', '-c', 'SELECT 1'], 3],
  [['-q', '-e', '-c', '\\echo one', '-c', 'SELECT 1'], 3],
  [['-q', '-c', ROWS, '-c', 'SELECT 2'], 3],
  [['plan', '-c', 'SELECT 1'], 1],
  [['explain', '-c', 'SELECT 1'], 1],
] as const)('standard output on a full disk: %j', ([args, status], { work, database }) => {
  const stderr = join(work.directory, 'stderr');
  expect(printInto({ stdout: FULL, stderr }, args, database)).toBe(status);
  const told = readFileSync(stderr, 'utf8');
  expect(told).toMatch(/error: (?:standard output cannot|the results cannot) be written: .*ENOSPC.*\nhint: /);
  expect(told.match(/error/g)).toHaveLength(1);
});

test('standard error on a full disk does not end a run', ({ work, database }) => {
  const stdout = join(work.directory, 'stdout');
  const args = ['-A', '-t', '-c', 'SELECT 1', '-c', 'SELECT 2', '-c', '\\warn three'];
  expect(printInto({ stdout, stderr: FULL }, args, database)).toBe(0);
  expect(readFileSync(stdout, 'utf8')).toBe('1\n2\n');
});

/** In kilobytes; undefined: this system does not let its user mount one. */
function mountDisk(directory: string, size: number): string | undefined {
  const disk = join(directory, 'disk');
  mkdirSync(disk);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', disk]);
  return status === 0 ? disk : undefined;
}

// The last of several megabytes is written in part, which is no error to the system, and to Node's own stream neither.
test('what is written in part is not taken for written', ({ work, database, skip }) => {
  const disk = mountDisk(work.directory, 64);
  if (disk === undefined) return skip();
  try {
    const [stdout, stderr] = [join(disk, 'stdout'), join(work.directory, 'stderr')];
    expect(printInto({ stdout, stderr }, ['-q', '-c', ROWS], database)).toBe(3);
    expect(statSync(stdout).size).toBe(65_536);
    expect(readFileSync(stderr, 'utf8')).toContain('cannot be written');
  } finally {
    execFileSync('umount', [disk]);
  }
});
