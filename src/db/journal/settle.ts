import type { Failure } from '../../model/failure.js';
import { quoteIdentifier, quoteLiteral } from '../../script/variables.js';
import { patiently } from '../patience.js';
import type { Session } from '../session.js';
import { TWICE } from './journal-sql.js';

/**
 * Whether a transaction that was being committed when its connection was lost has been committed: its record is there, or it is
 * not. The server may still be at it, so its backend must be gone first; it is told to go. Undefined: it cannot be found out, because
 * the new connection is lost, too, or the backend stays.
 */
export async function settleUnit(
  session: Session,
  { schema, run, key, backend }: Unsettled,
): Promise<boolean | undefined> {
  const found = await patiently(async () => {
    const { failure, rows } = await session.send(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = ${backend} AND application_name LIKE 'pqrun%' AND usename = session_user`,
    );
    if (failure !== undefined) return 'lost';
    return rows === 0 ? 'gone' : undefined;
  });
  if (found !== 'gone') return undefined;
  const { results, failure } = await session.send(
    `SELECT FROM ${quoteIdentifier(schema)}.job WHERE run = ${quoteLiteral(run)} AND key = ${quoteLiteral(key)}`,
  );
  if (failure !== undefined) return undefined;
  const [result] = results;
  return result?.kind === 'rows' && result.rows.length > 0;
}

interface Unsettled {
  readonly schema: string;
  readonly run: string;
  readonly key: string;
  /** The process that was committing. */
  readonly backend: number;
}

/** A second transaction that has done what is recorded already. */
export function isRecordedTwice(failure: Failure | undefined): boolean {
  return (
    failure?.kind === 'server' &&
    failure.code === '23505' &&
    failure.constraint === TWICE &&
    failure.table === 'job'
  );
}
