import type { Diagnostic } from '../model/diagnostic.js';
import type { RunStatus } from '../model/event.js';
import type { Scheduler } from '../run/scheduler.js';
import type { RunOutput } from './run-output.js';
import type { RunTelling } from './run-telling.js';

interface Running {
  readonly scheduler: Scheduler;
  readonly output: RunOutput;
  readonly telling: RunTelling;
}

/** What may stop a run before its end. */
interface Reasons {
  readonly interrupted: AbortSignal | undefined;
  /** Nobody can take the results any more. */
  readonly broken: AbortSignal;
  /** What the run was for is there. */
  readonly enough: AbortSignal;
  /** What runs when it is interrupted is waited for. */
  readonly drain: boolean;
  /** Milliseconds from now. */
  readonly deadline: number | undefined;
}

/**
 * Runs the scheduler, and waits until results are passed on. An abort interrupts both; a deadline that has passed, and results
 * that nobody can take any more, stop them as a failure.
 */
export async function stopping(
  { scheduler, output, telling }: Running,
  { interrupted, broken, enough, drain, deadline }: Reasons,
): Promise<RunStatus> {
  const state = { hasFailed: false };
  const stop = (reason: string): void => {
    output.release();
    scheduler.interrupt(reason);
  };
  const interrupt = (): void => {
    const reason = String(interrupted?.reason ?? 'aborted');
    if (drain) scheduler.interrupt(reason, 'drain');
    else stop(reason);
  };
  const fail = (reason: string, diagnostic: Diagnostic): void => {
    state.hasFailed = true;
    telling.warn(diagnostic);
    stop(reason);
  };
  if (interrupted?.aborted === true) interrupt();
  interrupted?.addEventListener('abort', interrupt, { once: true });
  const breakOff = (): void => fail('the results cannot be written', brokenOutput(broken.reason));
  broken.addEventListener('abort', breakOff, { once: true });
  enough.addEventListener('abort', () => scheduler.finishEarly('the first row is there'), { once: true });
  const timer =
    deadline === undefined ? undefined : setTimeout(() => fail('the deadline has passed', LATE), deadline);
  try {
    const ended = await scheduler.run();
    clearTimeout(timer);
    await output.finish();
    if (state.hasFailed) return 'failed';
    return interrupted?.aborted === true ? 'interrupted' : ended;
  } finally {
    clearTimeout(timer);
    interrupted?.removeEventListener('abort', interrupt);
  }
}

const LATE: Diagnostic = {
  severity: 'error',
  message: 'the deadline has passed: what was not done by then is not done',
  hint: 'with --journal the next run goes on from here',
};

function brokenOutput(error: unknown): Diagnostic {
  const cause = error instanceof Error ? error.message : String(error);
  return {
    severity: 'error',
    message: `the results cannot be written: ${cause}`,
    hint: 'make room on the disk; results that wait for their turn are kept in the directory that TMPDIR names, and with --unordered few wait',
  };
}
