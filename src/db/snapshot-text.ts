import { quoteLiteral } from '../script/variables.js';

/** Named, because a setting may have changed what BEGIN means: a snapshot cannot be taken over at READ COMMITTED. */
export const BEGIN_FOR_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

/** The first command of such a transaction, and of every one that is chained to it. */
export function setSnapshot(id: string): string {
  return `SET TRANSACTION SNAPSHOT ${quoteLiteral(id)}`;
}
