/**
 * The PostgreSQL server of the integration and end-to-end tests: one throw-away embedded server for the whole run, or, with
 * PQRUN_TEST_SERVER=debian, one of the system's packages. Tests take databases on it from test/database.ts.
 */
import type { TestProject } from 'vitest/node';
import { startDebianServer } from './debian-server.js';
import { startEmbedded, type EmbeddedServer } from '../src/db/embedded/server.js';

export interface ServerAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database for administration; tests make their own. */
  readonly database: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: ServerAccess;
    /** The major version. */
    serverVersion: number;
  }
}

let server: { stop(): Promise<void> } | undefined;

export async function setup(project: TestProject): Promise<void> {
  const started = process.env.PQRUN_TEST_SERVER === 'debian' ? await fromPackages() : await embedded();
  server = started;
  const { host, port, user, password, database } = started;
  project.provide('server', { host, port, user, password, database });
  project.provide('serverVersion', Number.parseInt(started.version, 10));
}

async function embedded(): Promise<EmbeddedServer> {
  const start = await startEmbedded({ connections: 200 });
  if (start.ok) return start.server;
  throw new Error(`${start.diagnostic.message}\n${start.diagnostic.hint ?? ''}`);
}

async function fromPackages(): Promise<Omit<EmbeddedServer, 'directory'>> {
  const password = 'of-the-tests';
  const { host, port, user, stop, version } = await startDebianServer(
    'primary',
    { max_connections: '210' },
    password,
  );
  console.info(`tests run on PostgreSQL ${version}`);
  return { host, port, user, password, version, database: 'postgres', stop };
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
