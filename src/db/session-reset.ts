import type { Answer } from './statement-query.js';

/** What DISCARD ALL does, in its order (PostgreSQL, DISCARD): allowed in one message, as DISCARD ALL is not. */
export const RESET = [
  'CLOSE ALL',
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'DEALLOCATE ALL',
  'UNLISTEN *',
  'SELECT pg_catalog.pg_advisory_unlock_all()',
  'DISCARD PLANS',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
];

/** All settings that a login of this role to this database would find now, as one value. */
export const ROLE_SETTINGS = `SELECT coalesce(pg_catalog.string_agg(s.setrole || ' ' || s.setdatabase || ' ' || s.setconfig::text, E'\\n' ORDER BY s.setrole, s.setdatabase), '') FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())) AND s.setrole IN (0, (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user))`;

/** What ROLE_SETTINGS, the last of a message, gave. */
export function fingerprintOf(answer: Answer): string {
  const last = answer.results.at(-1);
  return last?.kind === 'rows' ? (last.rows[0]?.[0] ?? '') : '';
}

/** Errs on the side of a new connection: SET of a name with a dot in it, set_config of one or of an expression, LOAD. */
export function spoils(text: string): boolean {
  return /^\s*load\b|\bset\s+(?:session\s+|local\s+)?["\w]+\s*\.|\bset_config\s*\((?!\s*'[^'.]*'\s*,)/i.test(
    text,
  );
}
