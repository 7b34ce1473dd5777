import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { SERVER_CERTIFICATE, SERVER_KEY } from '../integration/settings-certificates.js';
import { startTlsServer, type TlsServer } from '../tls-server.js';
import { test, type StartOptions, type Workplace } from './pqrun.js';

/**
 * The program itself over TLS, with all that libpq knows of it at once: the server's certificate is verified by its name, the client
 * shows one of its own, and the password is bound to the channel. Each connection of a run is such a one.
 */

const HBA = `
hostssl   all localhost all scram-sha-256 clientcert=verify-full
host      all localhost all reject
hostssl   all somebody  all scram-sha-256 clientcert=verify-full
hostssl   all trusted   all trust
host      all postgres  all scram-sha-256
host      all all       all scram-sha-256
`;
let tls: TlsServer;
let watcher: pg.Client;

beforeAll(async () => {
  tls = await startTlsServer(HBA, ['localhost', 'somebody', 'trusted']);
  writeFileSync(join(tls.home, 'client.crt'), SERVER_CERTIFICATE);
  writeFileSync(join(tls.home, 'client.key'), SERVER_KEY, { mode: 0o600 });
  watcher = new pg.Client({ ...tls.server, ssl: false });
  await watcher.connect();
  await watcher.query('CREATE DATABASE work OWNER localhost');
});
afterAll(async () => {
  await watcher.end();
  await tls.stop();
});

const SCRIPTS = Object.fromEntries(
  [1, 2, 3, 4].map((number) => [
    `build/${number}.sql`,
    `CREATE TABLE IF NOT EXISTS seen${number} (pid int, ssl bool, dn text);
INSERT INTO seen${number} SELECT pid, ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid();
SELECT pg_advisory_lock_shared(42);\n`,
  ]),
);

async function inWork(sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ ...tls.server, database: 'work', ssl: false });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

type Changes = Readonly<Record<string, string | undefined>>;

/** By libpq's environment variables, with changes. */
function environment(changes: Changes = {}): NonNullable<StartOptions['env']> {
  const file = (name: string): string => join(tls.home, name);
  return {
    PGHOST: 'localhost',
    PGHOSTADDR: '127.0.0.1',
    PGPORT: String(tls.server.port),
    PGUSER: 'localhost',
    PGPASSWORD: 'secret',
    PGDATABASE: 'work',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: file('root.crt'),
    PGSSLCERT: file('client.crt'),
    PGSSLKEY: file('client.key'),
    PGCHANNELBINDING: 'require',
    ...changes,
  };
}

/** The sessions of a run, and how each is connected. */
async function sessions(): Promise<
  readonly { readonly name: string; readonly ssl: boolean; readonly dn: string }[]
> {
  const { rows } = await watcher.query<{ name: string; ssl: boolean; dn: string }>(
    `SELECT application_name AS name, ssl, client_dn AS dn FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
      WHERE application_name LIKE 'pqrun%' ORDER BY 1`,
  );
  return rows;
}

const WAITING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted";
const waiting = async (): Promise<number> => (await watcher.query(WAITING)).rows.length;

/** A run of four jobs that wait for a lock, which is held meanwhile. */
async function whileItWaits(
  work: Workplace,
  then: (run: ReturnType<Workplace['start']>) => Promise<void>,
): Promise<void> {
  const holder = new pg.Client({ ...tls.server, database: 'work', ssl: false });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock(42)');
  work.write(SCRIPTS);
  const run = work.start(['build', '-j', '4', '--order', 'none', '--journal'], { env: environment() });
  try {
    await expect.poll(waiting, { timeout: 30_000 }).toBe(4);
    await then(run);
  } finally {
    await holder.end();
  }
}

test('every connection of a run is verified, shows its certificate, and is cancelled by Ctrl-C', async ({
  work,
}) => {
  await whileItWaits(work, async (run) => {
    const all = await sessions();
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['pqrun: control', 'pqrun: journal']));
    expect(all).toHaveLength(6);
    expect(all.filter(({ ssl, dn }) => !ssl || dn !== '/CN=localhost')).toEqual([]);
    run.process.kill('SIGINT');
    expect((await run.finished).status).toBe(130);
    expect(await sessions()).toEqual([]);
  });
  work.write(SCRIPTS);
  const { status, stderr } = await work.pqrun(['build', '-j', '4', '--order', 'none', '--journal'], {
    env: environment(),
  });
  expect(status, stderr).toBe(0);
  expect(await inWork('SELECT name FROM pqrun.job')).toHaveLength(4);
  const seen = [1, 2, 3, 4].map((number) => `SELECT ssl, dn FROM seen${number}`).join(' UNION ');
  expect(await inWork(seen)).toEqual([{ ssl: true, dn: '/CN=localhost' }]);
});

for (const [what, changes, says] of [
  [
    'a host of another name',
    { PGHOST: '127.0.0.1', PGHOSTADDR: undefined },
    /certificate .* was not accepted/,
  ],
  ['a certificate of another authority', { PGSSLROOTCERT: 'other.crt' }, /certificate .* was not accepted/],
  ['no authority', { PGSSLROOTCERT: 'none.crt' }, /no root certificate file/],
  ['no certificate of the client', { PGSSLCERT: 'none.crt', PGSSLKEY: undefined }, /client certificate/],
  ['a certificate of somebody else', { PGUSER: 'somebody' }, /refused the connection/],
  ['no TLS', { PGSSLMODE: 'disable', PGCHANNELBINDING: 'prefer' }, /pg_hba\.conf/],
  ['a channel that nothing binds to', { PGUSER: 'trusted' }, /channel_binding=require cannot be had/],
  ['a wrong password', { PGPASSWORD: 'wrong' }, /the password came from PGPASSWORD/],
] as const)
  test(`${what} is refused, and nothing is run`, async ({ work }) => {
    const own: Changes = Object.fromEntries(
      Object.entries(changes).map(([name, value]: [string, string | undefined]) => [
        name,
        value?.endsWith('.crt') === true ? join(tls.home, value) : value,
      ]),
    );
    const { status, stderr } = await work.pqrun(['-c', 'CREATE TABLE touched ()'], { env: environment(own) });
    expect(status, stderr).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain('secret');
    expect(await inWork("SELECT FROM pg_class WHERE relname = 'touched'")).toEqual([]);
  });
