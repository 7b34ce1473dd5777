import { hostname } from 'node:os';
import {
  JournalConnection,
  type Beginning,
  type Holder,
  type Known,
} from '../db/journal/journal-connection.js';
import type { ConnectionSettings } from '../db/settings/resolve.js';
import type { JournalSetup } from '../db/task.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { RunStatus } from '../model/event.js';
import { ConnectError } from './server.js';

/** The journal in one of the databases of a run: entering it, alone or with others, and leaving it. */

export interface JournalTarget {
  readonly connection: JournalConnection;
  readonly known: Known | undefined;
  /** Sessions of the run before that were still at work. */
  readonly leftovers: number;
  /** How many other pqruns are at work on the run. */
  readonly others: number;
}

export async function openTarget(
  settings: ConnectionSettings,
  setup: JournalSetup,
  restart: boolean,
): Promise<JournalTarget> {
  const connection = await JournalConnection.open(settings, setup);
  if (!(connection instanceof JournalConnection)) {
    if ('kind' in connection) throw new ConnectError(connection);
    throw new InputError([{ severity: 'error', ...connection }]);
  }
  try {
    const others = await enterOrLock(connection, setup);
    if (others > 0 && restart) throw new InputError([joinedBy(others, setup)]);
    const leftovers = others === 0 ? await connection.endLeftovers() : 0;
    if (others === 0) await connection.participation?.clear();
    if (restart) await connection.forget();
    await connection.participation?.register(hostname());
    const known = await connection.read();
    if (others > 0) await connection.participation?.admitOthers();
    return { connection, leftovers, others, known };
  } catch (error) {
    await connection.close();
    throw error instanceof InputError ? error : lost(error);
  }
}

/** Returns how many others are at work on the run. */
async function enterOrLock(connection: JournalConnection, setup: JournalSetup): Promise<number> {
  const entered = await connection.participation?.enter();
  const holder =
    entered === 'refused'
      ? await connection.holder()
      : entered === undefined
        ? await connection.lock()
        : undefined;
  if (holder !== undefined) throw new InputError([heldBy(holder, setup)]);
  return typeof entered === 'object' ? entered.others : 0;
}

/** The first writes what is planned, and lets the others in; they find it there. */
export async function beginIn(
  connection: JournalConnection,
  beginning: Beginning | undefined,
): Promise<void> {
  if (beginning === undefined) return;
  await connection.begin(beginning);
  await connection.participation?.admitOthers();
}

export async function endIn(connection: JournalConnection, status: RunStatus): Promise<void> {
  if ((await connection.participation?.leave()) !== false) await connection.end(status);
}

/** What goes wrong with a journal that was there is its server, or the way there. */
export function lost(error: unknown): ConnectError {
  const cause = error instanceof Error ? error.message : String(error);
  return new ConnectError({ kind: 'connection', phase: 'lost', message: `the journal: ${cause}` });
}

function heldBy({ host, pid, since }: Holder, { run, participant }: JournalSetup): Diagnostic {
  const process = pid === 0 ? '' : `, process ${pid}`;
  return {
    severity: 'error',
    message: `run "${run}" is being run by another pqrun on ${host}${process}${since === '' ? '' : `, since ${since}`}`,
    hint:
      participant === undefined
        ? 'wait for its end, or give this one another name: --run NAME; all that are begun with --join may work on a run together'
        : 'it was begun without --join, so that it works alone: wait for its end',
  };
}

function joinedBy(others: number, { run }: JournalSetup): Diagnostic {
  return {
    severity: 'error',
    message: `--restart: run "${run}" is being run by ${others === 1 ? 'another pqrun' : `${others} other pqruns`}`,
    hint: 'stop them first, or join them without --restart',
  };
}
