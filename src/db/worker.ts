import { parentPort } from 'node:worker_threads';
import { BatchRunner } from './batch-runner.js';
import { JobOutput } from './output/job-output.js';
import { OutputWindow } from './output/output-window.js';
import { JobRunner } from './job-runner.js';
import type { JobSurroundings, NoticeCollector } from './job-steps.js';
import { retryAlone } from './retry-alone.js';
import { Session } from './session.js';
import { JournaledBatch } from './journal/journaled-batch.js';
import { Recorder } from './journal/recorder.js';
import { GOES_ON, NO_MORE_STEPS, POOLERS } from './task.js';
import { LookAsker } from './watchdog.js';
import type {
  BatchResult,
  ChainResult,
  JobMessage,
  TaskResult,
  WorkerMessage,
  WorkerSetup,
  WorkerTask,
} from './task.js';

/**
 * The Piscina worker: a thread that holds one persistent connection (several, when there are more connections than
 * threads) and does one task at a time on each.
 *
 * Failures are returned as plain data, because an error thrown across threads loses its SQLSTATE and position. A task
 * rejects only when there is a bug.
 */

const sessions = new Map<number, Session>();
const notices = new Map<number, NoticeCollector>();
const windows = new Map<number, OutputWindow>();
/** None without a journal. */
const recorders = new Map<number, Recorder>();
let parts: RunParts | undefined;

/** Progress messages of one job come at most this often, in milliseconds. */
const PROGRESS_INTERVAL = 100;

export default async function work(task: WorkerTask): Promise<TaskResult | BatchResult | ChainResult> {
  if (task.setup !== undefined) parts ??= partsOf(task.setup);
  const session = sessionOf(task.connection);
  switch (task.kind) {
    case 'open': {
      const failure = await session.open();
      return done(session, failure === undefined ? [] : [{ failure, step: 0, context: false }]);
    }
    case 'start':
      return done(session, []);
    case 'job':
      return runJob(session, task.connection, task.job);
    case 'chain':
      return runChain(session, task.connection, task.jobs);
    case 'batch': {
      const collector: NoticeCollector = { step: 0, collected: [] };
      notices.set(task.connection, collector);
      const output = (job: number): JobOutput => outputOf(task.connection, job);
      const recorder = recorders.get(task.connection);
      if (recorder !== undefined) {
        const ofJob = (job: JobMessage): JobSurroundings => surroundingsOf(task.connection, job);
        return new JournaledBatch(session, task, { notices: collector, recorder, ofJob }).run();
      }
      const { jobs } = await new BatchRunner(session, task, { notices: collector, output }).run();
      const around = (job: JobMessage): JobSurroundings => surroundingsOf(task.connection, job);
      return { jobs: await retryAlone(session, { messages: task.jobs, results: jobs, around }) };
    }
    case 'close': {
      const { backend } = session;
      const began = performance.now();
      const failure = await session.leave();
      const failures = failure === undefined ? [] : [{ failure, step: 0, context: false }];
      return { ...done(session, failures), backend, duration: performance.now() - began };
    }
  }
}

/** What all sessions of the run share. */
interface RunParts {
  readonly setup: WorkerSetup;
  readonly stop: Uint8Array;
  readonly poolers: Uint8Array;
  readonly passedOn: Int32Array<SharedArrayBuffer>;
  readonly looks: LookAsker;
}

function partsOf(setup: WorkerSetup): RunParts {
  return {
    setup,
    stop: new Uint8Array(setup.stop),
    poolers: new Uint8Array(setup.poolers),
    passedOn: new Int32Array(setup.passedOn),
    looks: new LookAsker(setup.watchdog),
  };
}

function ours(): RunParts {
  if (parts === undefined) throw new Error('no task has come yet');
  return parts;
}

/** Between two jobs it is seen whether the chain goes on, and said that it does. */
async function runChain(
  session: Session,
  connection: number,
  jobs: readonly JobMessage[],
): Promise<ChainResult> {
  const { stop } = ours();
  for (const [before, job] of jobs.entries()) {
    const result = await runJob(session, connection, job);
    const isLast = before === jobs.length - 1 || result.failures.length > 0 || stop[0] !== GOES_ON;
    if (isLast) return { before, last: result };
    post({ kind: 'ended', connection, result });
  }
  throw new RangeError('a chain of no jobs');
}

function runJob(session: Session, connection: number, job: JobMessage): Promise<TaskResult> {
  const around = surroundingsOf(connection, job);
  return job.live === undefined ? new JobRunner(session, job, around).run() : runLive(session, job, around);
}

function surroundingsOf(connection: number, job: JobMessage): JobSurroundings {
  const collector: NoticeCollector = { step: 0, collected: [] };
  notices.set(connection, collector);
  let told = performance.now();
  const { stop } = ours();
  const recorder = recorders.get(connection);
  return {
    ...(recorder === undefined ? {} : { recorder }),
    stopped: () => stop[0] === NO_MORE_STEPS,
    notices: collector,
    output: outputOf(connection, job.id),
    progress: (stepsDone, rows) => {
      const now = performance.now();
      if (now - told < PROGRESS_INTERVAL) return;
      told = now;
      post({ kind: 'progress', connection, job: job.id, stepsDone, rows });
    },
    retrying: (told) => post({ kind: 'retrying', connection, job: job.id, ...told }),
  };
}

/** Most runs have no such script: what reads it is loaded when there is one. */
async function runLive(session: Session, job: JobMessage, around: JobSurroundings): Promise<TaskResult> {
  const { LiveRunner } = await import('./live/live-runner.js');
  const { live } = job;
  if (live === undefined) throw new Error('the job is no script');
  return new LiveRunner(session, { job, live }, around).run();
}

function outputOf(connection: number, job: number): JobOutput {
  const window = windows.get(connection) ?? new OutputWindow(ours().passedOn, connection);
  windows.set(connection, window);
  return new JobOutput((parts, transfer) => {
    post({ kind: 'output', connection, job, parts }, transfer);
    return window.posted();
  });
}

function sessionOf(connection: number): Session {
  const open = sessions.get(connection);
  if (open !== undefined) return open;
  const { setup, poolers, looks } = ours();
  const number = Math.floor(connection / setup.connectionsPerTarget);
  const target = setup.targets[number];
  if (target === undefined) throw new RangeError(`no target of connection ${connection}`);
  const session = new Session(
    connection,
    { ...setup, ...target, pooler: () => POOLERS[poolers[number] ?? 0] ?? 'ask' },
    {
      connected: (_, backend) => post({ kind: 'connected', connection, backend }),
      opened: (opening) => post({ kind: 'opened', ...opening }),
      look: (suspect) => looks.ask(number, suspect),
      lost: (_, message) => post({ kind: 'lost', connection, message }),
      notice: ({ severity = 'NOTICE', code = '00000', message = '', detail, hint }) => {
        const collector = notices.get(connection);
        const more = { ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) };
        const { place } = collector ?? {};
        const where = place === undefined ? {} : { place };
        collector?.collected.push({ step: collector.step, ...where, severity, code, message, ...more });
      },
    },
  );
  sessions.set(connection, session);
  if (setup.journal !== undefined) recorders.set(connection, new Recorder(setup.journal, connection));
  return session;
}

function done(session: Session, failures: TaskResult['failures']): TaskResult {
  return { backend: session.backend, results: [], failures, notices: [], duration: 0, outputs: 0, rest: [] };
}

function post(message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
