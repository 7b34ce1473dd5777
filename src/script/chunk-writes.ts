import type { MergeStmt, Node, RangeVar, ResTarget } from 'libpg-query';
import { addsToBlocks, addsToRange, changesKey, movesRows, NOT_BY_SOURCE } from './chunk-faults.js';
import type { ChunkLevel, LevelTable } from './chunk-level.js';
import type { Fault } from './faults.js';
import { stringOf } from './tree.js';
import type { ChunkSplit } from '../model/script.js';

/**
 * What a statement that is split over a table writes: whether a row can come to be done twice, and whether two pieces can write the
 * same row.
 */

/** Columns of the walked table that are changed, by whatever part of the statement. */
export function changesOf({ range }: LevelTable, { statements }: ChunkLevel): readonly string[] {
  return statements.flatMap((node) =>
    isSame(targetOf(node), range) ? setIn(node).flatMap(({ name }) => name ?? []) : [],
  );
}

function targetOf(node: Node): RangeVar | undefined {
  if ('InsertStmt' in node) return node.InsertStmt.relation;
  if ('UpdateStmt' in node) return node.UpdateStmt.relation;
  if ('DeleteStmt' in node) return node.DeleteStmt.relation;
  return 'MergeStmt' in node ? node.MergeStmt.relation : undefined;
}

/** The columns that a statement SETs, and what to. */
function setIn(node: Node): readonly ResTarget[] {
  if ('UpdateStmt' in node) return targetsOf(node.UpdateStmt.targetList);
  if ('InsertStmt' in node) return targetsOf(node.InsertStmt.onConflictClause?.targetList);
  if (!('MergeStmt' in node)) return [];
  return (node.MergeStmt.mergeWhenClauses ?? []).flatMap((clause) =>
    'MergeWhenClause' in clause && clause.MergeWhenClause.commandType === 'CMD_UPDATE'
      ? targetsOf(clause.MergeWhenClause.targetList)
      : [],
  );
}

function targetsOf(list: readonly Node[] | undefined): readonly ResTarget[] {
  return (list ?? []).flatMap((target) => ('ResTarget' in target ? target.ResTarget : []));
}

export function writeFault(table: LevelTable, level: ChunkLevel, split: ChunkSplit): Fault | undefined {
  const changes = changesOf(table, level);
  const key = split.columns.find((column) => changes.includes(column));
  if (key !== undefined) return changesKey(key);
  const merges = level.statements.flatMap((node) =>
    'MergeStmt' in node ? (node.MergeStmt.mergeWhenClauses ?? []) : [],
  );
  if (merges.some(isBySource)) return NOT_BY_SOURCE;
  const guard = guardOf(table, level);
  const isGuarded = level.conditions.some((one) => passesOver(one, guard));
  if (split.by === 'blocks' && changes.length > 0 && !isGuarded) return movesRows(changes[0]);
  const adds = level.statements.some(
    (node) => 'InsertStmt' in node && isSame(node.InsertStmt.relation, table.range),
  );
  const name = table.range.relname ?? '';
  if (!adds) return undefined;
  return split.by === 'blocks' ? addsToBlocks(name) : addsToRange(name);
}

/** Why its pieces run one after another; undefined: they write other rows each. */
export function serialReason(table: LevelTable, { statements }: ChunkLevel): string | undefined {
  const read = table.range.relname ?? '';
  for (const node of statements) {
    if ('InsertStmt' in node && node.InsertStmt.onConflictClause?.action === 'ONCONFLICT_UPDATE')
      return `two pieces may update the same row of ${node.InsertStmt.relation?.relname ?? ''} (ON CONFLICT)`;
    const target = writtenBy(node);
    if (target !== undefined && !(table.isTarget && target === table.range))
      return `two rows of ${read} may change the same row of ${target.relname ?? ''}`;
  }
  return undefined;
}

/** Whose old rows it writes. */
function writtenBy(node: Node): RangeVar | undefined {
  const isNew = 'InsertStmt' in node || ('MergeStmt' in node && !writesOld(node.MergeStmt));
  return isNew ? undefined : targetOf(node);
}

/** Not only inserts. Two pieces that insert the same key are refused by the table itself. */
function writesOld({ mergeWhenClauses = [] }: MergeStmt): boolean {
  return mergeWhenClauses.some(
    (clause) =>
      'MergeWhenClause' in clause &&
      (clause.MergeWhenClause.commandType === 'CMD_UPDATE' ||
        clause.MergeWhenClause.commandType === 'CMD_DELETE'),
  );
}

function isBySource(clause: Node): boolean {
  return (
    'MergeWhenClause' in clause && clause.MergeWhenClause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE'
  );
}

/** Columns of the walked table that get another value than NULL, as the conditions beside :chunk may name them. */
interface Guard {
  readonly alias: string;
  readonly columns: readonly string[];
}

function guardOf({ range }: LevelTable, { statements }: ChunkLevel): Guard {
  const set = statements.flatMap((node) => (isSame(targetOf(node), range) ? setIn(node) : []));
  const columns = set.flatMap(({ name, val }) => (isNull(val) ? [] : (name ?? [])));
  return { alias: range.alias?.aliasname ?? range.relname ?? '', columns };
}

/** A condition on a changed column that a row does not fulfil any more once it is done. */
function passesOver(condition: Node, guard: Guard): boolean {
  if ('NullTest' in condition)
    return condition.NullTest.nulltesttype === 'IS_NULL' && isOneOf(condition.NullTest.arg, guard);
  if ('A_Expr' in condition) {
    const { kind, name, lexpr, rexpr } = condition.A_Expr;
    const operator = kind === 'AEXPR_OP' ? stringOf(name?.at(-1)) : undefined;
    if (kind === 'AEXPR_DISTINCT' || operator === '<>') return isOneOf(lexpr, guard) || isOneOf(rexpr, guard);
    return (
      operator === '=' &&
      ((isOneOf(lexpr, guard) && isConstant(rexpr)) || (isOneOf(rexpr, guard) && isConstant(lexpr)))
    );
  }
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'NOT_EXPR')
    return (condition.BoolExpr.args ?? []).some((one) => isOneOf(one, guard));
  return isOneOf(condition, guard);
}

function isOneOf(node: Node | undefined, { alias, columns }: Guard): boolean {
  if (node === undefined || !('ColumnRef' in node)) return false;
  const names = (node.ColumnRef.fields ?? []).map((field) => stringOf(field));
  const isOwn = names.length === 1 || names.at(-2) === alias;
  return isOwn && columns.includes(names.at(-1) ?? '');
}

function isConstant(node: Node | undefined): boolean {
  if (node === undefined) return false;
  return 'TypeCast' in node ? isConstant(node.TypeCast.arg) : 'A_Const' in node;
}

function isNull(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('TypeCast' in node) return isNull(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.isnull === true;
}

function isSame(one: RangeVar | undefined, other: RangeVar): boolean {
  if (one?.relname !== other.relname) return false;
  return (
    one?.schemaname === undefined || other.schemaname === undefined || one.schemaname === other.schemaname
  );
}
