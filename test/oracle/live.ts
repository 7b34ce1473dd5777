import { resolve } from 'node:path';
import { DEFAULT_SHOW } from '../../src/model/script.js';
import { JobOutput } from '../../src/db/output/job-output.js';
import type { OutputPart } from '../../src/model/output.js';
import type { JobSurroundings } from '../../src/db/job-steps.js';
import { LiveRunner } from '../../src/db/live/live-runner.js';
import type { SessionSetup } from '../../src/db/session-parts.js';
import { Session } from '../../src/db/session.js';
import { resolveConnection } from '../../src/db/settings/resolve.js';
import { systemSurroundings } from '../../src/db/settings/surroundings.js';
import type { JobMessage, TaskResult } from '../../src/db/task.js';
import type { Reader, Ran } from './compare.js';
import { readWithPqrun, upToMarker, variablesOf } from './reader.js';
import type { Recorder } from './recorder.js';
import type { GeneratedScript } from './script.js';

/**
 * pqrun's side of the comparison for scripts whose path depends on results: they are run, by the runner and the session
 * of pqrun's threads, on the recorder that psql talks to as well. All other scripts are only read.
 */
export function runWithPqrun(recorder: Recorder): Reader {
  let turn: Promise<unknown> = Promise.resolve();
  return async (directory, script) => {
    const read = await readWithPqrun(directory, script);
    if (read.kind !== 'interpreted') return read;
    // The working directory is the process's, so that they take turns.
    const ran = turn.then(() => runHere(directory, { script, recorder }));
    turn = ran.catch(() => undefined);
    return ran;
  };
}

async function runHere(
  directory: string,
  { script, recorder }: { readonly script: GeneratedScript; readonly recorder: Recorder },
): Promise<Ran> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    const printed: string[] = [];
    const result = await runLive(script, { port: recorder.port, print: (text) => printed.push(text) });
    return { ...ranOf(recorder, result), stdout: printed.join('') };
  } finally {
    process.chdir(before);
  }
}

async function runLive(
  { args }: GeneratedScript,
  { port, print }: { readonly port: number; readonly print: (text: string) => void },
): Promise<TaskResult> {
  const session = new Session(0, setup(port), {
    connected: () => undefined,
    opened: () => undefined,
    lost: () => undefined,
    notice: () => undefined,
  });
  const script = {
    name: 'main.sql',
    from: { path: resolve('main.sql') },
    variables: [...variablesOf(args)],
    show: DEFAULT_SHOW,
    answers: [],
  };
  const live = { script, place: { file: 'main.sql', line: 1, column: 1 } };
  const output = new JobOutput((parts) => {
    printAll(parts, print);
    return undefined;
  });
  const around: JobSurroundings = {
    stopped: () => false,
    output,
    progress: () => undefined,
    retrying: () => undefined,
    notices: { step: 0, collected: [] },
  };
  try {
    const result = await new LiveRunner(session, { job: { ...JOB, live }, live }, around).run();
    printAll(result.rest, print);
    return result;
  } finally {
    await session.close();
  }
}

function printAll(parts: readonly OutputPart[], print: (text: string) => void): void {
  for (const { data } of parts) print(typeof data === 'string' ? data : Buffer.from(data).toString());
}

/** By which the recorder knows the session. */
const NAME = 'pqrun';

const JOB: JobMessage = {
  id: 0,
  applicationName: NAME,
  transaction: 'each',
  settings: [],
  context: [],
  steps: [],
  retries: 0,
  keepGoing: false,
};

function setup(port: number): SessionSetup {
  const dbname = `host=127.0.0.1 port=${port} user=postgres dbname=postgres sslmode=disable`;
  const settings = resolveConnection({ dbname }, { ...systemSurroundings(), env: {} });
  if (!settings.ok) throw new Error(settings.diagnostics.map(({ message }) => message).join('; '));
  return { settings: settings.value, serverSettings: {}, initSql: [], exitSql: [] };
}

/** Without what the session sends before the script begins, and the ROLLBACK of a block that the script left open. */
function ranOf(recorder: Recorder, { failures, notices }: TaskResult): Omit<Ran, 'stdout'> {
  const { statements, copyData } = recorder.take(NAME);
  const reset = statements.findIndex((text) => text.toString().startsWith('CLOSE ALL;'));
  return {
    kind: 'ran',
    statements: statements.slice(reset + 1),
    copyData: copyData.map(upToMarker),
    messages: [...failures.map(({ failure }) => failure.message), ...notices.map(({ message }) => message)],
    failed: failures.length > 0,
  };
}
