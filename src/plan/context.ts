import type { Step } from '../model/job.js';
import type { Statement } from '../model/script.js';

/**
 * The settings that the statements of a script have left in force, as a list of statements to be replayed, in order, in front of
 * what comes behind them on another connection. One list is shared by all units between two settings.
 *
 * What a later statement sets anew, or resets, is left out: the role, the configuration or the tablespace that it names may be gone
 * by then, and to set it once more would fail. The statement that resets stays: the session may have begun with something else.
 */
export function withSetting(context: readonly Step[], statement: Statement): readonly Step[] {
  const kept: Step[] = [{ statement, place: statement.place }];
  for (const step of context.toReversed()) {
    const over = kept.findIndex((later) => isOverridden(step, later));
    if (over < 0 || isNeeded(step, kept.slice(0, over))) kept.unshift(step);
  }
  return kept;
}

/** The same for all units of one script that stand in the same context, and 0 in none. */
export function contextKey(context: readonly Step[]): number {
  return (context.at(-1)?.statement.index ?? -1) + 1;
}

function isOverridden(step: Step, later: Step): boolean {
  const [own, setting] = [settingOf(step), settingOf(later)];
  if (own === undefined || setting === undefined) return false;
  if (setting === ALL) return !NOT_OF_ALL.has(own);
  // SET SESSION AUTHORIZATION gives up the role.
  return own === setting || (setting === 'session_authorization' && own === 'role');
}

/** A superuser's role may have been taken to set what comes behind it. */
function isNeeded(step: Step, behind: readonly Step[]): boolean {
  if (!USERS.has(settingOf(step) ?? '')) return false;
  return behind.some((other) => PRIVILEGED.test(settingOf(other) ?? '.'));
}

function settingOf({ statement }: Step): string | undefined {
  return statement.facts.setting;
}

/** `StatementFacts.setting` of RESET ALL. */
const ALL = '*';

const USERS: ReadonlySet<string> = new Set(['role', 'session_authorization']);

/** src/backend/utils/misc/guc_tables.c, GUC_NO_RESET_ALL */
const NOT_OF_ALL: ReadonlySet<string> = new Set([...USERS, 'seed']);

/**
 * Parameters that only superusers may set (PGC_SUSET in src/backend/utils/misc/guc_tables.c), those of extensions, and some that are
 * called alike: for them a role is taken once too often.
 */
const PRIVILEGED =
  /\.|^(?:allow|ignore|log|track|wal)_|^(?:backtrace_functions|commit_delay|compute_query_id|deadlock_timeout|debug_discard_caches|dynamic_library_path|extension_control_path|jit_\w+|lc_messages|lo_compat_privileges|max_stack_depth|session_preload_libraries|session_replication_role|temp_file_limit|trace_lock\w*|update_process_title|vacuum_truncate|zero_damaged_pages)$/;
