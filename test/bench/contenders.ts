import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { findPsql, type Command } from './measure.js';

/** The programs that are compared, as commands. */

const PROGRAM = resolve(import.meta.dirname, '../../bin/pqrun.js');

type Environment = Readonly<Record<string, string>>;

export function pqrun(args: readonly string[], env: Environment): Command {
  return { program: process.execPath, args: [PROGRAM, ...args], env };
}

export function psql(sql: string, env: Environment): Command {
  return { program: findPsql(), args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql], env };
}

/** Transactions of these scripts by turns, in random order, over as many connections and threads. Results are thrown away. */
export function pgbench(
  scripts: readonly string[],
  { transactions, connections, env }: PgbenchOptions,
): Command {
  const each = ['-t', String(Math.ceil(transactions / connections))];
  const width = ['-c', String(connections), '-j', String(connections)];
  const files = scripts.flatMap((path) => ['-f', path]);
  return { program: join(dirname(findPsql()), 'pgbench'), args: ['-n', ...width, ...each, ...files], env };
}

interface PgbenchOptions {
  readonly transactions: number;
  readonly connections: number;
  readonly env: Environment;
}

/** What people write in Python (python/queries.py); results are kept and printed as CSV. */
export function pythonQueries(
  how: 'pool' | 'joblib',
  {
    path,
    connections,
    env,
  }: { readonly path: string; readonly connections: number; readonly env: Environment },
): Command {
  return { program: PYTHON, args: [PYTHON_QUERIES, how, String(connections), path], env };
}

/** Debian: apt-get install python3-psycopg2 python3-joblib. */
export function hasPython(): boolean {
  return spawnSync(PYTHON, ['-c', 'import psycopg2, joblib']).status === 0;
}

const PYTHON = '/usr/bin/python3';
const PYTHON_QUERIES = resolve(import.meta.dirname, 'python/queries.py');

export function psqlFile(path: string, env: Environment): Command {
  return psqlFiles([path], env);
}

/** One psql for all of them, in this order. */
export function psqlFiles(paths: readonly string[], env: Environment, more: readonly string[] = []): Command {
  const files = paths.flatMap((path) => ['-f', path]);
  return { program: findPsql(), args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...more, ...files], env };
}
