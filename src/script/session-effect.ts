import type { A_Const, FuncCall, Node, RangeVar, SelectStmt, VariableSetStmt } from 'libpg-query';
import { nodeName, objectsOf, stringOf } from './tree.js';
import type { SessionEffect } from '../model/script.js';

/**
 * What a statement leaves in its session, as far as its own text tells. What the functions do that it calls is not
 * known, but for PostgreSQL's own, and for the words in the body of a DO block, which are read with suspicion: when in
 * doubt the statement is tied to its session, which costs time, but never a wrong result.
 */
export function sessionEffect(node: Node, text: string): SessionEffect {
  const own = ownEffect(node);
  if (own === 'tied' || own === 'setting') return own;
  if ('DoStmt' in node && (SUSPECT_OF_TIES.test(text) || SUSPECT_IN_BODY.test(text))) return 'tied';
  if ('DoStmt' in node) return SUSPECT.test(text) ? 'drawn' : own;
  return SUSPECT.test(text) ? strongest([own, ...hiddenEffects(node)]) : own;
}

/** It needs the very session of a statement before it, or the other way round. */
export function needsSession(effect: SessionEffect): boolean {
  return effect === 'tied' || effect === 'drawn';
}

/** The effect of several: what binds most. */
export function strongest(effects: readonly SessionEffect[]): SessionEffect {
  return STRENGTH.find((effect) => effects.includes(effect)) ?? 'none';
}

const STRENGTH = ['tied', 'drawn', 'setting', 'local', 'none'] as const;

/**
 * Names of which one must stand in the text, unless it is written with escapes, for `hiddenEffects` to find anything: most trees
 * need not be walked.
 */
export const SUSPECT_OF_TIES =
  /u&"|set_config|pg_temp|pg_(?:try_)?advisory_(?:lock|unlock)|setseed|dblink_(?:dis)?connect/i;
export const SUSPECT = new RegExp(`${SUSPECT_OF_TIES.source}|currval|lastval`, 'i');

const TIED_FUNCTION =
  /^(?:pg_(?:try_)?advisory_(?:lock|unlock)(?:_shared|_all)?|setseed|dblink_(?:dis)?connect(?:_u)?)$/;
const ASKING_FUNCTION = /^(?:currval|lastval)$/;

const SUSPECT_IN_BODY =
  /\b(?:temp|temporary|listen|unlisten)\b|(?:;|\bbegin|\bthen|\belse|\bloop)\s*(?:re)?set\s+(?!local\b|constraints\b|transaction\b)/i;

function ownEffect(node: Node): SessionEffect {
  if (TIED.has(nodeName(node))) return 'tied';
  if ('VariableSetStmt' in node) return settingEffect(node.VariableSetStmt);
  if ('ConstraintsSetStmt' in node) return 'local';
  if ('SelectStmt' in node)
    return ofTemporary(node.SelectStmt.intoClause?.rel) ?? configEffect(node.SelectStmt);
  if ('CreateStmt' in node) return ofTemporary(node.CreateStmt.relation) ?? 'none';
  if ('ViewStmt' in node) return ofTemporary(node.ViewStmt.view) ?? 'none';
  if ('CreateSeqStmt' in node) return ofTemporary(node.CreateSeqStmt.sequence) ?? 'none';
  if ('DeclareCursorStmt' in node) {
    return ((node.DeclareCursorStmt.options ?? 0) & CURSOR_OPT_HOLD) === 0 ? 'none' : 'tied';
  }
  if ('CreateTableAsStmt' in node) {
    const { into, query } = node.CreateTableAsStmt;
    return ofTemporary(into?.rel) ?? (query !== undefined && 'ExecuteStmt' in query ? 'tied' : 'none');
  }
  if ('ExplainStmt' in node)
    return node.ExplainStmt.query === undefined ? 'none' : ownEffect(node.ExplainStmt.query);
  return 'none';
}

const TIED: ReadonlySet<string> = new Set([
  'PrepareStmt',
  'ExecuteStmt',
  'DeallocateStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'ListenStmt',
  'UnlistenStmt',
  'LoadStmt',
  'DiscardStmt',
  // They take effect in the next session of the database or the role.
  'AlterDatabaseSetStmt',
  'AlterRoleSetStmt',
]);

/** src/include/nodes/parsenodes.h */
const CURSOR_OPT_HOLD = 0x20;

function settingEffect({ kind, name, is_local: isLocal }: VariableSetStmt): SessionEffect {
  const isOfTransaction = kind === 'VAR_SET_MULTI' && name?.startsWith('TRANSACTION') === true;
  return isLocal === true || isOfTransaction ? 'local' : 'setting';
}

/** The parameter of a statement whose effect is `setting`, in lower case; `*` for RESET ALL. Undefined: several. */
export function settingOf(node: Node): string | undefined {
  if ('VariableSetStmt' in node) {
    const { kind, name } = node.VariableSetStmt;
    if (kind === 'VAR_RESET_ALL') return '*';
    return kind === 'VAR_SET_MULTI' ? undefined : name?.toLowerCase();
  }
  const [target, second] = 'SelectStmt' in node ? (node.SelectStmt.targetList ?? []) : [];
  const call = target === undefined || second !== undefined ? undefined : callOf(target);
  return constantOf(call?.args?.[0])?.sval?.sval?.toLowerCase();
}

/** What is made in pg_temp by its name is among the hidden effects. */
function ofTemporary(relation: RangeVar | undefined): SessionEffect | undefined {
  return relation?.relpersistence === 't' ? 'tied' : undefined;
}

function isTemporarySchema(name: string | undefined): boolean {
  return name !== undefined && /^pg_temp(?:_\d+)?$/.test(name);
}

/** A SELECT of nothing but set_config() with constants can be replayed as a SET can. */
function configEffect(select: SelectStmt): SessionEffect {
  const isPlain = Object.keys(select).every((field) => ['targetList', 'limitOption', 'op'].includes(field));
  const calls = isPlain ? (select.targetList ?? []).map(callOf) : [];
  const isConfig = calls.every(
    (call) => call !== undefined && isSetConfig(call) && call.args?.every(isConstant),
  );
  if (calls.length === 0 || !isConfig) return 'none';
  return strongest(calls.map((call) => (call === undefined ? 'none' : setConfigEffect(call, 'setting'))));
}

/** The effects of calls and names anywhere in a tree. */
function hiddenEffects(root: Node): readonly SessionEffect[] {
  const effects: SessionEffect[] = [];
  for (const object of objectsOf(root)) {
    // What a field of a parse tree holds follows from its name.
    const { FuncCall: call, String: name, schemaname } = object as Partial<TreeObject>;
    if (call !== undefined) effects.push(callEffect(call));
    else if (isTemporarySchema(name?.sval ?? schemaname)) effects.push('tied');
  }
  return effects;
}

/** The fields of parse-tree objects that matter here. */
interface TreeObject {
  readonly FuncCall: FuncCall;
  readonly String: { readonly sval?: string };
  readonly schemaname: string;
}

function callEffect(call: FuncCall): SessionEffect {
  if (isSetConfig(call)) return setConfigEffect(call, 'tied');
  const name = functionName(call);
  return TIED_FUNCTION.test(name) ? 'tied' : ASKING_FUNCTION.test(name) ? 'drawn' : 'none';
}

/** `local` when its third argument says so, else what is given. */
function setConfigEffect({ args }: FuncCall, lasting: SessionEffect): SessionEffect {
  const isLocal = constantOf(args?.[2])?.boolval;
  if (isLocal === undefined) return 'tied';
  return isLocal.boolval === true ? 'local' : lasting;
}

function callOf(target: Node): FuncCall | undefined {
  const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  return value !== undefined && 'FuncCall' in value ? value.FuncCall : undefined;
}

function isSetConfig(call: FuncCall): boolean {
  return functionName(call) === 'set_config';
}

/** Without its schema. */
function functionName({ funcname }: FuncCall): string {
  return stringOf(funcname?.at(-1)) ?? '';
}

function isConstant(node: Node): boolean {
  return constantOf(node) !== undefined;
}

function constantOf(node: Node | undefined): A_Const | undefined {
  return node !== undefined && 'A_Const' in node ? node.A_Const : undefined;
}
