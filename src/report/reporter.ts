import type { RunEvent } from '../model/event.js';

/**
 * What every reporter is: something that hears the events of a run, in order, and is closed once at the end.
 *
 * Reporters never talk back. They get their clock and their output from outside, so that a test can hold both.
 */
export interface Reporter {
  event(event: RunEvent): void;
  /** After the last event; also when the run was interrupted. Closing twice is harmless. */
  close(): Promise<void> | void;
}

/** Where text goes: `process.stderr`, or a test's string. */
export interface Output {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly isTTY?: boolean | undefined;
}

/** The time of the run, on the clock that stamps the events: milliseconds since the run began. */
export interface RunClock {
  now(): number;
  /** Calls `tick` every so many milliseconds, until the returned function is called. Must not keep the process alive. */
  every(milliseconds: number, tick: () => void): () => void;
}

/**
 * One reporter out of many. One that throws cannot break the run: `onError` is told, and it hears no more events.
 * It is still closed (bars must give the cursor back); what it throws then is told only if it had not failed before.
 */
export function fanOut(reporters: readonly Reporter[], onError: (error: unknown) => void): Reporter {
  const listening = new Set(reporters);
  return {
    event(event) {
      const errors: unknown[] = [];
      for (const reporter of [...listening]) {
        try {
          reporter.event(event);
        } catch (error) {
          listening.delete(reporter);
          errors.push(error);
        }
      }
      // Only now: onError may raise a warning event, which must come after this one for everybody.
      for (const error of errors) onError(error);
    },
    async close() {
      // All are asked before any is waited for: what closes at once (bars) is closed even when the process is exiting.
      const closing = reporters.map((reporter) => ({ reporter, closed: closeOf(reporter) }));
      for (const { reporter, closed } of closing) {
        const error = await closed;
        if (error !== undefined && listening.delete(reporter)) onError(error);
      }
    },
  };
}

/** What closing threw, or undefined. */
async function closeOf(reporter: Reporter): Promise<unknown> {
  try {
    await reporter.close();
    return undefined;
  } catch (error) {
    return error ?? new Error('a reporter failed to close');
  }
}
