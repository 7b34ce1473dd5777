import type { MergeStmt, Node, RangeVar } from 'libpg-query';
import { addsToBlocks, addsToRange, changesKey, movesRows } from './chunk-faults.js';
import type { ChunkLevel, LevelTable } from './chunk-level.js';
import type { Fault } from './faults.js';
import { stringOf } from './tree.js';
import type { ChunkSplit } from '../model/script.js';

/**
 * What a statement that is split over a table writes: whether a row can come to be done twice, and whether two pieces can write the
 * same row.
 */

/** Columns of the walked table that are changed. */
export function changesOf({ isTarget }: LevelTable, { node }: ChunkLevel): readonly string[] {
  if (!isTarget || !('UpdateStmt' in node)) return [];
  return (node.UpdateStmt.targetList ?? []).flatMap((target) =>
    'ResTarget' in target ? (target.ResTarget.name ?? []) : [],
  );
}

export function writeFault(table: LevelTable, level: ChunkLevel, split: ChunkSplit): Fault | undefined {
  const changes = changesOf(table, level);
  const key = split.columns.find((column) => changes.includes(column));
  if (key !== undefined) return changesKey(key);
  if (
    split.by === 'blocks' &&
    changes.length > 0 &&
    !level.conditions.some((one) => passesOver(one, changes))
  )
    return movesRows(changes[0]);
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

function writtenBy(node: Node): RangeVar | undefined {
  if ('UpdateStmt' in node) return node.UpdateStmt.relation;
  if ('DeleteStmt' in node) return node.DeleteStmt.relation;
  return 'MergeStmt' in node && writesOld(node.MergeStmt) ? node.MergeStmt.relation : undefined;
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

/** A condition on a changed column that a row may not fulfil any more once it is done. */
function passesOver(condition: Node, changes: readonly string[]): boolean {
  if ('NullTest' in condition)
    return condition.NullTest.nulltesttype === 'IS_NULL' && isOneOf(condition.NullTest.arg, changes);
  if ('A_Expr' in condition) {
    const { kind, name, lexpr, rexpr } = condition.A_Expr;
    const isUnlike = kind === 'AEXPR_DISTINCT' || (kind === 'AEXPR_OP' && stringOf(name?.at(-1)) === '<>');
    const isEqual = kind === 'AEXPR_OP' && stringOf(name?.at(-1)) === '=';
    const sides = isOneOf(lexpr, changes) || isOneOf(rexpr, changes);
    return sides && (isUnlike || isEqual);
  }
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'NOT_EXPR')
    return (condition.BoolExpr.args ?? []).some((one) => isOneOf(one, changes));
  return isOneOf(condition, changes);
}

function isOneOf(node: Node | undefined, columns: readonly string[]): boolean {
  if (node === undefined || !('ColumnRef' in node)) return false;
  return columns.includes(stringOf(node.ColumnRef.fields?.at(-1)) ?? '');
}

function isSame(one: RangeVar | undefined, other: RangeVar): boolean {
  if (one?.relname !== other.relname) return false;
  return (
    one?.schemaname === undefined || other.schemaname === undefined || one.schemaname === other.schemaname
  );
}
