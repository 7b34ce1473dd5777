import { tellLost } from './lost-answers.js';
import { behind, type PipelineListener } from './pipeline-query.js';
import type { PipelineStatement } from './pipeline-units.js';
import type { Session } from './session.js';
import type { Answer } from './statement-query.js';

/**
 * Sends statements that have nothing to do with each other, ahead of their answers where that can be: a failure is that of
 * its statement alone. Answers come in their order. With a snapshot each is a transaction that reads it.
 */
export async function sendEach(
  session: Session,
  { statements, snapshot }: Together,
  listener: PipelineListener,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < statements.length) {
    const before = answers.length;
    const some = await session.sendAll(statements.slice(before), behind(listener, before), snapshot);
    answers.push(...some);
    const last = answers.at(-1);
    if (last?.failure?.kind === 'connection') return tellLost(answers, statements.length, listener);
    // The server passed over what stood behind a failure: it is sent again.
    if (session.inTransaction) await session.send('ROLLBACK');
    if (last !== undefined) listener.answered(answers.length, last);
  }
  return answers;
}

interface Together {
  readonly statements: readonly PipelineStatement[];
  readonly snapshot: string | undefined;
}
