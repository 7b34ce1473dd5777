import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'vitest';
import { findPsql } from '../bench/measure.js';
import { createDatabase, type TestDatabase } from '../database.js';
import { test as base, type Finished } from './pqrun.js';

/**
 * psql as the judge: the same files are run by pqrun and by the real psql, each in a directory and on a database of its
 * own. Standard output, the files that the scripts wrote, and all rows of all tables must be the same.
 */
export interface LikePsqlOptions {
  /** Of both programs: psql's own options. */
  readonly args?: readonly string[];
  /** pqrun's alone. */
  readonly pqrunArgs?: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run on both databases first. */
  readonly before?: string;
  /** The exit status of both: 0, or 3 where a failure is part of the test. */
  readonly status?: number;
}

export interface BothEnds {
  readonly pqrun: Finished;
  readonly psql: Finished;
}

export type Files = Readonly<Record<string, string | Buffer>>;
/** Runs the first of the files; the others are there for it. */
export type LikePsql = (files: Files, options?: LikePsqlOptions) => Promise<BothEnds>;

/** The second database and directory, for psql. */
export interface PsqlPlace {
  readonly database: TestDatabase;
  readonly directory: string;
  readonly psql: (args: readonly string[], options?: PsqlOptions) => Promise<Finished>;
}

interface PsqlOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const test = base.extend<{ psqlPlace: PsqlPlace; likePsql: LikePsql }>({
  // vitest wants a destructured first parameter: it reads from it what the fixture depends on.
  // eslint-disable-next-line no-empty-pattern
  psqlPlace: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'pqrun-psql-'));
    const database = await createDatabase();
    try {
      await use({
        database,
        directory,
        psql: (args, options = {}) => runPsql({ directory, database }, args, options),
      });
    } finally {
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
  likePsql: async ({ work, database, psqlPlace }, use) => {
    await use(async (files, options = {}) => {
      const [main = ''] = Object.keys(files);
      const { args = [], pqrunArgs = [], before, status = 0, stdin, env } = options;
      const more = { ...(stdin === undefined ? {} : { stdin }), ...(env === undefined ? {} : { env }) };
      if (before !== undefined) {
        await database.query(before);
        await psqlPlace.database.query(before);
      }
      work.write(files);
      write(psqlPlace.directory, files);
      const [pqrun, psql] = await Promise.all([
        work.pqrun([...args, ...pqrunArgs, main], more),
        psqlPlace.psql([...args, '-f', main], more),
      ]);
      const name = (text: string): string => text.replaceAll(psqlPlace.database.name, database.name);
      expect(name(psql.stdout), `psql says on standard error: ${psql.stderr}`).toBe(pqrun.stdout);
      expect({ status: psql.status, stderr: psql.stderr }).toMatchObject({ status });
      expect({ status: pqrun.status, stderr: pqrun.stderr }).toMatchObject({ status });
      expect(filesBelow(work.directory)).toEqual(filesBelow(psqlPlace.directory));
      expect(await contents(database)).toEqual(await contents(psqlPlace.database));
      return { pqrun, psql };
    });
  },
});

/** All rows of all tables, by name. */
export async function contents(database: TestDatabase): Promise<Readonly<Record<string, unknown>>> {
  const tables = await database.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const rows = await database.query(`SELECT t::text AS row FROM ${String(name)} t ORDER BY 1`);
    found[String(name)] = rows.map(({ row }) => row);
  }
  return found;
}

function runPsql(
  { directory, database }: Pick<PsqlPlace, 'directory' | 'database'>,
  args: readonly string[],
  { stdin = '', env = {} }: PsqlOptions,
): Promise<Finished> {
  const own = ['-X', '-q', '-v', 'ON_ERROR_STOP=on'];
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return new Promise((resolve, reject) => {
    const child = spawn(findPsql(), [...own, ...args], {
      cwd: directory,
      env: { ...Object.fromEntries(kept), PGCLIENTENCODING: 'UTF8', ...database.env, ...env },
      stdio: 'pipe',
    });
    let [stdout, stderr] = ['', ''];
    child.stdin.on('error', () => undefined).end(stdin);
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

function write(directory: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Their contents, by relative path. */
function filesBelow(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) =>
    join(directory, path),
  );
  const files = paths.filter((path) => statSync(path).isFile()).toSorted();
  return Object.fromEntries(files.map((path) => [relative(directory, path), readFileSync(path, 'latin1')]));
}
