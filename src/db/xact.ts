import { endProcess, type Identity } from './look.js';
import { patiently } from './patience.js';
import type { Session } from './session.js';
import { NO_ID, TAKE_ID } from './xact-text.js';

/**
 * What became of a transaction whose COMMIT got no answer, where no journal says it: the server remembers for a while how
 * transactions ended, by their ids (pg_xact_status, which servers before 13 call txid_status).
 *
 * So the id must be known before COMMIT is sent. In a block of the script's own it is asked for in front of COMMIT; a statement that
 * stands by itself gets a transaction around it, which begins with taking an id (pipeline-query.ts), because the id must be
 * here before the statement has ended: the longer it takes, the likelier is it that the connection is lost meanwhile. To ask takes
 * some hundredths of a millisecond, and nothing may be sent ahead of a COMMIT's answer; so it is done as long as statements
 * are not sent in numbers because they are small (plain-steps.ts).
 *
 * The id says nothing on another server, or once the same one was started anew; and a pooler hides which one it is.
 */

/** The id of the open transaction; `NO_ID`: it has written nothing. Undefined: it cannot be asked for. */
export async function askId(session: Session): Promise<string | undefined> {
  if (!session.inTransaction || session.inFailedTransaction) return undefined;
  const { results, failure } = await session.send('SELECT pg_catalog.txid_current_if_assigned()');
  const [result] = results;
  if (failure !== undefined || result?.kind !== 'rows') return undefined;
  return result.rows[0]?.[0] ?? NO_ID;
}

/** Begins a transaction that has an id. */
export async function beginWithId(session: Session): Promise<string | undefined> {
  const { results, failure } = await session.send(`BEGIN; ${TAKE_ID}`);
  const [result] = results;
  return failure === undefined && result?.kind === 'rows' ? (result.rows[0]?.[0] ?? NO_ID) : undefined;
}

/**
 * Whether it was committed, asked on a new session. The server may still be at it: its process is told to go. Undefined: that
 * cannot be found out.
 */
export async function wasCommitted(
  session: Session,
  { id, identity }: { readonly id: string; readonly identity: Identity | undefined },
): Promise<boolean | undefined> {
  if (id === NO_ID) return false;
  if (identity === undefined || session.identity?.server !== identity.server) return undefined;
  const status = await patiently(async () => {
    const { results, failure } = await session.send(
      `${endProcess(identity)}; SELECT pg_catalog.txid_status(${id})`,
    );
    const last = results.at(-1);
    if (failure !== undefined || last?.kind !== 'rows') return 'untold';
    const told = last.rows[0]?.[0] ?? 'untold';
    return told === 'in progress' ? undefined : told;
  });
  if (status === 'committed') return true;
  return status === 'aborted' ? false : undefined;
}
