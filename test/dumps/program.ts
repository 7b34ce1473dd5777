import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { DebianServer } from '../debian-server.js';

/** A database of a Debian server, and the programs that come with the server. */

export interface Database {
  readonly server: DebianServer;
  readonly name: string;
}

export interface Command {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program that finds the database in its PG* variables; rejects with its standard error when it fails. */
export function run({ server, name }: Database, { argv, env }: Command): Promise<Buffer> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? '', args, {
      env: { ...withoutPostgres(process.env), ...server.env, PGDATABASE: name, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(output));
      else reject(new Error(`${argv.join(' ')} ended with ${String(status)}:\n${complaints.slice(-4000)}`));
    });
  });
}

/** The server's own psql; stops at the first error. */
export async function psql(database: Database, args: readonly string[]): Promise<void> {
  const options = ['-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1'];
  await run(database, { argv: [join(database.server.bin, 'psql'), ...options, ...args] });
}

/** Makes an empty database, as pg_dump's documentation advises for restoring. */
export async function createDatabase(server: DebianServer, name: string): Promise<Database> {
  await administer(server, `CREATE DATABASE ${quoted(name)} TEMPLATE template0`);
  return { server, name };
}

/** Runs SQL in the database for administration, each argument a transaction of its own. */
export async function administer(server: DebianServer, ...statements: readonly string[]): Promise<void> {
  await psql(
    { server, name: 'postgres' },
    statements.flatMap((sql) => ['-c', sql]),
  );
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function withoutPostgres(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(PG|DATABASE_URL)/.test(name)));
}
