import type { ConnectionFailure } from '../model/failure.js';
import type { Answer } from './statement-query.js';

/** When the server was started, in SQL: the same text in all its sessions, whatever their settings. */
export const SERVER_START = 'extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text';

/**
 * What tells one life of a server from the next. Commits of the run do not wait for the disk, and a server that crashes, or that
 * another takes the place of, may have lost the last of them. Sessions that are opened anew find out by this: what follows may
 * rest on what is lost, so nothing of it may begin.
 *
 * It is `SYSTEM START CHECKPOINTER`. Another cluster has another system identifier, but for a copy of this one; who may not ask for it
 * is told `-`. A server that restarts has another start time. One of whose processes has crashed keeps its own and starts its
 * checkpointer anew; only members of pg_read_all_stats are told when that was. (It is asked of the function behind pg_stat_activity:
 * a session that has just begun needs twice the time for the view.)
 */
export const EPOCH = [
  // Dynamic, so that the right to ask is needed only where it is there.
  "SELECT coalesce(CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')",
  "THEN substring(pg_catalog.query_to_xml('SELECT system_identifier FROM pg_catalog.pg_control_system()', false, true, '')::text, '[0-9]{6,}') END, '-')",
  `|| ' ' || ${SERVER_START}`,
  "|| coalesce((SELECT ' ' || extract(epoch FROM a.backend_start) FROM pg_catalog.pg_stat_get_activity(NULL) a WHERE a.backend_type = 'checkpointer'), '') AS epoch",
].join(' ');

/** What EPOCH, the first of a message, gave. */
export function epochOf({ results }: Answer): string {
  const [first] = results;
  return first?.kind === 'rows' ? (first.rows[0]?.[0] ?? '') : '';
}

/** What is left of it where commits wait for the disk: then a restart loses nothing, and another server does not have them. */
export function durableEpoch(epoch: string): string {
  return epoch.split(' ', 1)[0] ?? '';
}

/** Whether the server of now lives the life of then. Who is told of less knows less: scripts may grant and revoke. */
export function isSameEpoch(then: string, now: string): boolean {
  const [system, start, checkpointer] = then.split(' ');
  const [itsSystem, itsStart, itsCheckpointer] = now.split(' ');
  const isTold = system !== '-' && itsSystem !== '-';
  if (now === '' || (isTold && system !== itsSystem)) return false;
  const isToldToBoth = checkpointer !== undefined && itsCheckpointer !== undefined;
  return start === undefined || (start === itsStart && (!isToldToBoth || checkpointer === itsCheckpointer));
}

export const RESTARTED: ConnectionFailure = {
  kind: 'connection',
  phase: 'open',
  message:
    'the server has crashed or was restarted while the run went on, or another has taken its place: what was committed in the last moments before may be lost',
  hint: 'with --journal run again: it goes on from what is there; without, look what is there; with --synchronous-commit a server loses nothing',
};
