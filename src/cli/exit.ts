import { constants } from 'node:os';
import type { RunStatus } from '../model/event.js';

/** Signals and exit statuses (128 + the signal's number when interrupted, as shells count). */

type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface Signals {
  received(): StopSignal | undefined;
  release(): void;
}

/**
 * The first signal asks the run to stop, by its name as the reason; the second ends the process at once, after `force` has tidied the screen. So
 * does the first where nothing runs yet that could be stopped in an orderly way.
 */
export function handleSignals(
  stopping: AbortController,
  { force, canStop }: { readonly force: () => void; readonly canStop: () => boolean },
): Signals {
  let first: StopSignal | undefined;
  const handlers = STOP_SIGNALS.map((name) => {
    const handler = (): void => {
      if (first !== undefined || !canStop()) {
        force();
        process.exit(signalStatus(name));
      }
      first = name;
      stopping.abort(name);
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return {
    received: () => first,
    release: () => {
      for (const off of handlers) off();
    },
  };
}

export function exitStatus(status: RunStatus, signal: StopSignal | undefined): number {
  switch (status) {
    case 'done':
      return 0;
    case 'failed':
      return 3;
    case 'interrupted':
      return signalStatus(signal ?? 'SIGINT');
  }
}

function signalStatus(name: StopSignal): number {
  return 128 + constants.signals[name];
}
