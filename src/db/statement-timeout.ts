import type { Session } from './session.js';
import type { Answer } from './statement-query.js';

/** `timeout=` is the server's statement_timeout, for one statement only; undefined: as it is. */
export async function withTimeout(
  session: Session,
  milliseconds: number | undefined,
  send: () => Promise<Answer>,
): Promise<Answer> {
  // In a failed block nothing can be set.
  if (milliseconds === undefined || session.inFailedTransaction) return send();
  const before = await session.send('SHOW statement_timeout');
  const set = await session.send(`SET statement_timeout = ${milliseconds}`);
  if (set.failure !== undefined) return set;
  const answer = await send();
  const [result] = before.results;
  const previous = result?.kind === 'rows' ? (result.rows[0]?.[0] ?? '0') : '0';
  // The rollback of a failed block undoes the setting too.
  const { failure } = await session.send(`SET statement_timeout = '${previous}'`);
  return answer.failure === undefined && failure !== undefined ? { ...answer, failure } : answer;
}
