import type { Node, VariableSetStmt } from 'libpg-query';
import { NO_MENTIONS } from '../mentions.js';
import type { Scope } from '../scope.js';
import type { ScriptSession } from '../script-session.js';
import { REPLICATION_ROLE, splitPath, valuesOf } from '../settings.js';
import { constantOf } from '../constants.js';
import { mentionsOf, wordsOf } from '../walk.js';
import { useRoleNamed } from './roles.js';
import { dropAllAtCommit } from './tables.js';
import type { Rules } from './rule.js';

/** Settings, transactions, prepared statements, cursors: what statements mean to those behind them in one session. */
export const SESSION_RULES: Rules = {
  VariableSetStmt: setVariable,
  VariableShowStmt: () => undefined,
  TransactionStmt: ({ kind, savepoint_name: name = '' }, scope, session) => {
    switch (kind) {
      case 'TRANS_STMT_BEGIN':
      case 'TRANS_STMT_START': {
        session.begin(scope.catalog.mark());
        return;
      }
      case 'TRANS_STMT_SAVEPOINT': {
        session.savepoint(name, scope.catalog.mark());
        return;
      }
      case 'TRANS_STMT_RELEASE': {
        session.release(name);
        return;
      }
      case 'TRANS_STMT_ROLLBACK_TO': {
        undo(session.rollbackTo(name), scope);
        return;
      }
      case 'TRANS_STMT_ROLLBACK': {
        undo(session.rollback(), scope);
        return;
      }
      case 'TRANS_STMT_COMMIT': {
        dropAllAtCommit(scope.catalog, session);
        session.commit();
        return;
      }
      default:
        scope.touch.unknown.push('two-phase commit');
        session.commit();
    }
  },
  ConstraintsSetStmt: () => undefined,
  PrepareStmt: ({ name = '', query }, scope, session) => {
    scope.touch.session.add('keeps');
    const mentions = mentionsOf(query);
    session.prepared.set(name, mentions);
    scope.storeRewritten(scope.bindMentions(mentions));
  },
  ExecuteStmt: ({ name = '', params }, scope, session) => {
    scope.touch.session.add('needs');
    scope.run(params ?? []);
    const mentions = session.prepared.get(name);
    if (mentions === undefined)
      scope.touch.unknown.push(`nothing is known of the prepared statement ${name}`);
    scope.follow(scope.bindMentions(mentions ?? NO_MENTIONS));
  },
  DeallocateStmt: (_node, scope) => void scope.touch.session.add('needs'),
  DeclareCursorStmt: ({ portalname = '', query, options = 0 }, scope, session) => {
    // One that outlives its transaction may be named in a string of any code behind it.
    scope.touch.session.add((options & CURSOR_OPT_HOLD) === 0 ? 'keeps' : 'rest');
    const mentions = mentionsOf(query);
    session.cursors.set(portalname, mentions);
    scope.follow(scope.bindMentions(mentions));
  },
  FetchStmt: ({ portalname = '' }, scope, session) => {
    scope.touch.session.add('needs');
    const mentions = session.cursors.get(portalname);
    if (mentions === undefined) scope.touch.unknown.push(`nothing is known of the cursor ${portalname}`);
    scope.follow(scope.bindMentions(mentions ?? NO_MENTIONS));
  },
  ClosePortalStmt: (_node, scope) => void scope.touch.session.add('needs'),
  ListenStmt: (_node, scope) => void scope.touch.session.add('keeps'),
  UnlistenStmt: (_node, scope) => void scope.touch.session.add('needs'),
  NotifyStmt: (_node, scope) => scope.touch.named('notifications', 'append'),
  DiscardStmt: ({ target }, scope, session) => {
    scope.touch.session.add('keeps');
    if (target === 'DISCARD_ALL' || target === 'DISCARD_TEMP')
      for (const id of scope.catalog.temporary()) scope.catalog.remove(id);
    if (target === 'DISCARD_ALL') session.resetAll();
  },
  LoadStmt: (_node, scope) => {
    scope.touch.session.add('unknown');
    scope.touch.unknown.push('LOAD brings code in');
  },
};

/** src/include/nodes/parsenodes.h */
const CURSOR_OPT_HOLD = 0x20;

function undo(mark: number | undefined, scope: Scope): void {
  if (mark !== undefined) scope.catalog.undoTo(mark);
}

function setVariable(node: VariableSetStmt, scope: Scope, session: ScriptSession): void {
  const { kind, name = '', is_local: isLocal = false } = node;
  if (kind === 'VAR_RESET_ALL') {
    session.resetAll();
    return;
  }
  if (kind === 'VAR_SET_CURRENT') {
    if (name === 'search_path') session.losePath();
    return;
  }
  if (kind === 'VAR_SET_MULTI') return undefined;
  if (name === REPLICATION_ROLE) {
    const isSaid = valuesOf(node)?.[0]?.toLowerCase() === 'replica' && !isLocal;
    session.isReplica = isSaid && !scope.follower.mindsRefusal;
    return;
  }
  if (name === 'search_path') {
    session.setPath(valuesOf(node), isLocal);
    return;
  }
  if (name !== 'role' && name !== 'session_authorization') return undefined;
  const [role] = valuesOf(node) ?? [];
  if (role !== undefined) useRoleNamed(role, scope);
  session.setRole(role === 'none' ? undefined : role, isLocal);
}

/**
 * set_config() anywhere in a statement: with constants it sets the path for what follows. Otherwise nobody knows it.
 * Sets of other variables do not change what names mean.
 */
export function setByConfig(node: Node, session: ScriptSession): boolean {
  const calls = callsOf(node).filter(({ funcname }) => wordsOf(funcname).at(-1) === 'set_config');
  for (const { args = [] } of calls) {
    const name = constantOf(args[0]);
    const value = constantOf(args[1]);
    const local = args[2] !== undefined && 'A_Const' in args[2] ? args[2].A_Const.boolval : undefined;
    if (name === undefined) session.losePath();
    if (name?.toLowerCase() === 'search_path') {
      if (value === undefined || local === undefined) session.losePath();
      else session.setPath(splitPath(value), local.boolval === true);
    }
    if (name?.toLowerCase() === 'role') session.losePath();
    if (name?.toLowerCase() === REPLICATION_ROLE) session.isReplica = false;
  }
  return calls.length > 0;
}

interface Call {
  readonly funcname?: readonly Node[];
  readonly args?: readonly Node[];
}

function callsOf(root: unknown): readonly Call[] {
  if (typeof root !== 'object' || root === null) return [];
  if (Array.isArray(root)) return root.flatMap(callsOf);
  return Object.entries(root).flatMap(([key, value]) =>
    key === 'FuncCall' ? [value as Call, ...callsOf(value)] : callsOf(value),
  );
}
