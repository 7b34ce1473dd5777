import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Diagnostic, Read } from '../model/diagnostic.js';
import type { Reporter } from './reporter.js';

/**
 * `--events FILE`: every event one JSON line, exactly as it is.
 *
 * The file is opened (and emptied) before anything runs, so that a wrong path costs nothing. When a disk fills up
 * later that is told: the log ends there, the run goes on.
 */
export async function openEventLog(
  path: string,
  onWarning: (diagnostic: Diagnostic) => void,
): Promise<Read<Reporter>> {
  const stream = createWriteStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    return { ok: false, diagnostics: [cannotOpen(path, error)] };
  }
  return { ok: true, value: eventLog(stream, (error) => onWarning(brokeOff(path, error))), warnings: [] };
}

/** Events as lines into any stream; `onError` hears of its first error, after which nothing more is written. */
export function eventLog(stream: Writable, onError: (error: Error) => void): Reporter {
  let broken = false;
  stream.on('error', (error: Error) => {
    // A stream may fail once for each write under way; one warning is enough.
    if (!broken) onError(error);
    broken = true;
  });
  return {
    event(event) {
      if (!broken && stream.writable) stream.write(`${JSON.stringify(event)}\n`);
    },
    async close() {
      if (broken || stream.closed || stream.destroyed) return;
      const closed = new Promise<void>((resolve) => stream.once('close', resolve));
      stream.end();
      await closed;
    },
  };
}

function cannotOpen(path: string, error: unknown): Diagnostic {
  return {
    severity: 'error',
    message: `cannot write the event log "${path}": ${messageOf(error)}`,
    hint: 'give --events a file in a directory that exists and that you may write to',
  };
}

function brokeOff(path: string, error: Error): Diagnostic {
  return {
    severity: 'error',
    message: `the event log "${path}" ends early: ${messageOf(error)}`,
    hint: 'the run goes on without it; free some space on that disk before the next run',
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
