import type { CatalogRows } from '../model/catalog-rows.js';
import { isGate } from '../model/job.js';
import type { Plan } from '../model/plan.js';
import { weighByDurations } from '../plan/durations.js';
import { withResultFiles } from '../plan/result-files.js';
import { Scheduler } from '../run/scheduler.js';
import type { Inputs } from '../script/discover.js';
import { ConnectionLost } from '../db/connection-lost.js';
import { History } from '../db/history.js';
import type { InitStatement } from '../db/task.js';
import type { Threads } from '../db/threads.js';
import { settleOptions, type RunOptions, type SettledOptions } from './options.js';
import { continued, journalSetup, openJournal } from './continued.js';
import { findInputs } from './inputs.js';
import { Kindness, questionsOf } from './kindness.js';
import type { RunJournal } from './journal.js';
import { leave } from './leave.js';
import { MaxRate } from './max-rate.js';
import type { Prepared } from './prepare.js';
import { targetAsker } from './record-asker.js';
import type { RunResult } from './result.js';
import { runPieces } from './run-pieces.js';
import { RunOutput } from './run-output.js';
import { RunTelling } from './run-telling.js';
import { stopping } from './stopping.js';
import { findTargets, hasTargets } from './find-targets.js';
import { ConnectError, type Server } from './server.js';
import { openTarget, type Target } from './target.js';
import { WalkReaders } from './walk-readers.js';

/**
 * A run, from options to result: inputs → plan, targets → connections, plan + connections → events.
 *
 * Reading and connecting go on side by side, because both take tens of milliseconds; nothing is sent before
 * everything is read and checked. Whatever was opened is closed again, however the run ends.
 *
 * Rejects with InputError when the input or the options are wrong, and with ConnectError when there is no connection;
 * nothing was run then. Failures of jobs are a result, not a rejection.
 */
export function run(options: RunOptions): Promise<RunResult> {
  return runAt({}, options);
}

/** What a caller inside pqrun has to do with a run. */
export interface RunPlace {
  /** A server of whoever calls, in the place of the one that the options lead to. */
  readonly server?: Server;
  /** Started ahead. */
  readonly threads?: Threads | undefined;
  /** Told of the plan before anything of it runs; when it throws, nothing does. */
  readonly onPlan?: (plan: Plan) => void;
}

export async function runAt(place: RunPlace, options: RunOptions): Promise<RunResult> {
  try {
    return await runOnce(place, options);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new ConnectError({ kind: 'connection', phase: 'lost', message: error.message });
  }
}

async function runOnce(place: RunPlace, options: RunOptions): Promise<RunResult> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  const telling = new RunTelling(options);
  const opened = await prepare({ place, options, settled, inputs, telling });
  try {
    place.onPlan?.(opened.prepared.plan);
    return await execute({ place, ...opened, options, settled, inputs, telling });
  } finally {
    await opened.readers.forget();
    await opened.journal?.close();
    await opened.target.close();
  }
}

interface Context {
  readonly place: RunPlace;
  readonly options: RunOptions;
  readonly settled: SettledOptions;
  readonly inputs: Inputs;
  readonly telling: RunTelling;
}

/**
 * Reading and connecting side by side. The parser is loaded only once the first thread is on its way: both take tens of
 * milliseconds, on two cores at the same time. A fault of the input comes before a fault of the connection: it is what
 * the user has to mend first.
 */
async function prepare(context: Context): Promise<Opened> {
  const { place, options, settled, inputs, telling } = context;
  const { initSql, exitSql } = await readConnectionSql(settled);
  const journal = journalSetup(context);
  const finding = findTargets(options, settled, place.server);
  const { withTarget = false, first = false, mergeOrder } = options;
  const union = { withTarget, first, merged: mergeOrder !== undefined };
  let wantCatalog = (): void => undefined;
  const catalogWanted = new Promise<void>((resolve) => (wantCatalog = resolve));
  const opening = finding.then((found) =>
    openTarget(found, settled, {
      initSql,
      exitSql,
      listener: telling,
      union,
      catalogWanted,
      journal,
      early: place.threads,
    }),
  );
  const journaling = journal && openJournal(opening, journal, options.restart === true);
  // It is heard of where it is awaited, if the reading comes so far.
  journaling?.catch(() => undefined);
  // The queries of splits wait for the connection; nothing else of the reading does.
  const askRecords = targetAsker(settled, async () => {
    await opening;
    return (await finding).targets;
  });
  const readers = new WalkReaders(async () => (await finding).targets);
  const reading = import('./prepare.js').then(async ({ readPlan }) => {
    // Only scripts that go to several databases can ask for their names.
    const named = hasTargets(options, settled) ? (await finding).targets : [];
    const targetNames = named.map(({ name }) => name ?? '');
    const askCatalog = async (index: number): Promise<CatalogRows> =>
      (await opening).controls.readCatalog(index);
    let areStarting = false;
    const onSplit = (): void => {
      if (areStarting) return;
      areStarting = true;
      void opening.then(({ pool }) => pool.startThreads(settled.jobs)).catch(() => undefined);
    };
    const onStatements = (soFar: number): void => {
      if (soFar > 1) wantCatalog();
      if (soFar >= MANY_STATEMENTS) onSplit();
    };
    const preparation = {
      inputs,
      options,
      settled,
      askRecords,
      askCatalog,
      readers,
      targetNames,
      onStatements,
      onSplit,
    };
    if (journaling === undefined) return readPlan(preparation);
    const pieces = async (): Promise<number> => (await journaling).pieces(settled.jobs);
    const places = async (): Promise<ReadonlyMap<string, number>> => (await journaling).places();
    const prepared = await readPlan({ ...preparation, pieces, places });
    const { controls } = await opening;
    return continued(await journaling, { ...preparation, pieces, places }, { prepared, controls });
  });
  const [read, opened] = await Promise.allSettled([reading, opening]);
  if (read.status === 'rejected' || opened.status === 'rejected') await readers.forget();
  if (read.status === 'rejected') {
    if (opened.status === 'fulfilled') {
      await journaling?.then((own) => own.close()).catch(() => undefined);
      await opened.value.close();
    }
    throw opened.status === 'rejected' && journaling !== undefined ? opened.reason : read.reason;
  }
  if (opened.status === 'rejected') throw opened.reason;
  const found = { prepared: read.value, target: opened.value, readers };
  return journaling === undefined ? found : { ...found, journal: await journaling };
}

interface Opened {
  readonly prepared: Prepared;
  readonly target: Target;
  readonly readers: WalkReaders;
  readonly journal?: RunJournal;
}

/** To read and plan so many takes longer than to start a thread, so that more than the first one may start meanwhile. */
const MANY_STATEMENTS = 200;

/** --init-sql and --exit-sql as statements. Threads are given them when they start, so they are read first. */
async function readConnectionSql(
  settled: SettledOptions,
): Promise<{ readonly initSql: readonly InitStatement[]; readonly exitSql: readonly string[] }> {
  if (settled.initSql === '' && settled.exitSql === '') return { initSql: [], exitSql: [] };
  const { readSql } = await import('./read-sql.js');
  const initSql = await readSql('--init-sql', settled.initSql);
  const exitSql = await readSql('--exit-sql', settled.exitSql);
  return { initSql, exitSql: exitSql.map(({ text }) => text) };
}

async function execute(context: Context & Opened): Promise<RunResult> {
  const { target, journal, options, settled, inputs, telling } = context;
  const left = await journal?.begin(journal.prepare(context.prepared.plan), settled);
  const prepared = left === undefined ? context.prepared : { ...context.prepared, plan: left.plan };
  if (left !== undefined) target.pool.learn({ units: left.units });
  const history =
    options.history === true ? new History({ inputs: inputs.names, target: target.description }) : undefined;
  const weighed = weighByDurations(prepared.plan, (await history?.read()) ?? new Map());
  const { resultDirectory } = settled;
  const plan = resultDirectory === undefined ? weighed : withResultFiles(weighed, resultDirectory);
  const targets = Math.max(1, target.names.length);
  const jobs = Math.ceil(realJobs(plan) / targets);
  const { connections, maxConnections, warnings } = target.allot(Math.min(settled.jobs, jobs));
  const broken = new AbortController();
  const enough = new AbortController();
  const output = new RunOutput(plan, options, {
    settled,
    broken: (error) => broken.abort(error),
    isEnough: options.first === true ? () => enough.abort() : undefined,
  });
  telling.begin(plan, {
    output,
    inputs: inputs.names,
    target: target.description,
    connections: Math.min(connections * targets, maxConnections ?? Infinity),
    targets: target.names,
    settings: target.settings,
  });
  if (left !== undefined) telling.emit({ type: 'journal-read', at: telling.now(), ...left.read });
  for (const warning of [...(journal?.warnings ?? []), ...target.warnings, ...prepared.warnings, ...warnings])
    telling.warn(warning);

  const { keepGoing, onError } = settled;
  const failure = connections === 0 || targets > 1 ? undefined : await target.pool.tryOpen(0);
  if (failure !== undefined) throw new ConnectError(failure);
  if (settled.snapshot && connections > 0) await target.takeSnapshots();
  const claims = left && journal?.claims(left, (warning) => telling.warn(warning));
  const pieces = await runPieces(plan, {
    readers: context.readers,
    connections,
    retries: settled.retries,
    initSql: settled.initSql,
    store: (index) => journal?.pieceStore(index),
    telling,
  });
  const scheduler = new Scheduler(
    plan,
    {
      executor: target.pool,
      clock: telling,
      emit: (event) => {
        telling.emit(event);
        rate?.hear(event);
      },
      ...prepared.replanning,
      claims,
      pieces,
    },
    {
      connections,
      connectionsPerTarget: target.connectionsPerTarget,
      targets,
      maxConnections,
      keepGoing,
      onError,
      shuffle: options.shuffle,
      ...(target.serverCores === undefined ? {} : { serverCores: target.serverCores }),
    },
  );
  const { maxRate } = options;
  const rate = maxRate && new MaxRate(maxRate, scheduler, () => telling.now());
  const kindness = new Kindness(target.controls, questionsOf(options), scheduler);
  await kindness.begin();
  const ended = await stopping(
    { scheduler, output, telling },
    {
      interrupted: options.signal,
      broken: broken.signal,
      enough: enough.signal,
      drain: options.drain === true,
      deadline: options.deadline,
    },
  ).finally(() => {
    kindness.end();
    rate?.end();
    return claims?.close();
  });
  const status = broken.signal.aborted ? 'failed' : ended;
  if (status === 'done' && !enough.signal.aborted) await pieces?.check();
  // A run that stopped half-way knows less than the one before it.
  if (status === 'done' && !enough.signal.aborted) await history?.write(telling.durations());
  const result = await leave(target, { ended: status, settled, telling, journal });
  await journal?.end(result);
  return telling.end(result);
}

function realJobs(plan: Plan): number {
  return plan.jobs.filter((job) => !isGate(job)).length;
}
