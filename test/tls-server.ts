/**
 * An embedded server that offers TLS, with the certificates of settings-certificates.ts and a pg_hba.conf of the test's. It asks clients
 * for certificates of the same authority, where pg_hba.conf says so; the only one there is has the name "localhost".
 */
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded, type EmbeddedServer } from '../src/db/embedded/server.js';
import {
  AUTHORITY,
  OTHER_AUTHORITY,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from './integration/settings-certificates.js';

export interface TlsServer {
  readonly server: EmbeddedServer;
  /** Has root.crt and other.crt, of the authority that signed the server's certificate and of one that did not. */
  readonly home: string;
  readonly stop: () => Promise<void>;
}

/** `roles` may log in with the password `secret`. */
export async function startTlsServer(hba: string, roles: readonly string[]): Promise<TlsServer> {
  const start = await startEmbedded({ connections: 20 });
  if (!start.ok) throw new Error(start.diagnostic.message);
  const { server } = start;
  const home = mkdtempSync(join(tmpdir(), 'pqrun-tls-'));
  writeFileSync(join(home, 'root.crt'), AUTHORITY);
  writeFileSync(join(home, 'other.crt'), OTHER_AUTHORITY);
  await offerTls(server, hba, roles);
  // The postmaster reloads when it gets to it; each look is a connection of its own.
  while (!(await offersTls(server))) continue;
  return {
    server,
    home,
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true });
    },
  };
}

async function offerTls(server: EmbeddedServer, hba: string, roles: readonly string[]): Promise<void> {
  const client = new pg.Client({ ...server, ssl: false });
  await client.connect();
  const query = async (sql: string): Promise<string> => {
    const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0] ?? '';
  };
  const directory = await query('SHOW data_directory');
  const { uid, gid } = statSync(directory);
  for (const [path, text] of [
    [join(directory, 'root.crt'), AUTHORITY],
    [join(directory, 'server.crt'), SERVER_CERTIFICATE],
    [join(directory, 'server.key'), SERVER_KEY],
    [await query('SHOW hba_file'), hba],
  ] as const) {
    writeFileSync(path, text);
    chownSync(path, uid, gid);
    chmodSync(path, 0o600);
  }
  for (const role of roles) await query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  await query("ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
  await query('ALTER SYSTEM SET ssl = on');
  await query('SELECT pg_reload_conf()');
  await client.end();
}

async function offersTls(server: EmbeddedServer): Promise<boolean> {
  const client = new pg.Client({ ...server, ssl: { rejectUnauthorized: false } });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
