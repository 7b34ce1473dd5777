import { InputError } from '../model/diagnostic.js';
import type { RunEvent, RunStatus } from '../model/event.js';
import type { PrintFormat } from '../model/print.js';
import type { Bars } from '../report/bars.js';
import { diagnosticsText } from '../report/diagnostic-text.js';
import { insightsText } from '../report/insights-text.js';
import { openEventLog } from '../report/ndjson.js';
import type { Paint } from '../report/paint.js';
import { plainLines } from '../report/plain.js';
import { remarkText } from '../report/remarks.js';
import { fanOut, type Reporter, type RunClock } from '../report/reporter.js';
import { applyEvent, newSummary } from '../report/run-summary.js';
import { failuresText, summaryText } from '../report/summary-text.js';
import { checkDirectory, openDestination, StreamDestination } from './destination.js';
import type { Flags } from './options.js';
import { resultDirectory } from './run-options.js';

/**
 * What a run shows: results on standard output, progress and the summary on standard error, bars only on a terminal
 * that is not a CI's log, events into their file.
 */
export interface Screen {
  event(event: RunEvent): void;
  result(data: string | Uint8Array): Promise<void> | undefined;
  /** What a script prints beside results. */
  echo(data: string | Uint8Array): Promise<void> | undefined;
  /** Whoever read the results does so no more. */
  readerHasGone(): boolean;
  /** Whoever reads them has not taken what was written last; until then the process would not end by itself. */
  readerIsStuck(): boolean;
  /** The run has begun: something may have been sent. */
  began(): boolean;
  /** Ends the bars, prints the summary. Closing twice is harmless. Returns how it all ended: results may be lost here. */
  close(status: RunStatus | undefined): Promise<RunStatus | undefined>;
  /** Gives the terminal back at once: the process is about to end. */
  abandon(): void;
}

export interface ScreenOptions {
  readonly paint: Paint;
  /** Of the results. */
  readonly format: PrintFormat | undefined;
  readonly readerGone: () => void;
}

export async function openScreen(
  flags: Pick<Flags, 'quiet' | 'events' | 'output' | 'insights'>,
  { paint, format, readerGone }: ScreenOptions,
): Promise<Screen> {
  const clock = runClock();
  const summary = newSummary();
  const quiet = flags.quiet === true;
  const onTerminal = process.stderr.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
  const drawn = onTerminal && !quiet ? await openBars(clock, paint) : undefined;
  const progress = quiet
    ? toldWhenQuiet(paint)
    : (drawn ?? plainLines({ output: process.stderr, clock, paint }));
  const log =
    flags.events === undefined
      ? undefined
      : await eventLogOrFault(flags.events, (event) => progress.event(event));
  const reporter = fanOut([progress, ...(log === undefined ? [] : [log])], (error) => {
    process.stderr.write(
      `${paint.warning('warning:')} a reporter failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  });
  let hasReader = true;
  const gone = (): void => {
    hasReader = false;
    readerGone();
  };
  const stdout = new StreamDestination(process.stdout, gone);
  const { output } = flags;
  const directory = resultDirectory(flags);
  if (directory !== undefined) checkDirectory(directory);
  const isFile = output !== undefined && directory === undefined;
  const destination = isFile ? await openDestination(output, gone) : stdout;
  const print = (data: string | Uint8Array): Promise<void> | undefined => {
    // On one terminal the bars must make room; elsewhere results go where they belong.
    if (drawn === undefined || !process.stdout.isTTY) return stdout.write(data);
    drawn.print(typeof data === 'string' ? data : Buffer.from(data).toString());
    return undefined;
  };

  // Other text would spoil a document that a program reads.
  const isDocument = destination === stdout && (format === 'json' || format === 'ndjson');
  let closed = false;
  return {
    event: (event) => {
      if (event.type === 'run-started') clock.start();
      applyEvent(summary, event);
      reporter.event(event);
    },
    result: (data) => (destination === stdout ? print(data) : destination.write(data)),
    echo: isDocument ? (data) => void process.stderr.write(data) : print,
    readerHasGone: () => !hasReader,
    readerIsStuck: () => stdout.isStuck || (destination instanceof StreamDestination && destination.isStuck),
    began: () => summary.plan !== undefined,
    close: async (status) => {
      if (closed) return status;
      closed = true;
      const ofOutput = await stdout.close(status);
      const remark = destination === stdout ? ofOutput : ((await destination.close(status)) ?? ofOutput);
      await reporter.close();
      if (summary.plan === undefined || !hasReader) return status;
      if (remark !== undefined) process.stderr.write(`${diagnosticsText([remark], paint)}\n`);
      // Some terminals say that they have no columns.
      const terminal =
        process.stderr.isTTY && process.stderr.columns > 0 ? { columns: process.stderr.columns } : {};
      const insights =
        flags.insights === true
          ? insightsText(summary, { columns: DEFAULT_COLUMNS, ...terminal, paint })
          : '';
      const text = quiet
        ? [insights, failuresText(summary, paint)].filter((part) => part !== '').join('\n\n')
        : summaryText(summary, paint, { insights, ...terminal });
      if (text !== '') process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
      return remark?.severity === 'error' ? 'failed' : status;
    },
    abandon: () => void progress.close(),
  };
}

/** Where standard error is no terminal. */
const DEFAULT_COLUMNS = 100;

/** With `-q`: what a script itself says (`\warn`), failures that it goes on behind, and results that are lost. */
function toldWhenQuiet(paint: Paint): Reporter {
  return {
    event: (event) => {
      if (event.type === 'warning' && event.diagnostic.severity === 'error')
        process.stderr.write(`${remarkText(event, paint) ?? ''}\n`);
      if (event.type !== 'notice' || !['', 'ERROR'].includes(event.notice.severity)) return;
      process.stderr.write(`${remarkText(event, paint) ?? ''}\n`);
    },
    close: () => undefined,
  };
}

/** Only a terminal needs cli-progress. */
async function openBars(clock: RunClock, paint: Paint): Promise<Bars> {
  const { bars } = await import('../report/bars.js');
  return bars({ output: process.stderr, clock, paint });
}

async function eventLogOrFault(path: string, tell: (event: RunEvent) => void): Promise<Reporter> {
  const opened = await openEventLog(path, (diagnostic) => tell({ type: 'warning', at: 0, diagnostic }));
  if (!opened.ok) throw new InputError(opened.diagnostics);
  return opened.value;
}

/** The events' clock, for reporters that show ages between events. */
function runClock(): RunClock & { start(): void } {
  let began = performance.now();
  return {
    start: () => {
      began = performance.now();
    },
    now: () => performance.now() - began,
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
