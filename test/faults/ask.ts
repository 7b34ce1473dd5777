import pg from 'pg';
import type { DebianServer } from '../debian-server.js';

/** Over a connection of its own: the server may have been killed since the last one. */
export async function ask(
  { host, port, user }: DebianServer,
  database: string,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ host, port, user, database, ssl: false, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    // It never ends where the server is gone.
    void client.end().catch(() => undefined);
  }
}
