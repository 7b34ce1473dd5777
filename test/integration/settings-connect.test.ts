import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openClient, type Opened } from '../../src/db/open.js';
import {
  resolveConnection,
  systemSurroundings,
  type ConnectionFlags,
} from '../../src/db/settings/resolve.js';
import { createDatabase, type TestDatabase } from '../database.js';

const server = inject('server');
const PASSWORD = `p:a@s/s%'w\\ ${randomBytes(4).toString('hex')}`;
const ROLE = `settings_${randomBytes(4).toString('hex')}`;
const HOME = mkdtempSync(join(tmpdir(), 'pqrun-settings-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
  await database.query(`CREATE ROLE ${ROLE}_barred NOLOGIN PASSWORD 'x'`);
});

afterAll(async () => {
  await database.query(`DROP ROLE ${ROLE}, ${ROLE}_barred`);
  await database.drop();
  rmSync(HOME, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

type Env = Readonly<Record<string, string>>;

const SERVER_SETTINGS = { synchronous_commit: 'off', search_path: '"a b", "c\\d"' };

/** Opens with these flags, this environment, and nothing else of this machine. */
async function open(flags: ConnectionFlags, env: Env = {}): Promise<Opened> {
  const read = resolveConnection(flags, { ...systemSurroundings(), env, home: HOME });
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('; '));
  return openClient(read.value, { applicationName: 'pqrun test', serverSettings: SERVER_SETTINGS });
}

interface Login {
  readonly login: string;
  readonly application: string;
  readonly commit: string;
  readonly path: string;
  readonly encoding: string;
}

/** What the server says about the connection that these flags open. */
async function login(flags: ConnectionFlags, env: Env = {}): Promise<Login> {
  const opened = await open(flags, env);
  if (!opened.ok) throw new Error(`${opened.failure.message} | ${opened.failure.hint ?? ''}`);
  const { rows } = await opened.client.query<Login>(
    `SELECT current_user || '@' || current_database() AS login, current_setting('application_name') AS application,
            current_setting('synchronous_commit') AS commit, current_setting('search_path') AS path,
            current_setting('client_encoding') AS encoding`,
  );
  await opened.client.end();
  if (rows[0] === undefined) throw new Error('no row');
  return rows[0];
}

/** Why the connection was not opened: message, hint, code. */
async function refusal(flags: ConnectionFlags, env: Env = {}): Promise<string> {
  const opened = await open(flags, env);
  if (opened.ok) {
    await opened.client.end();
    throw new Error('it was opened');
  }
  const { message, hint = '', code = '' } = opened.failure;
  const told = `${message} | ${hint} | ${code}`;
  expect(told).not.toContain(PASSWORD);
  return told;
}

const conninfo = (extra = ''): string =>
  `host=${server.host} port=${server.port} dbname=${database.name} user=${ROLE} ${extra}`;
const quotedPassword = `password='${PASSWORD.replaceAll(/['\\]/g, '\\$&')}'`;
const uri = (): string =>
  `postgresql://${ROLE}:${encodeURIComponent(PASSWORD)}@${server.host}:${server.port}/${database.name}`;
const pg = (): Env => ({
  PGHOST: server.host,
  PGPORT: String(server.port),
  PGUSER: ROLE,
  PGDATABASE: database.name,
});

function file(name: string, text: string): string {
  const path = join(HOME, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

describe('a connection is opened', () => {
  it('by all ways of saying where', async () => {
    const fields = [server.host, String(server.port), database.name, ROLE, PASSWORD];
    const line = fields.map((field) => field.replaceAll(/[:\\]/g, '\\$&')).join(':');
    const passwords = file('passwords', `${line}\n`);
    const services = file(
      'services',
      `[ci]\nhost=${server.host}\nport=${server.port}\nuser=${ROLE}\npassword=${PASSWORD}\n`,
    );
    const ways: readonly (readonly [ConnectionFlags, Env])[] = [
      [{ dbname: uri() }, {}],
      [{ dbname: conninfo(quotedPassword) }, {}],
      [{}, { DATABASE_URL: uri() }],
      [{}, { ...pg(), PGPASSWORD: PASSWORD }],
      [{}, { ...pg(), PGPASSFILE: passwords }],
      [{ dbname: conninfo(`passfile=${passwords}`) }, {}],
      [{ dbname: database.name }, { PGSERVICE: 'ci', PGSERVICEFILE: services }],
      [{ dbname: `service=ci dbname=${database.name}` }, { PGSERVICEFILE: services }],
      [{ host: server.host, port: server.port, user: ROLE, dbname: database.name, password: PASSWORD }, {}],
    ];
    for (const [flags, env] of ways) {
      expect((await login(flags, env)).login).toBe(`${ROLE}@${database.name}`);
    }
  });

  it('with the settings of the program, and those of the user before them', async () => {
    expect(await login({ dbname: uri() })).toMatchObject({
      application: 'pqrun test',
      commit: 'off',
      path: '"a b", "c\\d"',
      encoding: 'UTF8',
    });
    expect((await login({ dbname: uri() }, { PGOPTIONS: '-c synchronous_commit=local' })).commit).toBe(
      'local',
    );
  });

  it('whatever is in the environment that node-postgres reads', async () => {
    const traps = {
      PGHOST: 'nowhere.invalid',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'nowhere',
      PGOPTIONS: '-c synchronous_commit=remote_apply',
      PGAPPNAME: 'trap',
      PGSSLMODE: 'verify-full',
      PGSSLNEGOTIATION: 'direct',
    };
    for (const [name, value] of Object.entries(traps)) vi.stubEnv(name, value);
    expect(await login({ dbname: uri() })).toMatchObject({ application: 'pqrun test', commit: 'off' });
    expect(await refusal({ dbname: conninfo() })).toContain('none was given');
  });

  it('at the first host that is there', async () => {
    const port = await closedPort();
    const hosts = {
      host: `127.0.0.1,nowhere.invalid,${server.host}`,
      port: `${port},${port},${server.port}`,
    };
    expect((await login({ ...hosts, dbname: database.name, user: ROLE, password: PASSWORD })).login).toBe(
      `${ROLE}@${database.name}`,
    );
  });

  it('at the address of hostaddr, without looking the host up', async () => {
    const dbname = conninfo(`host=nowhere.invalid hostaddr=127.0.0.1 ${quotedPassword}`);
    expect((await login({ dbname })).login).toBe(`${ROLE}@${database.name}`);
  });

  it('over a Unix-domain socket, which has no TLS to require', async () => {
    const relay = createServer((socket) => socket.pipe(connect(server.port, server.host)).pipe(socket));
    await listen(relay, join(HOME, '.s.PGSQL.5432'));
    const dbname = conninfo(`host=${HOME} port=5432 sslmode=require ${quotedPassword}`);
    expect((await login({ dbname })).login).toBe(`${ROLE}@${database.name}`);
    await close(relay);
  });
});

describe('a server without TLS', () => {
  /** The real server behind a relay that tells what each connection sends first. */
  async function relayed(
    work: (port: number) => Promise<void>,
    answer?: Buffer,
  ): Promise<readonly (readonly Buffer[])[]> {
    const connections: Buffer[][] = [];
    const relay = createServer((socket) => {
      const sent: Buffer[] = [];
      connections.push(sent);
      socket.on('error', () => undefined).on('data', (bytes) => sent.push(bytes));
      // Eight bytes: the request for TLS.
      if (answer !== undefined && connections.length === 1) socket.once('data', () => socket.write(answer));
      else socket.pipe(connect(server.port, server.host)).pipe(socket);
    });
    await work(await listen(relay, 0));
    await close(relay);
    return connections;
  }

  it('is spoken to over the connection on which it said so', async () => {
    const connections = await relayed(async (port) => {
      const dbname = conninfo(`host=127.0.0.1 port=${port} ${quotedPassword}`);
      expect((await login({ dbname })).login).toBe(`${ROLE}@${database.name}`);
    });
    expect(connections.map(([first]) => first?.length)).toEqual([8]);
  });

  it('is told a wrong password once', async () => {
    const connections = await relayed(async (port) => {
      expect(await refusal({ dbname: conninfo(`host=127.0.0.1 port=${port} password=wrong`) })).toMatch(
        /password/,
      );
    });
    expect(connections).toHaveLength(1);
  });

  it('is refused where TLS is demanded', async () => {
    const connections = await relayed(async (port) => {
      const required = `host=127.0.0.1 port=${port} sslmode=require ${quotedPassword}`;
      expect(await refusal({ dbname: conninfo(required) })).toMatch(/TLS|SSL/);
    });
    expect(connections.map((sent) => sent.length)).toEqual([1]);
  });

  it('is not believed what comes with that answer: somebody in between may have put it there', async () => {
    const connections = await relayed(async (port) => {
      const dbname = conninfo(`host=127.0.0.1 port=${port} ${quotedPassword}`);
      expect((await login({ dbname })).login).toBe(`${ROLE}@${database.name}`);
    }, Buffer.from('NR'));
    // Another connection, without TLS from the start.
    expect(connections.map(([first]) => first?.length === 8)).toEqual([true, false]);
    expect(connections[0]).toHaveLength(1);
  });
});

describe('the wanted session', () => {
  const readOnly = { PGOPTIONS: '-c default_transaction_read_only=on' };

  it.each([
    ['read-write', {}],
    ['primary', {}],
    ['prefer-standby', {}],
    ['read-only', readOnly],
    ['any', readOnly],
  ])('is found: %s', async (wanted, env) => {
    const dbname = conninfo(`target_session_attrs=${wanted} ${quotedPassword}`);
    expect((await login({ dbname }, env)).login).toBe(`${ROLE}@${database.name}`);
  });

  it.each([
    ['read-write', readOnly],
    ['read-only', {}],
    ['standby', {}],
  ])('is not found: %s', async (wanted, env) => {
    const dbname = conninfo(`target_session_attrs=${wanted} ${quotedPassword}`);
    expect(await refusal({ dbname }, env)).toContain(`the session is not ${wanted}`);
  });
});

describe('a refusal names the cause and the remedy', () => {
  const as = (extra: string): ConnectionFlags => ({ dbname: conninfo(extra) });

  it('wrong password, and where it came from', async () => {
    expect(await refusal(as(''), { PGPASSWORD: 'wrong' })).toMatch(
      /refused the connection: .* \| the password came from PGPASSWORD.*\| 28P01/,
    );
  });

  it('no password, so that one may be asked for', async () => {
    expect(await refusal(as(''))).toMatch(
      new RegExp(`asks for a password for user "${ROLE}".*PGPASSWORD.*28P01`),
    );
    expect(await open(as(''))).toMatchObject({ ok: false, needsPassword: true });
    expect(await open(as('password=wrong'))).toMatchObject({ ok: false, needsPassword: false });
  });

  it('unknown database', async () => {
    expect(await refusal(as(`dbname=nowhere ${quotedPassword}`))).toMatch(
      /"nowhere".*createdb nowhere.*3D000/,
    );
  });

  it('role that may not log in', async () => {
    expect(await refusal(as(`user=${ROLE}_barred password=x`))).toMatch(/CREATE ROLE .* LOGIN.*28000/);
  });

  it('setting that the server does not have', async () => {
    expect(await refusal(as(quotedPassword), { PGOPTIONS: '-c nonsense=1' })).toMatch(
      /nonsense.*PGOPTIONS.*42704/,
    );
  });

  it('nobody listens', async () => {
    const port = await closedPort();
    expect(await refusal(as(`port=${port}`))).toMatch(
      new RegExp(`no server accepts connections at ${server.host}:${port} .*-h and -p.*ECONNREFUSED`),
    );
  });

  it('no socket', async () => {
    expect(await refusal(as(`host=${HOME} port=1`))).toMatch(/no socket file .*\.s\.PGSQL\.1 .*ENOENT/);
  });

  it('unknown host', async () => {
    expect(await refusal(as('host=nowhere.invalid'))).toMatch(
      /"nowhere.invalid" (is not known|cannot be looked up)/,
    );
  });

  it('no TLS, where it is demanded', async () => {
    expect(await refusal(as('sslmode=require'))).toMatch(/does not offer TLS, which sslmode=require demands/);
    expect(await refusal(as(`channel_binding=require ${quotedPassword}`))).toContain(
      'channel_binding=require',
    );
  });

  it('silence', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    const port = await listen(silent, 0);
    expect(await refusal(as(`host=127.0.0.1 port=${port} connect_timeout=1`))).toMatch(
      /did not answer within the connect timeout.*PGCONNECT_TIMEOUT/,
    );
    await close(silent);
  });

  it('another program that closes the connection', async () => {
    const other = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end(),
    );
    const port = await listen(other, 0);
    expect(await refusal(as(`host=127.0.0.1 port=${port}`))).toMatch(/closed the connection/);
    await close(other);
  });
});

async function listen(listener: Server, where: string | number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    if (typeof where === 'string') listener.listen(where, resolve);
    else listener.listen(where, '127.0.0.1', resolve);
  });
  // A path listens without a port; its callers do not ask.
  return typeof where === 'string' ? 0 : (listener.address() as AddressInfo).port;
}

async function close(listener: Server): Promise<void> {
  await new Promise((resolve) => listener.close(resolve));
}

/** A port that nobody listens at: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const listener = createServer();
  const port = await listen(listener, 0);
  await close(listener);
  return port;
}
