import pg from 'pg';
import { inject } from 'vitest';
import { startDebianServer } from '../debian-server.js';

/** The embedded one, and that of the system's packages, which is older. */
export const SERVERS = ['embedded', 'system'] as const;

export interface OpenClient {
  readonly client: pg.Client;
  readonly close: () => Promise<void>;
}

/** A session of the superuser's on one of them. */
export async function openClient(kind: (typeof SERVERS)[number]): Promise<OpenClient> {
  const system = kind === 'system' ? await startDebianServer() : undefined;
  const { host, port, user, password } =
    system === undefined ? inject('server') : { ...system, password: '' };
  const client = new pg.Client({ host, port, user, password, database: 'postgres', ssl: false });
  await client.connect();
  return {
    client,
    close: async () => {
      await client.end();
      await system?.stop();
    },
  };
}
