import type { RunStatus } from '../model/event.js';
import { isGate } from '../model/job.js';
import type { Plan } from '../model/plan.js';
import { weighByDurations } from '../plan/durations.js';
import { Scheduler } from '../run/scheduler.js';
import type { Inputs } from '../script/discover.js';
import { History } from '../db/history.js';
import type { InitStatement } from '../db/task.js';
import { settleOptions, type RunOptions, type SettledOptions } from './options.js';
import { findInputs } from './inputs.js';
import type { Prepared } from './prepare.js';
import type { RunResult } from './result.js';
import { RunTelling } from './run-telling.js';
import { ConnectError, openTarget, type Target } from './target.js';

/**
 * A run, from options to result: inputs → plan, target → connections, plan + connections → events.
 *
 * Reading and connecting go on side by side, because both take tens of milliseconds; nothing is sent before
 * everything is read and checked. Whatever was opened is closed again, however the run ends.
 *
 * Rejects with InputError when the input or the options are wrong, and with ConnectError when there is no connection;
 * nothing was run then. Failures of jobs are a result, not a rejection.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest?.defaults);
  const telling = new RunTelling(options);
  const { prepared, target } = await prepare({ options, settled, inputs, telling });
  try {
    return await execute({ prepared, target, options, settled, inputs, telling });
  } finally {
    await target.close();
  }
}

interface Context {
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
async function prepare(context: Context): Promise<{ readonly prepared: Prepared; readonly target: Target }> {
  const { options, settled, inputs, telling } = context;
  const { initSql, exitSql } = await readConnectionSql(settled);
  const opening = openTarget(options, settled, { initSql, exitSql, listener: telling });
  const reading = import('./prepare.js').then(({ readPlan }) => readPlan(inputs, options, settled));
  const [read, opened] = await Promise.allSettled([reading, opening]);
  if (read.status === 'rejected') {
    if (opened.status === 'fulfilled') await opened.value.close();
    throw read.reason;
  }
  if (opened.status === 'rejected') throw opened.reason;
  return { prepared: read.value, target: opened.value };
}

/** --init-sql and --exit-sql as statements. Threads are given them when they start, so they are read first. */
async function readConnectionSql(
  settled: SettledOptions,
): Promise<{ readonly initSql: readonly InitStatement[]; readonly exitSql: readonly string[] }> {
  if (settled.initSql === '' && settled.exitSql === '') return { initSql: [], exitSql: [] };
  const { readSql } = await import('./prepare.js');
  const initSql = await readSql('--init-sql', settled.initSql);
  const exitSql = await readSql('--exit-sql', settled.exitSql);
  return { initSql, exitSql: exitSql.map(({ text }) => text) };
}

async function execute(
  context: Context & { readonly prepared: Prepared; readonly target: Target },
): Promise<RunResult> {
  const { prepared, target, options, settled, inputs, telling } = context;
  const history =
    options.history === true ? new History({ inputs: inputs.names, target: target.description }) : undefined;
  const plan = weighByDurations(prepared.plan, (await history?.read()) ?? new Map());
  const { connections, warnings } = target.allot(Math.min(settled.jobs, realJobs(plan)));
  telling.begin(plan, {
    inputs: inputs.names,
    target: target.description,
    connections,
    settings: target.settings,
  });
  for (const warning of [...target.warnings, ...prepared.warnings, ...warnings]) telling.warn(warning);

  const { keepGoing, onError } = settled;
  const failure = connections === 0 ? undefined : await target.pool.tryOpen(0);
  if (failure !== undefined) throw new ConnectError(failure);
  const scheduler = new Scheduler(
    plan,
    { executor: target.pool, clock: telling, emit: (event) => telling.emit(event) },
    {
      connections,
      keepGoing,
      onError,
      ...(target.serverCores === undefined ? {} : { serverCores: target.serverCores }),
    },
  );
  const ended = await withSignal(options.signal, scheduler);
  await telling.resultsWritten();
  // A run that stopped half-way knows less than the one before it.
  if (ended === 'done') await history?.write(telling.durations());
  const status = await leave(target, { ended, settled, telling });
  return telling.end(status);
}

function realJobs(plan: Plan): number {
  return plan.jobs.filter((job) => !isGate(job)).length;
}

/** Says goodbye on every connection and makes the commits durable: what a run promises is true when it exits 0. */
async function leave(
  target: Target,
  { ended, settled, telling }: Pick<Context, 'settled' | 'telling'> & { readonly ended: RunStatus },
): Promise<RunStatus> {
  const exitFailure = await target.pool.leave();
  if (exitFailure !== undefined)
    telling.warn({ severity: 'warning', message: `--exit-sql failed: ${exitFailure}` });
  if (settled.synchronousCommit || !telling.anythingRan) return ended;
  try {
    await target.control.flush();
    return ended;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    telling.warn({
      severity: 'warning',
      message: `the last commits may not be on disk: ${cause}`,
      hint: 'when the server is back, look whether the last jobs are there, or run with --synchronous-commit',
    });
    return ended === 'done' ? 'failed' : ended;
  }
}

/** Runs the scheduler; an abort of the signal interrupts it. */
async function withSignal(signal: AbortSignal | undefined, scheduler: Scheduler): Promise<RunStatus> {
  const interrupt = (): void => scheduler.interrupt(String(signal?.reason ?? 'aborted'));
  if (signal?.aborted === true) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await scheduler.run();
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
