/**
 * A PgBouncer of the system's packages, before the server of test/server.ts: as people who are given nothing else meet it.
 *
 * A shell of its own starts it and waits for the end of its standard input. That end comes with stop() or with the end of this
 * process, however it ends; then the shell stops it and removes its directory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort, LOOPBACK } from '../src/db/embedded/machine.js';
import type { TestDatabase } from './database.js';

export interface PgBouncer {
  readonly host: string;
  readonly port: number;
  /** PG* variables that lead through it. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns when it and its directory are gone. */
  readonly stop: () => Promise<void>;
}

const PROGRAM = '/usr/sbin/pgbouncer';

/** $1: program, $2: temporary directory, $3: its settings. */
const KEEPER = `
  umask 077
  directory=$(mktemp -d "$2/pqrun-pgbouncer-XXXXXX") && cd "$directory" || exit 1
  printf '%s' "$3" >pgbouncer.ini
  "$1" -q pgbouncer.ini >log 2>&1 & program=$!
  trap 'kill -INT $program 2>/dev/null; wait $program; cd / && rm -rf "$directory"' EXIT
  read -r _
`;

/** `settings`: of the section [pgbouncer], others than PgBouncer's own. Any user and password are let in. */
export async function startPgBouncer(
  { name, env }: Pick<TestDatabase, 'name' | 'env'>,
  settings: Readonly<Record<string, string>>,
): Promise<PgBouncer> {
  if (!existsSync(PROGRAM))
    throw new Error('PgBouncer is needed: apt-get install --no-install-recommends pgbouncer');
  const port = await freePort();
  const server = `host=${env.PGHOST} port=${env.PGPORT} user=${env.PGUSER} password='${env.PGPASSWORD}'`;
  const all = {
    listen_addr: LOOPBACK,
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'any',
    ...settings,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}`);
  const configuration = `[databases]\n${name} = ${server} dbname=${name}\n[pgbouncer]\n${lines.join('\n')}\n`;
  // PgBouncer does not run as root. A session of its own: Ctrl-C reaches this process only.
  const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
  const [command = '', ...args] = [
    ...(process.getuid?.() === 0 ? asPostgres : []),
    ...['/bin/sh', '-c', KEEPER, 'keeper', PROGRAM, tmpdir(), configuration],
  ];
  const shell = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  const ended = once(shell, 'close');
  shell.stdin.on('error', () => undefined);
  while (!(await accepts(port))) if (shell.exitCode !== null) throw new Error('PgBouncer did not start');
  return {
    host: LOOPBACK,
    port,
    env: { ...env, PGHOST: LOOPBACK, PGPORT: String(port) },
    stop: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: LOOPBACK, port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      setTimeout(resolve, 10, false);
    });
  });
}
