/** What this machine, or the container on it, has to give to a server: memory and a free port. */
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { totalmem } from 'node:os';

export const LOOPBACK = '127.0.0.1';

/** Bytes. A container's limit where there is one: it reads as 0, or as more than there is, where there is none. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Free bytes in /dev/shm, where PostgreSQL on Linux puts what parallel workers share; undefined elsewhere. */
export async function freeSharedMemory(): Promise<number | undefined> {
  const stat = await statfs('/dev/shm').catch(() => undefined);
  return stat === undefined ? undefined : stat.bavail * stat.bsize;
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
