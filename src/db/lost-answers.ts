import type { ConnectionFailure, Failure } from '../model/failure.js';
import type { PipelineListener } from './pipeline-query.js';
import type { Answer } from './statement-query.js';

/** What is said of statements that got no answer, because the connection was lost. */

/** Nothing was sent: there was no connection any more. */
export const LOST: ConnectionFailure = {
  kind: 'connection',
  phase: 'lost',
  message: 'the connection to the server was lost',
};

/**
 * The answers of all statements, of which the last that was answered tells of the loss. Those behind it that had been sent by
 * then are in doubt as it is: a server that ended the session did none of them, one that is gone may have done all.
 */
export function withLost(
  answered: readonly Answer[],
  { sent, of }: { readonly sent: number; readonly of: number },
): readonly Answer[] {
  const last = answered.at(-1)?.failure;
  const isInDoubt = last?.kind === 'connection' && last.inDoubt === true;
  const unanswered = Array.from({ length: of - answered.length }, (_, index) => {
    const wasSent = answered.length + index < sent;
    return lostAnswer(wasSent && isInDoubt ? { ...LOST, inDoubt: true } : LOST);
  });
  return [...answered, ...unanswered];
}

export function lostAnswer(failure: Failure = LOST): Answer {
  return { tag: '', rows: 0, results: [], failure };
}

/** All of them had been sent; whoever listens has not heard of the last that was answered. */
export function tellLost(
  answered: readonly Answer[],
  of: number,
  listener: PipelineListener,
): readonly Answer[] {
  const all = withLost(answered, { sent: of, of });
  for (const [index, answer] of all.entries())
    if (index >= answered.length - 1) listener.answered(index + 1, answer);
  return all;
}
