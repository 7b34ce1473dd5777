import type { ConnectionSettings } from '../db/settings/resolve.js';
import { maskSecrets } from '../db/settings/secrets.js';
import type { RunEvent } from '../model/event.js';
import { shortenEnd, singleLine } from '../model/text-width.js';

/**
 * Nothing secret leaves in an event: what the server or the user's scripts say (failures with their statements, notices,
 * warnings) is masked before any listener hears it. Events that hold only names, numbers and tags pass as they are.
 */
export function maskEvent(event: RunEvent, settings: readonly ConnectionSettings[]): RunEvent {
  switch (event.type) {
    case 'job-failed':
    case 'notice':
    case 'warning':
    case 'connection-lost':
    case 'run-cancelling':
    case 'run-started':
      return masked(event, settings);
    case 'statement-finished':
      return { ...event, statement: shortened(maskSecrets(event.statement, settings)) };
    default:
      return event;
  }
}

/** Columns of a statement's beginning. */
const SHOWN_STATEMENT = 100;

/** Only what is masked may be cut: no pattern knows half a password. */
function shortened(statement: string): string {
  const tidy = TIDY.test(statement) ? statement : singleLine(statement).replace(/ {2,}/g, ' ').trim();
  return shortenEnd(tidy, SHOWN_STATEMENT);
}

/** One line of plain words: most statements are. */
const TIDY = /^[!-~]+(?: [!-~]+)*$/;

/** Masks every text in plain data. */
function masked<T>(value: T, settings: readonly ConnectionSettings[]): T {
  // Each branch gives back a value of the same shape, which the compiler cannot see.
  if (typeof value === 'string') return maskSecrets(value, settings) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, settings)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    key,
    masked(item, settings),
  ]);
  return Object.fromEntries(entries) as T;
}
