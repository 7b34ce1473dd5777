import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/db/embedded/server.js';

/**
 * An embedded server with PostgreSQL's own settings: commits wait for the disk, unless whoever commits says otherwise.
 * (The one that the other cases share does without.)
 */
export async function onDurableServer<T>(
  action: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  // Made by whoever the server runs as.
  const directory = join(tmpdir(), `pqrun-bench-server-${randomBytes(4).toString('hex')}`);
  try {
    const started = await startEmbedded({ directory, connections: 20 });
    if (!started.ok) throw new Error(started.diagnostic.message);
    const { host, port, user, password, database } = started.server;
    try {
      return await action({
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: user,
        PGPASSWORD: password,
        PGDATABASE: database,
      });
    } finally {
      await started.server.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
