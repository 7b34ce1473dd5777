import type { Client } from 'pg';
import type { Failure } from '../model/failure.js';
import type { Answer } from './statement-query.js';

/** Says goodbye to the server, and waits for its end of the connection; not for ever: it may be gone without a word. */
export async function sayGoodbye(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), LONGEST);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}

/** Ends a session as the run wants it, with these statements before it; tells of the first that fails. */
export async function leave(session: Leaving, exitSql: readonly string[]): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  if (session.inTransaction) await session.send('ROLLBACK');
  for (const text of session.backend === 0 ? [] : exitSql) failure ??= (await session.send(text)).failure;
  await session.close();
  return failure;
}

interface Leaving {
  readonly inTransaction: boolean;
  /** 0: it has no connection. */
  readonly backend: number;
  send(text: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Milliseconds. An idle server process ends at once; one that does not loses nothing when its client is gone. */
const LONGEST = 5000;
