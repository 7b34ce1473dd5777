/** What the tests of the embedded server share: child processes that start one, and a look at the system. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { EmbeddedOptions, EmbeddedServer, EmbeddedStart } from '../../src/db/embedded/server.js';

const CHILD = fileURLToPath(new URL('embedded-child.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

export interface Child {
  readonly process: ChildProcess;
  readonly server: EmbeddedServer;
  /** The server's processes and the guard, as they were when the server was ready. */
  readonly processes: readonly Process[];
}

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

export interface ChildOptions {
  readonly start?: EmbeddedOptions;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A process of its own that starts an embedded server; what it says is on its standard output. */
export function spawnChild({ start, env, user }: ChildOptions = {}): ChildProcess {
  const argument = JSON.stringify(start ?? { connections: 1 });
  return spawn(process.execPath, ['--import', TSX, CHILD, argument], {
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  });
}

/** The same, when its server is ready. */
export async function startChild(options: ChildOptions = {}): Promise<Child> {
  const child = spawnChild(options);
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([once(lines, 'line').then(String), once(child, 'exit').then(() => '')]);
  if (line === '') throw new Error('the child process ended before it said anything');
  const answer = JSON.parse(line) as EmbeddedStart; // what embedded-child.ts prints
  if (!answer.ok) throw new Error(answer.diagnostic.message);
  let processes: Process[] = [];
  // A child of the postmaster has its parent's command line until it says what it is.
  await until('the server has its checkpointer', async () => {
    processes = await processesOf(answer.server.directory);
    return processes.some(({ command }) => command.includes('checkpointer'));
  });
  return { process: child, server: answer.server, processes };
}

/** The postmaster of a directory (or what makes its cluster), its children, and the guard. */
export async function processesOf(directory: string): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['axwwo', 'pid=,ppid=,args=']);
  const all = stdout
    // A guard's script is one argument of many lines.
    .split(/\n(?= *\d+ +\d+ )/)
    .flatMap((text) => {
      const [, pid, parent, command] = /^ *(\d+) +(\d+) (.*)$/s.exec(text) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
    });
  const main = all.filter(
    ({ command }) =>
      command.includes(`-D ${directory}/data `) ||
      (/pqrun-(guard|initdb) /.test(command) && command.includes(directory)),
  );
  return [...main, ...all.filter(({ parent }) => main.some(({ pid }) => pid === parent))];
}

export function isGuard(command: string, directory: string): boolean {
  return command.includes(`pqrun-guard ${directory}`);
}

/** Waits for something that happens by itself and soon. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`10 s have passed, and still not: ${what}`);
    await delay(20);
  }
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Neither a process nor the directory of an embedded server is left. */
export async function vanished(server: { readonly directory: string }): Promise<void> {
  await until(`${server.directory} is gone`, async () => !(await isThere(server.directory)));
  await until('its processes are gone', async () => (await processesOf(server.directory)).length === 0);
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

export type Access = Pick<EmbeddedServer, 'host' | 'port' | 'user' | 'password' | 'database'>;

export async function query(server: Access, sql: string): Promise<Record<string, unknown>[]> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A server that a test cannot do without. */
export function started(start: EmbeddedStart): EmbeddedServer {
  if (!start.ok) throw new Error(start.diagnostic.message);
  return start.server;
}
