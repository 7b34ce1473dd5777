import type { Together } from '../../model/job.js';
import { formatPlace } from '../../model/place.js';
import type { Statement } from '../../model/script.js';
import type { StatementFound } from '../accesses/analysis.js';
import type { SessionTie } from '../accesses/touch.js';
import type { Unit } from '../units.js';

/** Why neighbours are one job, in words. */

export const FILE_SESSION: Together = {
  reason: 'one session',
  because: 'its author asks for it: -- pqrun: file session',
};

/** Of units that became one job, without settings among them, which may stand in any. */
export function togetherOf(units: readonly Unit[], mayOverlap: boolean): Together | undefined {
  const [first, second] = units;
  if (first === undefined) return undefined;
  if (second !== undefined) return mayOverlap ? ALIKE : CHAIN;
  if (first.kind === 'block') return first.statements.length > SHORTEST_BLOCK ? BLOCK : SHORT_BLOCK;
  return first.together;
}

/** BEGIN, what could not overlap with anything in it, COMMIT. */
const SHORTEST_BLOCK = 3;
const SHORT_BLOCK: Together = { reason: 'one transaction block' };
const BLOCK: Together = {
  ...SHORT_BLOCK,
  remedy: 'leave out its BEGIN and COMMIT, if its statements need not be all or nothing',
};
const ALIKE: Together = { reason: 'small and alike' };
const CHAIN: Together = { reason: 'each of which waits for the one before it' };

/** Of the statement from which on a script stays in one session. */
export function oneSession({ place }: Statement, { ties, alone }: StatementFound): Together {
  const tie = ORDER.find((one) => ties.has(one));
  const isUnknown = tie === 'rest' || tie === 'unknown';
  const remedy = isUnknown ? alone?.remedy : 'move what does not need that session to another script';
  return {
    reason: 'one session',
    because: `${formatPlace(place)} ${tie === undefined ? 'stands in a transaction with what needs it' : TIES[tie]}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** What says most first. */
const ORDER: readonly SessionTie[] = ['unknown', 'rest', 'keeps', 'needs', 'drawn', 'draws'];

const TIES: Readonly<Record<SessionTie, string>> = {
  unknown: 'runs code that may leave anything in its session',
  rest: 'leaves something in its session that all behind it may need',
  keeps: 'makes what only its session has',
  needs: 'uses what only its session has',
  drawn: 'asks for the value that was drawn last',
  draws: 'draws a value that is asked for later',
};
