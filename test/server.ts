/**
 * The PostgreSQL server of the integration and end-to-end tests: one throw-away embedded server for the whole run.
 * Tests take databases on it from test/database.ts.
 */
import type { TestProject } from 'vitest/node';
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
  }
}

let server: EmbeddedServer | undefined;

export async function setup(project: TestProject): Promise<void> {
  const start = await startEmbedded({ connections: 200 });
  if (!start.ok) throw new Error(`${start.diagnostic.message}\n${start.diagnostic.hint ?? ''}`);
  server = start.server;
  const { host, port, user, password, database } = server;
  project.provide('server', { host, port, user, password, database });
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
