import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedServer } from '../../src/db/embedded/server.js';
import { openClient, type Opened } from '../../src/db/open.js';
import { requestCancel } from '../../src/db/shards/cancel-request.js';
import { resolveConnection, systemSurroundings } from '../../src/db/settings/resolve.js';
import { startTlsServer } from '../tls-server.js';
import { SERVER_CERTIFICATE, SERVER_KEY } from './settings-certificates.js';

/** A server of its own, because it offers TLS and has a pg_hba.conf that depends on it. */
const HBA = `
hostssl   all by_tls   all scram-sha-256
hostnossl all by_plain all scram-sha-256
host      all trusted  all trust
host      all by_tls   all reject
host      all by_plain all reject
host      all all      all scram-sha-256
`;
let home = '';
let server: EmbeddedServer;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ server, home, stop } = await startTlsServer(HBA, ['by_tls', 'by_plain', 'trusted']));
});

afterAll(() => stop());

async function open(extra: string): Promise<Opened> {
  const dbname = `host=localhost hostaddr=127.0.0.1 port=${server.port} dbname=postgres ${extra}`;
  const read = resolveConnection({ dbname }, { ...systemSurroundings(), env: {}, home });
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('; '));
  return openClient(read.value, { applicationName: 'pqrun test', serverSettings: {} });
}

/** `tls` or `plain`, or why it was not opened. */
async function way(extra: string): Promise<string> {
  const opened = await open(extra);
  if (!opened.ok) return `${opened.failure.message} | ${opened.failure.hint ?? ''}`;
  const { rows } = await opened.client.query<{ ssl: boolean }>(
    'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  );
  await opened.client.end();
  return rows[0]?.ssl === true ? 'tls' : 'plain';
}

const login = (user: string): string => `user=${user} password=secret`;
const root = (name: string): string => `sslrootcert=${join(home, name)}`;

describe('sslmode', () => {
  it.each([
    ['disable', 'by_plain', 'plain'],
    ['allow', 'trusted', 'plain'],
    ['allow', 'by_tls', 'tls'],
    ['prefer', 'trusted', 'tls'],
    ['prefer', 'by_plain', 'plain'],
    ['require', 'trusted', 'tls'],
  ])('%s, for the user %s, is %s', async (mode, user, expected) => {
    expect(await way(`sslmode=${mode} ${login(user)}`)).toBe(expected);
  });

  it.each([
    ['disable', 'by_tls'],
    ['require', 'by_plain'],
  ])('%s does not let the user %s in', async (mode, user) => {
    expect(await way(`sslmode=${mode} ${login(user)}`)).toContain('pg_hba.conf');
  });

  it('prefer tells the wrong password rather than the other way that is not allowed', async () => {
    for (const user of ['by_tls', 'by_plain']) {
      expect(await way(`user=${user} password=wrong`)).toContain('the password came from -d');
    }
  });
});

describe('certificates', () => {
  it('are verified against the root certificate', async () => {
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      expect(await way(`sslmode=${mode} ${root('root.crt')} ${login('by_tls')}`)).toBe('tls');
      expect(await way(`sslmode=${mode} ${root('other.crt')} ${login('by_tls')}`)).toMatch(
        /certificate .* was not accepted.*sslrootcert=/,
      );
    }
  });

  it('are verified by require only where the root certificate exists', async () => {
    expect(await way(`sslmode=require ${root('none.crt')} ${login('by_tls')}`)).toBe('tls');
    expect(await way(`sslmode=verify-ca ${root('none.crt')} ${login('by_tls')}`)).toMatch(
      /no root certificate file, which sslmode=verify-ca needs/,
    );
  });

  it('must have the name of the host for verify-full, and for no other', async () => {
    const address = `host=127.0.0.1 ${root('root.crt')} ${login('by_tls')}`;
    expect(await way(`sslmode=verify-ca ${address}`)).toBe('tls');
    expect(await way(`sslmode=verify-full ${address}`)).toMatch(
      /not accepted.*by a name that the certificate has/,
    );
  });

  it("must be signed by one of the system's authorities with sslrootcert=system", async () => {
    expect(await way(`sslrootcert=system ${login('by_tls')}`)).toMatch(/certificate .* was not accepted/);
  });

  it('that are not accepted lead to a plain connection with prefer', async () => {
    expect(await way(`sslmode=prefer ${root('other.crt')} ${login('trusted')}`)).toBe('plain');
  });

  it('of the client need a key that only its owner may read', async () => {
    writeFileSync(join(home, 'client.crt'), SERVER_CERTIFICATE);
    writeFileSync(join(home, 'client.key'), SERVER_KEY, { mode: 0o644 });
    const certificate = `sslmode=require sslcert=${join(home, 'client.crt')} ${login('by_tls')}`;
    expect(await way(`${certificate} sslkey=${join(home, 'none')}`)).toContain('not its private key');
    const key = `sslkey=${join(home, 'client.key')}`;
    expect(await way(`${certificate} ${key}`)).toContain('chmod 0600');
    chmodSync(join(home, 'client.key'), 0o600);
    expect(await way(`${certificate} ${key}`)).toBe('tls');
  });
});

describe('TLS from the first byte (sslnegotiation=direct)', () => {
  it('connects', async () => {
    expect(await way(`sslmode=require sslnegotiation=direct ${login('by_tls')}`)).toBe('tls');
  });
});

describe('channel_binding=require', () => {
  it('connects where the password is bound to the TLS channel', async () => {
    expect(await way(`channel_binding=require ${login('by_tls')}`)).toBe('tls');
  });

  it('does not trust a server that asks for nothing, or that has no TLS', async () => {
    for (const extra of [login('trusted'), `sslmode=disable ${login('by_plain')}`]) {
      expect(await way(`channel_binding=require ${extra}`)).toContain(
        'channel_binding=require cannot be had',
      );
    }
  });
});

describe('a CancelRequest', () => {
  it.each([
    `sslmode=disable ${login('by_plain')}`,
    `sslmode=require ${login('by_tls')}`,
    `sslmode=require sslnegotiation=direct ${login('by_tls')}`,
  ])('goes the way of the session: %s', async (way) => {
    const opened = await open(way);
    if (!opened.ok) throw new Error(opened.failure.message);
    const { client } = opened;
    const sleep = client.query('SELECT pg_sleep(60)').then(undefined, String);
    const asking = setInterval(() => void requestCancel(client), 100);
    expect(await sleep).toContain('canceling statement');
    clearInterval(asking);
    await client.end();
  });

  it('to a server that is gone is over soon', async () => {
    const opened = await open(`sslmode=require ${login('by_tls')}`);
    if (!opened.ok) throw new Error(opened.failure.message);
    const { client } = opened;
    await client.end();
    client.port = 1;
    await requestCancel(client);
  });
});
