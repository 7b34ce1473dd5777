import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { startDebianServer } from '../debian-server.js';

/** The embedded one, and that of the system's packages, which is older. */
export const SERVERS = ['embedded', 'system'] as const;

interface OpenClient {
  readonly client: pg.Client;
  readonly close: () => Promise<void>;
}

/** A session of the superuser's on one of them. */
async function openClient(kind: (typeof SERVERS)[number]): Promise<OpenClient> {
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

/** The same, for all tests of a describe. */
export function openedClient(kind: (typeof SERVERS)[number]): () => pg.Client {
  let server: OpenClient;
  beforeAll(async () => {
    server = await openClient(kind);
  });
  afterAll(() => server.close());
  return () => server.client;
}
