import type { ConnectionFailure } from '../model/failure.js';
import type { Answer } from './statement-query.js';

/**
 * What tells one life of a server from the next. Commits of the run do not wait for the disk, and a server that crashes, or that
 * another takes the place of, may have lost the last of them. Sessions that are opened anew find out by this: what follows may
 * rest on what is lost, so nothing of it may begin.
 *
 * A server that restarts has another start time. One of whose processes has crashed keeps its own and starts its checkpointer
 * anew; only members of pg_read_all_stats are told when that was.
 */
export const EPOCH = `SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text || coalesce((SELECT ' ' || extract(epoch FROM a.backend_start) FROM pg_catalog.pg_stat_activity a WHERE a.backend_type = 'checkpointer'), '') AS epoch`;

/** What EPOCH, the first of a message, gave. */
export function epochOf({ results }: Answer): string {
  const [first] = results;
  return first?.kind === 'rows' ? (first.rows[0]?.[0] ?? '') : '';
}

/** Who is told of less knows less: scripts may grant and revoke. */
export function isSameEpoch(one: string, other: string): boolean {
  const [start, checkpointer] = one.split(' ');
  const [itsStart, itsCheckpointer] = other.split(' ');
  const isToldToBoth = checkpointer !== undefined && itsCheckpointer !== undefined;
  return start === itsStart && (!isToldToBoth || checkpointer === itsCheckpointer);
}

export const RESTARTED: ConnectionFailure = {
  kind: 'connection',
  phase: 'open',
  message:
    'the server has crashed or was restarted while the run went on: what was committed in the last moments before may be lost',
  hint: 'with --journal run again: it goes on from what is there; without, look what is there; with --synchronous-commit nothing can be lost',
};
