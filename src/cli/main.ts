import type { RunOptions } from '../api/options.js';
import { runAt } from '../api/run.js';
import { ConnectError } from '../api/server.js';
import type { Threads } from '../db/threads.js';
import { maskSecrets } from '../db/settings/secrets.js';
import { InputError } from '../model/diagnostic.js';
import { connectionFailureText } from '../report/failure-text.js';
import { diagnosticsText } from '../report/diagnostic-text.js';
import { makePaint, wantsColor } from '../report/paint.js';
import { PLAN_FORMATS } from '../report/plan/formats.js';
import { VERSION } from '../version.js';
import { printText, READER_GONE_STATUS } from './destination.js';
import { exitStatus, handleSignals } from './exit.js';
import { declareProgram, normalize, type CommandLine } from './options.js';
import { askPassword } from './password.js';
import { toRunOptions } from './run-options.js';
import { openScreen } from './screen.js';
import { hideSecrets } from './title.js';

/** The command: arguments → options → run → exit status. */

const paint = makePaint(wantsColor(process.env, process.stderr));

function perform(line: CommandLine, threads: Threads | undefined): Promise<number> {
  if (line.command === 'explain') return explainScripts(line);
  if (line.command === 'check') return checkScripts(line);
  if (line.command === 'tune') return tuneScripts(line);
  if (line.command === 'journal') return lookAtJournal(line);
  return line.command === 'plan' || line.flags.dryRun === true ? showPlan(line) : runScripts(line, threads);
}

async function showPlan(line: CommandLine): Promise<number> {
  const { plan } = await import('../api/plan.js');
  const planned = await askingPassword(await toRunOptions(line), plan);
  if (planned.warnings.length > 0) process.stderr.write(`${diagnosticsText(planned.warnings, paint)}\n`);
  const { printPlan } = await import('../report/plan/print.js');
  // --dry-run has the formats of results.
  const format = PLAN_FORMATS.find((known) => known === line.flags.format) ?? 'text';
  return printText(printPlan(planned.plan, { ...planned, format }));
}

async function runScripts(line: CommandLine, threads: Threads | undefined): Promise<number> {
  return askingPassword(await toRunOptions(line), (options) => runOnScreen(line, options, threads));
}

async function explainScripts(line: CommandLine): Promise<number> {
  return askingPassword(await toRunOptions(line), (options) => showExplanation(line, options));
}

async function lookAtJournal(line: CommandLine): Promise<number> {
  const { showJournal } = await import('./journal-command.js');
  const options = await toRunOptions({ ...line, paths: [] });
  return askingPassword(options, (own) => showJournal(line, own));
}

async function checkScripts(line: CommandLine): Promise<number> {
  const { checkOnScreen } = await import('./check.js');
  return askingPassword(await toRunOptions(line), (options) => checkOnScreen(line, options, paint));
}

async function tuneScripts(line: CommandLine): Promise<number> {
  const { tuneOnScreen } = await import('./tune.js');
  return askingPassword(await toRunOptions(line), (options) => tuneOnScreen(line, options, paint));
}

async function showExplanation({ flags }: CommandLine, options: RunOptions): Promise<number> {
  const { explain } = await import('../api/explain.js');
  const { explainJson, explainText } = await import('../report/explain-text.js');
  const { analyze = false, format } = flags;
  let began = false;
  const stopping = new AbortController();
  const signals = handleSignals(stopping, { force: () => undefined, canStop: () => began });
  const onBegin = (): void => {
    began = true;
  };
  try {
    const { explanation, warnings } = await explain({
      ...options,
      analyze,
      signal: stopping.signal,
      onBegin,
    });
    if (warnings.length > 0) process.stderr.write(`${diagnosticsText(warnings, paint)}\n`);
    const text = format === 'json' ? explainJson(explanation) : explainText(explanation);
    const status = exitStatus(explanation.interrupted ? 'interrupted' : 'done', signals.received());
    return await printText([maskSecrets(text)], status);
  } finally {
    signals.release();
  }
}

/** Where the server wants a password that nobody gave, a person at a terminal is asked for it, as psql does. */
async function askingPassword<T>(options: RunOptions, go: (options: RunOptions) => Promise<T>): Promise<T> {
  try {
    return await go(options);
  } catch (error) {
    const ask = error instanceof ConnectError && error.needsPassword && process.stdin.isTTY;
    if (!ask) throw error;
    const connection = { ...options.connection, password: await askPassword() };
    return await go({ ...options, connection });
  }
}

async function runOnScreen(
  line: CommandLine,
  options: RunOptions,
  threads: Threads | undefined,
): Promise<number> {
  const stopping = new AbortController();
  const screen = await openScreen(line.flags, {
    paint,
    format: options.print?.format,
    readerGone: () => stopping.abort('the reader has gone'),
  });
  const signals = handleSignals(stopping, { force: () => screen.abandon(), canStop: () => screen.began() });
  try {
    const { status } = await runAt(
      { threads },
      {
        ...options,
        signal: stopping.signal,
        onEvent: (event) => screen.event(event),
        onResult: (data) => screen.result(data),
        onEcho: (data) => screen.echo(data),
      },
    );
    const ended = (await screen.close(status)) ?? status;
    const code = screen.readerHasGone() ? READER_GONE_STATUS : exitStatus(ended, signals.received());
    // All is tidied up, but the process would wait for the reader.
    if (screen.readerIsStuck()) process.exit(code);
    return code;
  } finally {
    await screen.close(undefined);
    signals.release();
  }
}

/** What was thrown → words on standard error, and the exit status. */
function report(error: unknown): number {
  if (error instanceof InputError) {
    process.stderr.write(`${maskSecrets(diagnosticsText(error.diagnostics, paint))}\n`);
    return 1;
  }
  if (error instanceof ConnectError) {
    process.stderr.write(`${maskSecrets(connectionFailureText(error.failure, paint))}\n`);
    return 2;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${paint.error('bug:')} something in pqrun ${VERSION} went wrong that never should. Please report it, with this:\n${stack}\n`,
  );
  return 70;
}

/** `threads`: what has been started already for a run. */
export async function main(args: readonly string[], threads?: Threads): Promise<void> {
  process.on('uncaughtException', (error) => {
    report(error);
    process.exit(70);
  });
  // `2>&1 | head`, or `2> log` on a disk that is full: there is nobody left to tell, and no reason to end a run half-way.
  process.stderr.on('error', () => undefined);
  hideSecrets(args);
  const act = async (line: CommandLine): Promise<void> => {
    try {
      process.exitCode = await perform(line, threads);
    } catch (error) {
      process.exitCode = report(error);
    }
  };
  try {
    await declareProgram(act).parseAsync(normalize(args), { from: 'user' });
  } finally {
    await threads?.release();
  }
}
