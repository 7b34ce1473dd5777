import { parentPort, workerData } from 'node:worker_threads';
import { JobRunner, type NoticeCollector } from './job-runner.js';
import { Session } from './session.js';
import type { TaskResult, WorkerMessage, WorkerSetup, WorkerTask } from './task.js';

/**
 * The Piscina worker: a thread that holds one persistent connection (several, when there are more connections than
 * threads) and does one task at a time on each.
 *
 * Failures are returned as plain data, because an error thrown across threads loses its SQLSTATE and position. A task
 * rejects only when there is a bug.
 */

// `workerData` is untyped; the pool gives every thread a WorkerSetup.
const setup = workerData as WorkerSetup;
const stop = new Uint8Array(setup.stop);
const sessions = new Map<number, Session>();
const notices = new Map<number, NoticeCollector>();

/** Progress messages of one job come at most this often, in milliseconds. */
const PROGRESS_INTERVAL = 100;

export default async function work(task: WorkerTask): Promise<TaskResult> {
  const session = sessionOf(task.connection);
  switch (task.kind) {
    case 'open': {
      const failure = await session.open();
      return done(session, failure === undefined ? [] : [{ failure, step: 0, context: false }]);
    }
    case 'job':
      return runJob(session, task);
    case 'close': {
      const failure = await session.leave();
      return done(session, failure === undefined ? [] : [{ failure, step: 0, context: false }]);
    }
  }
}

function runJob(
  session: Session,
  { connection, job }: WorkerTask & { readonly kind: 'job' },
): Promise<TaskResult> {
  const collector: NoticeCollector = { step: 0, collected: [] };
  notices.set(connection, collector);
  let told = performance.now();
  const runner = new JobRunner(session, job, {
    stopped: () => stop[0] === 1,
    notices: collector,
    output: (text) => post({ kind: 'output', job: job.id, text }),
    progress: (stepsDone, rows) => {
      const now = performance.now();
      if (job.steps.length < 2 || now - told < PROGRESS_INTERVAL) return;
      told = now;
      post({ kind: 'progress', connection, job: job.id, stepsDone, rows });
    },
  });
  return runner.run();
}

function sessionOf(connection: number): Session {
  const known = sessions.get(connection);
  if (known !== undefined) return known;
  const session = new Session(connection, setup, {
    opened: (_, backend) => post({ kind: 'opened', connection, backend }),
    lost: (_, message) => post({ kind: 'lost', connection, message }),
    notice: ({ severity = 'NOTICE', code = '00000', message = '', detail, hint }) => {
      const collector = notices.get(connection);
      const more = { ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) };
      collector?.collected.push({ step: collector.step, severity, code, message, ...more });
    },
  });
  sessions.set(connection, session);
  return session;
}

function done(session: Session, failures: TaskResult['failures']): TaskResult {
  return { backend: session.backend, results: [], failures, notices: [], duration: 0, outputs: 0 };
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
