import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { psql, run, type Database } from './program.js';

/** The programs that can restore a dump: pqrun, and psql, which says what is right. */

export interface Restoring {
  readonly files: readonly string[];
  readonly into: Database;
  /** pqrun's --jobs; psql has one connection anyway. */
  readonly jobs: number;
  /** More options of pqrun's. */
  readonly options?: readonly string[];
}

/** Rejects when the program does not end well. */
export type Restore = (restoring: Restoring) => Promise<void>;

const PQRUN = resolve(import.meta.dirname, '../../bin/pqrun.js');

/** Each file in a session of its own, as pqrun has it. */
export const restoreWithPsql: Restore = async ({ files, into }) => {
  for (const file of files) await psql(into, ['-f', file]);
};

export const restoreWithPqrun: Restore = async ({ files, into, jobs, options = [] }) => {
  const cache = mkdtempSync(join(tmpdir(), 'pqrun-cache-'));
  try {
    const argv = [process.execPath, PQRUN, '--quiet', '--jobs', String(jobs), ...options, ...files];
    await run(into, { argv, env: { XDG_CACHE_HOME: cache } });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
};

/** PQRUN_ORACLE=psql puts psql in pqrun's place: what then fails is the test's fault. */
export const restoreWithTested: Restore =
  process.env.PQRUN_ORACLE === 'psql' ? restoreWithPsql : restoreWithPqrun;
