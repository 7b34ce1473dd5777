/**
 * One start of the server: launch, wait until it accepts connections, stop.
 *
 * The server's state is read from its own postmaster.pid, whose last line says `ready` from the moment connections
 * are accepted (as pg_ctl does it: src/bin/pg_ctl/pg_ctl.c, wait_for_postmaster_start); a server that ends before
 * is told by its process. It does not know where the cluster comes from.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failed, type Failed } from './attempt.js';
import { logTail, readLog } from './cluster.js';
import { spawnAs, type ServerUser } from './server-user.js';
import type { Settings } from './settings.js';

export interface Postmaster {
  /** A fast shutdown: sessions are ended, data is written. Returns when the server is gone. */
  stop(): Promise<void>;
}

export interface PostmasterPlan {
  readonly directory: string;
  /** Tells the guard of this run that the server is its own. */
  readonly run: string;
  readonly user: ServerUser;
  readonly postgres: string;
  readonly settings: Settings;
  /** A kept cluster may have to recover from a crash first, and is given all the time it needs to stop. */
  readonly kept: boolean;
}

export type PostmasterStart =
  | { readonly kind: 'ready'; readonly postmaster: Postmaster }
  /** Somebody took the port since it was found free: try another one. */
  | { readonly kind: 'port-taken' }
  | { readonly kind: 'failed'; readonly failure: Failed };

/** Milliseconds between two looks at postmaster.pid. */
const POLL = 5;
const START_LIMIT = { throwaway: 60_000, kept: 15 * 60_000 } as const;
/** A throw-away server that has not stopped by then is told to stop without tidying up. */
const STOP_LIMIT = 10_000;

/** The log is opened with the rights of the server's user; exec keeps the process id. */
const START_SERVER = 'umask 077; log=$1; shift; exec "$@" >"$log" 2>&1';

export async function startPostmaster(plan: PostmasterPlan): Promise<PostmasterStart> {
  const child = launch(plan);
  const limit = plan.kept ? START_LIMIT.kept : START_LIMIT.throwaway;
  const deadline = performance.now() + limit;
  while (!hasEnded(child)) {
    if (await isReady(child, plan.directory)) {
      child.unref();
      return { kind: 'ready', postmaster: { stop: () => stop(child, plan.kept) } };
    }
    if (performance.now() > deadline) {
      await stop(child, plan.kept);
      return { kind: 'failed', failure: await describe(plan, `was not ready after ${limit / 1000} s`) };
    }
    await delay(POLL);
  }
  if ((await readLog(plan.directory)).includes('could not bind IPv4 address')) return { kind: 'port-taken' };
  return { kind: 'failed', failure: await describe(plan, 'did not start') };
}

function launch(plan: PostmasterPlan): ChildProcess {
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const data = path.join(plan.directory, 'data');
  // A setting that only the guard reads, in the command line: see guard.ts.
  const server = [plan.postgres, '-D', data, '-c', `pqrun.run=${plan.run}`, ...settings];
  const log = path.join(plan.directory, 'server.log');
  const child = spawnAs(plan.user, ['/bin/sh', '-c', START_SERVER, 'pqrun-server', log, ...server], 'ignore');
  // Without a process there is an exit status to be seen: see hasEnded.
  child.on('error', () => undefined);
  return child;
}

/** Lines of postmaster.pid (src/include/utils/pidfile.h): the first is the process id, the eighth the status. */
async function isReady(child: ChildProcess, directory: string): Promise<boolean> {
  const text = await readFile(path.join(directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return lines[0] === String(child.pid) && lines[7]?.trim() === 'ready';
}

async function stop(child: ChildProcess, kept: boolean): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const force = kept ? undefined : setTimeout(() => child.kill('SIGQUIT'), STOP_LIMIT);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function describe(plan: PostmasterPlan, what: string): Promise<Failed> {
  const hint = plan.kept
    ? 'see the cause in the log above; a new or an empty directory gives a new cluster'
    : 'see the cause in the log above, or connect to a running PostgreSQL server with -h or -d';
  return failed(`the embedded PostgreSQL ${what}; its log ends:\n${await logTail(plan.directory)}`, hint);
}
