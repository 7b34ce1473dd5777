/**
 * Which user of the system the embedded server runs as, and how a command is run as that user.
 *
 * PostgreSQL refuses to run as root (src/backend/main/main.c, check_root). As root, as in most containers, the
 * server therefore runs as `postgres` if the system has such a user, else as `nobody`; no user is ever created.
 * Otherwise it runs as the user who runs pqrun.
 *
 * Whatever touches the server's files is run as the server's user too, not only the server: root never follows a
 * link that another process of that user may have laid. It does not know what the commands do.
 */
import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { done, failed, reasonOf, type Attempt } from './attempt.js';

const execute = promisify(execFile);

/** In the order they are tried when pqrun runs as root. */
const UNPRIVILEGED = ['postgres', 'nobody'] as const;

/** All that initdb, the server and the shell need; a server's COPY … PROGRAM shall not see pqrun's secrets. */
const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH'] as const;

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** True when pqrun runs as root and this is another user. */
  readonly switched: boolean;
}

export async function chooseServerUser(): Promise<Attempt<ServerUser>> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    return failed(
      `--embedded does not work on ${process.platform}`,
      'connect to a PostgreSQL server with -h or -d, or run pqrun in WSL',
    );
  }
  if (uid !== 0) {
    const name = ownName();
    // initdb looks the name up even when it is told another one for the superuser.
    if (name !== undefined) return done({ name, uid, gid, switched: false });
    return failed(
      `user id ${uid} has no name on this system, and PostgreSQL's initdb needs one`,
      'add the user to /etc/passwd, or run the container as a user that it knows',
    );
  }
  return chooseUnprivileged();
}

async function chooseUnprivileged(): Promise<Attempt<ServerUser>> {
  const hint = 'run pqrun as an ordinary user';
  for (const name of UNPRIVILEGED) {
    const ids = await lookUp(name);
    if (ids === undefined) continue;
    const user = { name, ...ids, switched: true };
    try {
      // A container may have taken from root the right to become somebody else.
      await outputAs(user, ['/bin/sh', '-c', ':']);
      return done(user);
    } catch (error) {
      const cause = `PostgreSQL does not run as root, and root may not run it as user ${name} here`;
      return failed(`${cause}: ${reasonOf(error)}`, hint);
    }
  }
  return failed(
    'PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody',
    hint,
  );
}

/** A command run as the server's user, in a session of its own: a terminal's Ctrl-C does not reach it. */
export function spawnAs(user: ServerUser, command: readonly string[], stdio: StdioOptions): ChildProcess {
  const [file = '', ...args] = command;
  return spawn(file, args, {
    // Every user can be in it; initdb and the server refuse to start where they cannot.
    cwd: '/',
    detached: true,
    env: environment(),
    stdio,
    ...(user.switched ? { uid: user.uid, gid: user.gid } : {}),
  });
}

/** Standard output of a short command; rejects when it fails, with what it said on standard error in the message. */
export async function outputAs(user: ServerUser, command: readonly string[]): Promise<string> {
  const [file = '', ...args] = command;
  const ids = user.switched ? { uid: user.uid, gid: user.gid } : {};
  const { stdout } = await execute(file, args, { cwd: '/', env: environment(), ...ids });
  return stdout;
}

/** Whether the user can make, enter and remove entries of a directory. */
export async function canUseDirectory(user: ServerUser, directory: string): Promise<boolean> {
  // Asked of the system, as that user: mode bits alone do not tell (access control lists, read-only mounts).
  const question = 'cd "$1" && test -w .';
  return outputAs(user, ['/bin/sh', '-c', question, 'sh', directory]).then(
    () => true,
    () => false,
  );
}

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of PASSED_ON) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return env;
}

function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

async function lookUp(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
