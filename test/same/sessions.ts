import { JobOutput } from '../../src/db/output/job-output.js';
import { JobRunner } from '../../src/db/job-runner.js';
import type { JobSurroundings } from '../../src/db/job-steps.js';
import { messageOf } from '../../src/db/job-message.js';
import { Session } from '../../src/db/session.js';
import { resolveConnection } from '../../src/db/settings/resolve.js';
import { systemSurroundings } from '../../src/db/settings/surroundings.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_SHOW } from '../../src/model/script.js';
import { LIMITS } from './limits.js';

/** What pqrun's threads do with jobs, done here: its sessions and its runner of jobs, without threads. */
export class JobSessions {
  readonly #sessions: readonly Session[];
  readonly #free: Session[];

  constructor(url: string, count: number) {
    const settings = resolveConnection({ dbname: url }, { ...systemSurroundings(), env: {} });
    if (!settings.ok) throw new Error(settings.diagnostics.map(({ message }) => message).join('; '));
    const serverSettings = { synchronous_commit: 'off', ...LIMITS };
    const setup = { settings: settings.value, serverSettings, initSql: [], exitSql: [] };
    const nobody = {
      connected: () => undefined,
      opened: () => undefined,
      lost: () => undefined,
      notice: () => undefined,
    };
    this.#sessions = Array.from({ length: count }, (_, index) => new Session(index, setup, nobody));
    this.#free = [...this.#sessions];
  }

  /** Runs it on a free session, of which there must be one; says what went wrong. */
  async run(job: Job): Promise<string | undefined> {
    const session = this.#free.shift();
    if (session === undefined) throw new Error('no session is free');
    const message = messageOf(job, { keepGoing: false, retries: 0, show: DEFAULT_SHOW, settings: [] });
    const { failures } = await new JobRunner(session, message, surroundings()).run();
    // The last one first: a session that is not needed is not opened.
    this.#free.unshift(session);
    const [first] = failures;
    return first === undefined ? undefined : `${job.name}: ${first.failure.message}`;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
  }
}

function surroundings(): JobSurroundings {
  return {
    stopped: () => false,
    output: new JobOutput(() => undefined),
    progress: () => undefined,
    retrying: () => undefined,
    notices: { step: 0, collected: [] },
  };
}
