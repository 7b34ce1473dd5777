import { randomUUID } from 'node:crypto';
import type { Controls } from '../db/controls.js';
import type { UnionOptions } from '../db/job-message.js';
import { ConnectionPool, type PoolListener } from '../db/pool.js';
import { describeTarget } from '../db/settings/secrets.js';
import type { ConnectionSettings } from '../db/settings/settings.js';
import type { Snapshot } from '../db/snapshot.js';
import { durableEpoch, isSameEpoch } from '../db/epoch.js';
import type { InitStatement, JournalSetup } from '../db/task.js';
import type { Threads } from '../db/threads.js';
import { Watchdog } from '../db/watchdog.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { ConnectionFailure } from '../model/failure.js';
import type { ServerCoresOptions } from '../run/server-cores.js';
import { allot, type Allotment } from './allotment.js';
import type { FoundTarget, FoundTargets } from './find-targets.js';
import type { SettledOptions } from './options.js';
import { ConnectError } from './server.js';
import { shareCores } from './server-cores.js';

/**
 * The databases a run goes to: reached over the control connections, their servers' free connection slots counted, the
 * threads that will hold the others on their way.
 *
 * The first of these others is opened at once, on each target, because there is always need of one and opening takes as long
 * as reading a small input; not so with --init-sql, which must not be sent before the input is known to be right.
 */
export interface Target {
  readonly description: string;
  /** None: there is one target, and it has no name. */
  readonly names: readonly string[];
  readonly settings: readonly ConnectionSettings[];
  readonly controls: Controls;
  readonly pool: ConnectionPool;
  readonly warnings: readonly Diagnostic[];
  /** What jobs and the server's own parallel workers share; undefined: they do not. */
  readonly serverCores: ServerCoresOptions | undefined;
  /** Connections are numbered through the targets, so many for each. */
  readonly connectionsPerTarget: number;
  /** Servers have crashed, or were restarted, since the run began: what had not reached the disk by then is lost. */
  haveRestarted(): Promise<boolean>;
  /** How many of the connections that each target would like its server has room for. Throws ConnectError for none. */
  allot(wanted: number): Allotment;
  /** Takes the snapshots that all jobs read from now on. Throws ConnectError, or InputError where a server gives none. */
  takeSnapshots(): Promise<void>;
  /** Lets go of them, once no more jobs begin; harmless without any. */
  releaseSnapshots(): Promise<void>;
  close(): Promise<void>;
}

export interface TargetSetup {
  readonly initSql: readonly InitStatement[];
  readonly exitSql: readonly string[];
  readonly listener: PoolListener;
  /** Resolves when it is known that the catalog will be asked for. */
  readonly catalogWanted: Promise<void>;
  readonly union: UnionOptions;
  readonly journal: JournalSetup | undefined;
  readonly early: Threads | undefined;
}

export async function openTarget(
  found: FoundTargets,
  settled: SettledOptions,
  setup: TargetSetup,
): Promise<Target> {
  const { targets } = found;
  const { threads, keepGoing, retries, show, maxConnections } = settled;
  const { listener, initSql, exitSql, union, catalogWanted, journal, early } = setup;
  const connectionsPerTarget = shareOf(settled, targets.length);
  // A thread starts before node-postgres is loaded into this one: both take tens of milliseconds, side by side.
  const controlling = (): Promise<Controls> => (loaded ??= loadControls(targets));
  let loaded: Promise<Controls> | undefined;
  const isNamed = targets[0]?.name !== undefined;
  const channel = `pqrun ${randomUUID()}`;
  const watchdog = new Watchdog(channel, async (target, suspect) =>
    (await controlling()).look(target, suspect),
  );
  const pool = new ConnectionPool({
    threads,
    keepGoing,
    retries,
    show,
    listener,
    cancelBackends: async (target, backends) => (await controlling()).cancel(target, backends),
    setup: { targets, connectionsPerTarget, initSql, exitSql, journal, watchdog: channel },
    union: isNamed ? union : undefined,
    early,
  });
  const firsts = initSql.length === 0 ? firstOfEach(targets) : [];
  const isEarly = firsts.length <= (maxConnections ?? Infinity);
  const openFirst = (): Promise<readonly (ConnectionFailure | undefined)[]> =>
    Promise.all((isEarly ? firsts : []).map((target) => pool.tryOpen(target * connectionsPerTarget)));
  // Of several they come later: together they could take the slot that the control connection needs.
  const first = targets.length === 1 ? openFirst() : undefined;
  const controls = await controlling();
  // It is the scheduler that says who has the first turn.
  const closeFirst = async (
    opened: Map<number | undefined, ConnectionFailure | undefined>,
  ): Promise<void> => {
    const open = [...opened].flatMap(([target = 0, failure]) => (failure === undefined ? target : []));
    await Promise.all(open.map((target) => pool.close(target * connectionsPerTarget)));
    for (const target of open) opened.delete(target);
  };
  let snapshots: readonly Snapshot[] = [];
  const takeSnapshots = async (): Promise<void> => {
    snapshots = await exportSnapshots(targets);
    pool.learn({ snapshots: snapshots });
  };
  const releaseSnapshots = async (): Promise<void> => {
    await Promise.all(snapshots.map((snapshot) => snapshot.release()));
  };
  const close = async (): Promise<void> => {
    await releaseSnapshots();
    watchdog.close();
    await pool.destroy();
    await controls.close();
    await found.stop();
  };
  try {
    const watched = await controls.open();
    for (const [target, failure] of watched.entries())
      if (failure !== undefined) pool.learnPooler(target, 'ask');
      else if (controls.isPooled(target)) pool.learnPooler(target, 'there');
    // While scripts are read and the first thread starts.
    if (targets.length === 1 && settled.order === 'auto')
      void catalogWanted.then(() => controls.readAhead(0));
    const tried = await (first ?? openFirst());
    const opened = new Map(tried.map((failure, index) => [firsts[index], failure]));
    const wasTooEarly = first !== undefined && controls.isPooled(0);
    if (tried.some(isForRoom) || wasTooEarly) await closeFirst(opened);
    checkReached(targets, {
      failures: watched.map((failure, target) => failure ?? hinderedBy(opened.get(target))),
      controls,
      keepGoing,
    });
    const [slots, serverCores, known] = await Promise.all([
      controls.freeSlots(),
      shareCores(settled, { targets, controls, pool }),
      controls.epochs(),
    ]);
    const epochs = settled.synchronousCommit ? known.map((one) => one && durableEpoch(one)) : known;
    pool.learn({ epochs });
    return {
      description: describe(targets),
      names: targets.flatMap(({ name }) => name ?? []),
      settings: targets.map(({ settings }) => settings),
      controls,
      pool,
      warnings: found.warnings,
      serverCores,
      connectionsPerTarget,
      haveRestarted: async () => {
        const now = await controls.epochs();
        return now.some((epoch = '', target) => !isSameEpoch(epochs[target] ?? epoch, epoch));
      },
      allot: (wanted) => {
        const isOpen = (target: number): boolean => opened.has(target) && opened.get(target) === undefined;
        const taken = settled.snapshot ? 1 : 0;
        return allot(
          slots.map(({ free, targets: sharing }) => ({
            free: free + sharing.filter(isOpen).length - taken * sharing.length,
            targets: sharing.length,
          })),
          { wanted: Math.min(wanted, connectionsPerTarget), most: maxConnections },
        );
      },
      takeSnapshots,
      releaseSnapshots,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One target of each database. */
function firstOfEach(targets: readonly FoundTarget[]): readonly number[] {
  const seen = new Set<ConnectionSettings>();
  return targets.flatMap(({ settings }, target) => {
    if (seen.has(settings)) return [];
    seen.add(settings);
    return target;
  });
}

function isForRoom(failure: ConnectionFailure | undefined): boolean {
  return failure?.code === TOO_MANY_CONNECTIONS;
}

/** Where there is only want of room, targets take turns. */
function hinderedBy(failure: ConnectionFailure | undefined): ConnectionFailure | undefined {
  return isForRoom(failure) ? undefined : failure;
}

/** Side by side as far as the limit allows, else one behind the other. */
function shareOf({ jobs, maxConnections = Infinity }: SettledOptions, targets: number): number {
  return Math.max(1, Math.min(jobs, Math.floor(maxConnections / targets)));
}

async function loadControls(targets: readonly FoundTarget[]): Promise<Controls> {
  const { Controls } = await import('../db/controls.js');
  return new Controls(targets);
}

/** One of each database. */
async function exportSnapshots(targets: readonly FoundTarget[]): Promise<readonly Snapshot[]> {
  const { Snapshot } = await import('../db/snapshot.js');
  const taken = await Promise.all(targets.map(({ settings }) => Snapshot.take(settings)));
  const snapshots = taken.flatMap((result) => (result.ok ? [result.snapshot] : []));
  const index = taken.findIndex(({ ok }) => !ok);
  const failed = taken[index];
  if (failed === undefined || failed.ok) return snapshots;
  await Promise.all(snapshots.map((snapshot) => snapshot.release()));
  const { failure } = failed;
  const name = targets[index]?.name;
  const on = name === undefined ? '' : `target ${name}: `;
  if (failure.kind === 'connection') throw new ConnectError({ ...failure, message: on + failure.message });
  const message = `--snapshot: ${on}the server gives no snapshot: ${failure.message}`;
  const hint = 'run without --snapshot, or on a server that can export snapshots';
  throw new InputError([{ severity: 'error', message, hint }]);
}

interface Reached {
  readonly failures: readonly (ConnectionFailure | undefined)[];
  readonly controls: Controls;
  readonly keepGoing: boolean;
}

/** With `-k` a run goes to those targets that can be reached; the others fail in it. */
function checkReached(targets: readonly FoundTarget[], { failures, controls, keepGoing }: Reached): void {
  const index = failures.findIndex((failure) => failure !== undefined);
  const failure = failures[index];
  if (failure === undefined) return;
  if (keepGoing && failures.includes(undefined)) return;
  const { name, settings } = targets[index] ?? {};
  const message = name === undefined ? failure.message : `target ${name}: ${failure.message}`;
  const needsPassword = controls.needsPassword && settings?.mayPrompt === true;
  throw new ConnectError({ ...failure, message }, { needsPassword });
}

function describe(targets: readonly FoundTarget[]): string {
  const [first] = targets;
  if (first === undefined) return '';
  if (first.name === undefined) return describeTarget(first.settings);
  const names = targets.map(({ name }) => name ?? '');
  const shown = names.length <= NAMED_TARGETS ? names : [...names.slice(0, NAMED_TARGETS - 1), '…'];
  return `${names.length} ${names.length === 1 ? 'target' : 'targets'}: ${shown.join(', ')}`;
}

const TOO_MANY_CONNECTIONS = '53300';
const NAMED_TARGETS = 6;
