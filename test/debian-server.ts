/**
 * A throw-away PostgreSQL from the system's packages: a server that pg_dump and psql of the same version go with.
 * (The embedded server of test/server.ts comes without them.)
 *
 * A shell of its own makes the cluster, starts it and waits for the end of its standard input. That end comes with
 * stop() or with the end of this process, however it ends; then the shell stops the server and removes the directory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, LOOPBACK } from '../src/db/embedded/machine.js';

export interface DebianServer {
  readonly host: string;
  readonly port: number;
  /** The superuser; there is no password, unless one was asked for. */
  readonly user: string;
  /** `15.18` */
  readonly version: string;
  /** The directory of psql, pg_dump, pg_dumpall and pg_restore. */
  readonly bin: string;
  /** PG* variables, for child processes; PGDATABASE is `postgres`. */
  readonly env: Readonly<Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGDATABASE', string>>;
  /** Returns when it is up again; `immediate`: as after a crash. */
  readonly restart: (mode: 'immediate' | 'fast') => Promise<void>;
  /** Returns when the server and its directory are gone. May be called again. */
  readonly stop: () => Promise<void>;
}

/** Debian's place for a version's programs: /usr/lib/postgresql/15/bin. */
const INSTALLATIONS = '/usr/lib/postgresql';
const SUPERUSER = 'postgres';
/** How often a port that somebody else took in the meantime is exchanged for another. */
const PORT_ATTEMPTS = 5;

/** Everything that a restored dump may need; nothing reaches the disk on purpose. */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '',
  // As in the cluster that initdb makes: a standby must not have fewer.
  max_connections: '100',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  timezone: 'UTC',
  wal_level: 'logical',
  max_logical_replication_workers: '0',
  allow_in_place_tablespaces: 'on',
} as const;

/** $1: bin directory, $2: temporary directory, $3: superuser, $4: the server's options, $5: a file that says what it is, $6: a password that it asks for. Answers `ready`. */
const KEEPER = `
  umask 077
  directory=$(mktemp -d "$2/pqrun-debian-XXXXXX") && cd "$directory" || exit 1
  trap '"$1/pg_ctl" -D data -m fast stop >/dev/null 2>&1 || "$1/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
    cd / && rm -rf "$directory"' EXIT
  method=trust
  [ "$6" = '' ] || { method='scram-sha-256 --pwfile=password'; printf '%s\n' "$6" >password; }
  "$1/initdb" -D data -U "$3" -A $method -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
  [ "$5" = '' ] || : >"data/$5"
  "$1/pg_ctl" -D data -l server.log -o "$4" -w start >start.log 2>&1 || { cat start.log server.log >&2; exit 1; }
  echo ready
  while read -r mode; do
    "$1/pg_ctl" -D data -m "$mode" -w stop </dev/null >/dev/null 2>&1
    "$1/pg_ctl" -D data -l server.log -o "$4" -w start </dev/null >/dev/null 2>&1
    echo restarted
  done
`;

/** `standby`: a hot standby that has no primary, and so is read-only for ever. `settings`: others than those of every such server. `password`: of the superuser; empty: it is not asked for. */
export async function startDebianServer(
  kind: 'primary' | 'standby' = 'primary',
  settings: Readonly<Record<string, string>> = {},
  password = '',
): Promise<DebianServer> {
  const bin = findInstallation();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const signal = kind === 'standby' ? 'standby.signal' : '';
    const keeper = keep([
      bin,
      tmpdir(),
      SUPERUSER,
      serverOptions({ ...SETTINGS, ...settings, port: String(port) }),
      signal,
      password,
    ]);
    const fault = await keeper.started;
    if (fault === undefined) return describe({ port, bin, restart: keeper.restart, stop: keeper.stop });
    if (attempt === PORT_ATTEMPTS || !fault.includes('could not bind')) {
      throw new Error(`PostgreSQL of ${bin} did not start: ${fault}`);
    }
  }
}

/** The bin directory of the newest version. */
function findInstallation(): string {
  const versions = existsSync(INSTALLATIONS) ? readdirSync(INSTALLATIONS) : [];
  const found = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(INSTALLATIONS, version, 'bin'))
    .find((bin) => ['initdb', 'psql', 'pg_dump'].every((program) => existsSync(join(bin, program))));
  if (found !== undefined) return found;
  throw new Error(
    'a PostgreSQL server with pg_dump and psql is needed: apt-get install postgresql postgresql-contrib',
  );
}

function serverOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`)
    .join(' ');
}

interface Keeper {
  /** What went wrong; undefined: the server is up. */
  readonly started: Promise<string | undefined>;
  readonly restart: DebianServer['restart'];
  readonly stop: () => Promise<void>;
}

function keep(args: readonly string[]): Keeper {
  // PostgreSQL does not run as root.
  const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
  const command = [
    ...(process.getuid?.() === 0 ? asPostgres : []),
    '/bin/sh',
    '-c',
    KEEPER,
    'keeper',
    ...args,
  ];
  // A session of its own: Ctrl-C reaches this process, not the server.
  const shell = spawn(command[0] ?? '', command.slice(1), {
    stdio: 'pipe',
    detached: true,
    env: environment(),
  });
  const ended = once(shell, 'close');
  let complaint = '';
  shell.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  shell.stdin.on('error', () => undefined);
  const ready = once(shell.stdout, 'data').then(() => undefined);
  const failed = ended.then(() => complaint || 'it ended at once');
  return {
    started: Promise.race([ready, failed]),
    restart: async (mode) => {
      const restarted = once(shell.stdout, 'data');
      shell.stdin.write(`${mode}\n`);
      await restarted;
    },
    stop: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}

/** Nothing that speaks of another server. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
}

type Access = Pick<DebianServer, 'port' | 'bin' | 'restart' | 'stop'>;

async function describe(access: Access): Promise<DebianServer> {
  return {
    host: LOOPBACK,
    user: SUPERUSER,
    version: await versionOf(access.bin),
    env: { PGHOST: LOOPBACK, PGPORT: String(access.port), PGUSER: SUPERUSER, PGDATABASE: 'postgres' },
    ...access,
  };
}

async function versionOf(bin: string): Promise<string> {
  const program = spawn(join(bin, 'postgres'), ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  program.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(program, 'close');
  return /\d+(\.\d+)*/.exec(text)?.[0] ?? 'unknown';
}
