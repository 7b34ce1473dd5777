/**
 * Makes a database cluster with initdb, in a directory that is ours:
 *
 *     <directory>/data/                  the data directory (PGDATA)
 *     <directory>/data/pqrun.password    the superuser's password, 0600
 *     <directory>/server.log             what initdb or the last start of the server said
 *     <directory>/.new/, initdb.pid      only while initdb runs
 *
 * The cluster is made aside, in `.new`, and renamed when it is complete and its password is in it: a killed initdb
 * leaves nothing that looks like a cluster. It does not know of a running server.
 *
 * Measured: initdb takes 0.8 s, a copy of a cluster made before 0.2 s; no cache of clusters is worth its upkeep.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { done, failed, type Attempt } from './attempt.js';
import { spawnAs, type ServerUser } from './server-user.js';
import type { Settings } from './settings.js';

export const SUPERUSER = 'postgres';

/** Lines of the server's log that an error shows. */
const TAIL = 10;

/** Exit status of the shell when another run makes a cluster in the same directory. */
const BUSY = 75;

/**
 * $1 the directory, $2 the run; the rest: initdb and its options. Standard input is the password. initdb.pid keeps
 * others out (it is made only if it is not there), and tells the guard what to end when pqrun has died.
 * Not every system knows the locale C.UTF-8 of the C library; C sorts the same, but knows letters only in ASCII.
 */
const MAKE_CLUSTER = `
umask 077
dir=$1; shift 2
cd "$dir" || exit
( set -C; echo $$ >initdb.pid ) 2>/dev/null || exit ${BUSY}
exec >server.log 2>&1
initdb() { locale=$1; shift; "$@" --pgdata="$dir/.new/data" --pwfile="$dir/.new/password" --locale="$locale"; }
make() { initdb C.UTF-8 "$@" || { grep -q 'invalid locale name' server.log && initdb C "$@"; }; }
rm -rf .new && mkdir .new && cat >.new/password &&
  make "$@" && mv .new/password .new/data/pqrun.password && mv .new/data data
status=$?
rm -rf .new initdb.pid
exit $status
`;

export interface ClusterPlan {
  readonly directory: string;
  /** Tells the guard of this run that the process is its own. */
  readonly run: string;
  readonly user: ServerUser;
  readonly initdb: string;
  readonly password: string;
  readonly settings: Settings;
  readonly kept: boolean;
}

export async function makeCluster(plan: ClusterPlan): Promise<Attempt<undefined>> {
  const shell = ['/bin/sh', '-c', MAKE_CLUSTER, 'pqrun-initdb', plan.directory, plan.run];
  const child = spawnAs(
    plan.user,
    [...shell, plan.initdb, ...initdbOptions(plan)],
    ['pipe', 'ignore', 'ignore'],
  );
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${plan.password}\n`);
  // Rejects only when there is no /bin/sh.
  await once(child, 'exit');
  if (child.exitCode === 0) return done(undefined);
  if (child.exitCode === BUSY) {
    return failed(
      `${plan.directory} is in use: another run makes a cluster in it`,
      'wait until that run has ended',
    );
  }
  return failed(
    `initdb failed in ${plan.directory}:\n${await logTail(plan.directory)}`,
    plan.kept ? 'give --embedded another directory' : 'make room there, or set TMPDIR to another directory',
  );
}

function initdbOptions(plan: ClusterPlan): string[] {
  return [
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own rules for order and case: the same on every machine.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(plan.kept ? [] : ['--no-sync', '--no-data-checksums']),
    ...Object.entries(plan.settings).map(([name, value]) => `--set=${name}=${value}`),
  ];
}

/** Undefined when the cluster has none. */
export async function readPassword(directory: string): Promise<string | undefined> {
  const text = await readFile(path.join(directory, 'data', 'pqrun.password'), 'utf8').catch(() => undefined);
  return text?.trim();
}

/** The whole log of the last start. */
export async function readLog(directory: string): Promise<string> {
  return readFile(path.join(directory, 'server.log'), 'utf8').catch(() => '');
}

/** The end of the log, for people. */
export async function logTail(directory: string): Promise<string> {
  const lines = (await readLog(directory)).trimEnd().split('\n').slice(-TAIL);
  return lines.map((line) => `  ${line}`).join('\n');
}
