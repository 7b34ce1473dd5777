import { describe, expect, it } from 'vitest';
import {
  resolveConnection,
  type ConnectionFlags,
  type ConnectionSettings,
} from '../../../src/db/settings/resolve.js';
import { startupOptions } from '../../../src/db/settings/startup-options.js';
import { tlsOrder } from '../../../src/db/settings/client-config.js';
import { surroundings, type Machine } from './settings-surroundings.js';

function resolved(flags: ConnectionFlags, machine: Machine = {}): ConnectionSettings {
  const read = resolveConnection(flags, surroundings(machine));
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('; '));
  return read.value;
}

function faults(flags: ConnectionFlags, machine: Machine = {}): readonly string[] {
  const read = resolveConnection(flags, surroundings(machine));
  if (read.ok) throw new Error(`resolved to ${JSON.stringify(read.value)}`);
  return read.diagnostics.map(({ message }) => message);
}

function warnings(flags: ConnectionFlags, machine: Machine = {}): readonly string[] {
  const read = resolveConnection(flags, surroundings(machine));
  return read.ok ? read.warnings.map(({ message }) => message) : ['not resolved'];
}

/** `user@host:port/database`, as it would be tried. */
function target(flags: ConnectionFlags, machine: Machine = {}): string {
  const { user, hosts, database } = resolved(flags, machine);
  return `${user}@${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}/${database}`;
}

describe('where nothing is said', () => {
  it('is the OS user, a database of that name, and localhost', () => {
    expect(target({})).toBe('os@localhost:5432/os');
  });

  it('is the socket directory that has the socket of the port', () => {
    const files = { '/tmp/.s.PGSQL.5432': '', '/var/run/postgresql/.s.PGSQL.5433': '' };
    expect(target({}, { files })).toBe('os@/tmp:5432/os');
    expect(target({ port: 5433 }, { files })).toBe('os@/var/run/postgresql:5433/os');
    expect(target({ port: 5434 }, { files })).toBe('os@localhost:5434/os');
    expect(target({}, { files, platform: 'win32' })).toBe('os@localhost:5432/os');
  });

  it('says that there is no user, where the account has no name', () => {
    expect(faults({}, { osUser: undefined })).toEqual(['there is no user name to log in with']);
  });

  it('names the database like the user that was given', () => {
    expect(target({ user: 'me' })).toBe('me@localhost:5432/me');
  });
});

describe('precedence', () => {
  const files = { '/home/me/.pg_service.conf': '[ci]\nhost=service\nport=3\nuser=service\ndbname=service\n' };
  const env = { PGHOST: 'env', PGPORT: '4', PGUSER: 'env', PGDATABASE: 'env' };
  const url = { ...env, DATABASE_URL: 'postgresql://url@url:2/url' };

  it.each<[string, ConnectionFlags, Machine, string]>([
    ['environment', {}, { env }, 'env@env:4/env'],
    [
      'service over environment',
      {},
      { env: { ...env, PGSERVICE: 'ci' }, files },
      'service@service:3/service',
    ],
    ['service= in -d', { dbname: 'service=ci user=me' }, { env, files }, 'me@service:3/service'],
    ['DATABASE_URL over environment', {}, { env: url }, 'url@url:2/url'],
    ['DATABASE_URL over service', {}, { env: { ...url, PGSERVICE: 'ci' }, files }, 'url@url:2/url'],
    ['-d over DATABASE_URL', { dbname: 'host=d dbname=d' }, { env: url }, 'env@d:4/d'],
    ['a plain -d stands for DATABASE_URL', { dbname: 'name' }, { env: url }, 'env@env:4/name'],
    ['flags over DATABASE_URL', { host: 'flag' }, { env: url }, 'url@flag:2/url'],
    [
      'flags over -d',
      { host: 'flag', port: 1, user: 'flag', dbname: 'postgresql://d@d:9/d' },
      { env: url },
      'flag@flag:1/d',
    ],
    ['an empty DATABASE_URL is none', {}, { env: { ...env, DATABASE_URL: '' } }, 'env@env:4/env'],
    ['an empty value means the default', { dbname: "port='' user=''" }, { env }, 'os@env:5432/env'],
  ])('%s', (_, flags, machine, expected) => {
    expect(target(flags, machine)).toBe(expected);
  });

  it('does not connect -h to the address of another host', () => {
    const machine = { env: { DATABASE_URL: 'postgresql://url?hostaddr=10.0.0.1' } };
    expect(resolved({}, machine).hosts).toEqual([{ host: 'url', hostaddr: '10.0.0.1', port: 5432 }]);
    expect(resolved({ host: 'flag' }, machine).hosts).toEqual([{ host: 'flag', port: 5432 }]);
  });
});

describe('several hosts', () => {
  it('share one port, or have one each; empty means the default', () => {
    expect(target({ host: 'a,b', port: '1' })).toBe('os@a:1,b:1/os');
    expect(target({ dbname: 'postgresql://a:1,b,[::1]:3/x' })).toBe('os@a:1,b:5432,::1:3/x');
    expect(target({ host: 'a,' })).toBe('os@a:5432,localhost:5432/os');
  });

  it.each([
    ['host=a,b port=1,2,3', 'there are 3 ports (from -d) but 2 hosts (from -d)'],
    ['host=a,b hostaddr=10.0.0.1', 'there are 2 hosts (from -d) but 1 addresses (from -d)'],
  ])('refuses %s', (dbname, message) => {
    expect(faults({ dbname })).toEqual([message]);
  });
});

describe('passwords', () => {
  const files = {
    '/home/me/.pgpass': 'a:5432:*:os:for-a\nb:*:*:*:for-b\nlocalhost:*:*:*:for-localhost\n/run/x:*:*:*:for-x',
    '/other': '*:*:*:*:other',
    '/var/run/postgresql/.s.PGSQL.5432': '',
  };
  const passwords = (flags: ConnectionFlags, env: Record<string, string> = {}): readonly unknown[] =>
    resolved(flags, { files, env }).hosts.map(({ password }) => password);

  it('come from the prompt, the string, the environment, the file: the first that has one', () => {
    expect(passwords({ password: 'typed', dbname: 'password=d host=a' }, { PGPASSWORD: 'env' })).toEqual([
      'typed',
    ]);
    expect(passwords({ dbname: 'password=d host=a' }, { PGPASSWORD: 'env' })).toEqual(['d']);
    expect(passwords({ host: 'a' }, { PGPASSWORD: 'env' })).toEqual(['env']);
    expect(passwords({ host: 'a' }, { PGPASSWORD: '' })).toEqual(['for-a']);
    expect(passwords({ host: 'a' }, { PGPASSFILE: '/other' })).toEqual(['other']);
    expect(passwords({ dbname: 'host=a passfile=/nowhere' })).toEqual([undefined]);
  });

  it('are those of each host in the file; the default socket is localhost', () => {
    expect(passwords({ host: 'a,b,c' })).toEqual(['for-a', 'for-b', undefined]);
    expect(passwords({})).toEqual(['for-localhost']);
    expect(passwords({ host: '/run/x' })).toEqual(['for-x']);
  });

  it('say where they came from', () => {
    const origin = (env: Record<string, string>): string | undefined =>
      resolved({ host: 'a' }, { files, env }).hosts[0]?.passwordOrigin;
    expect(origin({ PGPASSWORD: 'x' })).toBe('PGPASSWORD');
    expect(origin({})).toBe('the password file "/home/me/.pgpass"');
  });

  it('do not come from a file that others may read', () => {
    for (const mode of [0o640, 0o604]) {
      expect(resolved({ host: 'a' }, { files, mode }).hosts[0]?.password).toBeUndefined();
      expect(warnings({ host: 'a' }, { files, mode })).toEqual([
        'the password file "/home/me/.pgpass" is not used, because its group or others may access it',
      ]);
    }
    const windows = { files: { 'C:\\x\\postgresql\\pgpass.conf': 'a:*:*:*:win' }, mode: 0o666 };
    const hosts = resolved({ host: 'a' }, { ...windows, platform: 'win32', env: { APPDATA: 'C:\\x' } }).hosts;
    expect(hosts[0]?.password).toBe('win');
  });

  it('may be asked for, unless -w', () => {
    expect(resolved({}).mayPrompt).toBe(true);
    expect(resolved({ noPassword: true }).mayPrompt).toBe(false);
  });
});

describe('TLS', () => {
  const root = { '/home/me/.postgresql/root.crt': '', '/home/me/.postgresql/postgresql.crt': '' };

  it('is preferred, and verifies nothing, where nothing is said', () => {
    expect(resolved({})).toMatchObject({
      sslmode: 'prefer',
      sslnegotiation: 'postgres',
      sslsni: true,
      channelBinding: 'prefer',
      minTlsVersion: 'TLSv1.2',
    });
    expect(resolved({})).not.toHaveProperty('sslrootcert');
  });

  it('uses the files in ~/.postgresql, and others that are named and exist', () => {
    expect(resolved({}, { files: root })).toMatchObject({
      sslrootcert: '/home/me/.postgresql/root.crt',
      sslcert: '/home/me/.postgresql/postgresql.crt',
      sslkey: '/home/me/.postgresql/postgresql.key',
    });
    expect(resolved({}, { files: { '/ca': '' }, env: { PGSSLROOTCERT: '/ca' } }).sslrootcert).toBe('/ca');
    expect(resolved({}, { files: root, env: { PGSSLROOTCERT: '/ca' } })).not.toHaveProperty('sslrootcert');
    expect(resolved({ dbname: 'sslcertmode=disable' }, { files: root })).not.toHaveProperty('sslcert');
  });

  it("verifies fully with the system's roots", () => {
    expect(resolved({ dbname: 'sslrootcert=system' }).sslmode).toBe('verify-full');
    expect(faults({ dbname: 'sslrootcert=system sslmode=require' })).toEqual([
      'sslmode=require is too weak for sslrootcert=system',
    ]);
    expect(faults({ dbname: 'sslnegotiation=direct' })).toEqual([
      'sslmode=prefer is too weak for sslnegotiation=direct',
    ]);
  });

  it('is tried in the order of sslmode, and never over a socket', () => {
    expect(tlsOrder('disable', 'h')).toEqual([false]);
    expect(tlsOrder('allow', 'h')).toEqual([false, true]);
    expect(tlsOrder('prefer', 'h')).toEqual([true, false]);
    expect(tlsOrder('require', 'h')).toEqual([true]);
    expect(tlsOrder('verify-full', 'h')).toEqual([true]);
    expect(tlsOrder('require', '/tmp')).toEqual([false]);
  });
});

describe('faults', () => {
  it('are told all at once, with what gave the value', () => {
    expect(faults({ port: '5x', dbname: 'sslmode=on' }, { env: { PGCONNECT_TIMEOUT: 'soon' } })).toEqual([
      'invalid sslmode "on" (from -d)',
      'invalid port "5x" (from -p)',
      'invalid connect_timeout "soon" (from PGCONNECT_TIMEOUT)',
    ]);
  });

  it.each([
    ['port=0', 'invalid port "0" (from -d)'],
    ['port=65536', 'invalid port "65536" (from -d)'],
    ["sslmode=''", 'invalid sslmode "" (from -d)'],
    ['target_session_attrs=master', 'invalid target_session_attrs "master" (from -d)'],
    ['ssl_min_protocol_version=1.2', 'invalid ssl_min_protocol_version "1.2" (from -d)'],
    ['requirepeer=postgres', 'requirepeer (from -d) is not supported'],
    ['gssencmode=require', 'gssencmode (from -d) is not supported'],
    ['host=@abstract', 'invalid host "@abstract" (from -d)'],
    ['service=none', 'the service "none" is not defined'],
    ['nonsense=1', '-d: unknown connection parameter "nonsense"'],
  ])('%s', (dbname, message) => {
    expect(faults({ dbname })).toEqual([message]);
  });

  it('of DATABASE_URL name it, without its password', () => {
    const [message = ''] = faults({}, { env: { DATABASE_URL: 'mysql://me:secret@h/x' } });
    expect(message).toBe('DATABASE_URL: mysql:// is not the beginning of a PostgreSQL URI');
  });

  it('are warnings where only tuning is lost, and nothing where nothing is', () => {
    expect(warnings({ dbname: 'keepalives_count=3' })).toEqual([
      "keepalives_count (from -d) has no effect: pqrun's driver does not support it",
    ]);
    expect(warnings({ dbname: 'gssencmode=prefer load_balance_hosts=disable krbsrvname=x' })).toEqual([]);
  });
});

describe('the session', () => {
  it('has what the environment gives it', () => {
    const env = {
      PGAPPNAME: 'app',
      PGCONNECT_TIMEOUT: '7',
      PGTARGETSESSIONATTRS: 'read-write',
      PGCLIENTENCODING: 'LATIN1',
      PGOPTIONS: '-c x.y=1',
      PGTZ: 'UTC',
      PGDATESTYLE: 'default',
    };
    expect(resolved({ dbname: 'keepalives=0 keepalives_idle=9' }, { env })).toMatchObject({
      applicationName: 'app',
      connectTimeoutSeconds: 7,
      targetSessionAttrs: 'read-write',
      clientEncoding: 'LATIN1',
      options: '-c x.y=1',
      sessionDefaults: { TimeZone: 'UTC' },
      keepAlive: false,
      keepAliveIdleSeconds: 9,
    });
  });

  it('waits without limit when the timeout is zero or less', () => {
    for (const timeout of ['0', '-1']) {
      expect(resolved({ dbname: `connect_timeout=${timeout}` })).not.toHaveProperty('connectTimeoutSeconds');
    }
  });

  it('gets its server settings before the options of the user, and escaped', () => {
    const settings = resolved({}, { env: { PGOPTIONS: '-c a.b=theirs', PGTZ: 'UTC' } });
    expect(startupOptions({ 'a.b': 'x y\\z' }, settings)).toBe(
      '-c a.b=x\\ y\\\\z -c a.b=theirs -c TimeZone=UTC',
    );
  });

  it('can be cloned into a thread', () => {
    const settings = resolved({ dbname: 'postgresql://me:pw@a,b/x?connect_timeout=3' });
    expect(structuredClone(settings)).toEqual(settings);
  });
});
