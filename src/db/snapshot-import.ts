import type { ClientFailure, Failure } from '../model/failure.js';
import type { Session } from './session.js';
import { BEGIN_FOR_SNAPSHOT, setSnapshot } from './snapshot-text.js';
import type { JobMessage, TaskFailure } from './task.js';

/**
 * How jobs read the run's snapshot: each begins its transaction with it. The snapshot is taken after the threads were set
 * up, so its name travels with each job.
 */
export interface RunSnapshot {
  /** As pg_export_snapshot() names it. */
  readonly id: string;
  /** Why the connection that holds it was lost; undefined: it is there. */
  lostBy(): Promise<string | undefined>;
}

/** Begins the transaction of a job that is one. Returns what kept it from beginning. */
export async function beginSingle(
  session: Session,
  { snapshot }: Pick<JobMessage, 'snapshot'>,
): Promise<Failure | undefined> {
  const text = snapshot === undefined ? 'BEGIN' : `${BEGIN_FOR_SNAPSHOT}; ${setSnapshot(snapshot)}`;
  const { failure } = await session.send(text);
  if (failure !== undefined && session.inTransaction) await session.send('ROLLBACK');
  return failure;
}

/** A failure of the statement that was to take the snapshot over, in words that say what has become of it. */
export async function explainImports(
  failures: readonly TaskFailure[],
  snapshot: RunSnapshot | undefined,
): Promise<readonly TaskFailure[]> {
  const isAbout = ({ failure, isImport }: TaskFailure): boolean =>
    isImport === true && failure.kind === 'server' && failure.code !== CANCELLED;
  if (snapshot === undefined || !failures.some(isAbout)) return failures;
  const lost = await snapshot.lostBy();
  return failures.map((told) => {
    if (!isAbout(told)) return told;
    const failure = importFailure(told.failure, lost);
    return { ...told, failure, ...(told.located && { located: { ...told.located, failure } }) };
  });
}

/** query_canceled: Ctrl-C has come first. */
const CANCELLED = '57014';

function importFailure({ message }: Failure, lost: string | undefined): ClientFailure {
  if (lost !== undefined)
    return {
      kind: 'client',
      message: `the snapshot of the run is gone (${message}): the connection that held it was lost: ${lost}`,
      hint: 'run again: a new run reads a new moment',
    };
  return {
    kind: 'client',
    message: `the snapshot of the run cannot be used on this connection: ${message}`,
    hint: 'it has led to another server or database than the connection that holds the snapshot: connect to the server itself, not to a pooler or one of several hosts',
  };
}

/** For statements of a script that its reading before the run has not seen. */
export const LEFT_SNAPSHOT: ClientFailure = {
  kind: 'client',
  message: 'a script cannot begin or end transactions under --snapshot: each of its jobs is one',
  hint: 'take the statement out, or run the script without --snapshot',
};
