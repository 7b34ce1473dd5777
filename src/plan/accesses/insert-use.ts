import type { InsertStmt, Node, SelectStmt } from 'libpg-query';
import type { InsertUse } from '../catalog/bound.js';

/** What an INSERT gives: which columns, how many, and how conflicts are met. */
export function insertUse(insert: InsertStmt, columns: readonly string[] | undefined): InsertUse {
  const { selectStmt, onConflictClause, override } = insert;
  const source = selectStmt !== undefined && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined;
  const rows = source?.valuesLists;
  const count = source === undefined ? 0 : rows === undefined ? targetCount(source) : widthOf(rows[0]);
  return {
    ...(columns === undefined ? {} : { columns }),
    ...(count === undefined ? {} : { count }),
    hasDefaults: rows?.some(hasDefault) ?? false,
    onConflict:
      onConflictClause === undefined
        ? 'none'
        : onConflictClause.action === 'ONCONFLICT_UPDATE'
          ? 'update'
          : 'nothing',
    overridesUser: override === 'OVERRIDING_USER_VALUE',
  };
}

/** What an UPDATE gives: whether some values are the word DEFAULT. */
export function updateUse(targets: readonly Node[] | undefined): InsertUse | undefined {
  const takes = (targets ?? []).some((target) => 'ResTarget' in target && isDefault(target.ResTarget.val));
  return takes ? TAKES_DEFAULTS : undefined;
}

/** `SET a = DEFAULT`, or one of `SET (a, b) = (1, DEFAULT)`. */
function isDefault(value: Node | undefined): boolean {
  if (value === undefined) return false;
  if ('SetToDefault' in value) return true;
  if (!('MultiAssignRef' in value)) return false;
  const { source } = value.MultiAssignRef;
  return source !== undefined && 'RowExpr' in source && (source.RowExpr.args ?? []).some(isDefault);
}

/** Any column may take its default. */
export const TAKES_DEFAULTS: InsertUse = { hasDefaults: true, onConflict: 'none', overridesUser: false };

function widthOf(row: Node | undefined): number | undefined {
  return row !== undefined && 'List' in row ? row.List.items?.length : undefined;
}

function hasDefault(row: Node): boolean {
  return 'List' in row && (row.List.items ?? []).some((item) => 'SetToDefault' in item);
}

/** Columns that a query gives; undefined when a star stands among them. */
function targetCount(select: SelectStmt): number | undefined {
  const { targetList = [], larg } = select;
  if (larg !== undefined) return targetCount(larg);
  return targetList.some(isStar) ? undefined : targetList.length;
}

/** `*`, `t.*`, and `(composite).*` too. */
function isStar(target: Node): boolean {
  const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (value === undefined) return false;
  const last =
    'ColumnRef' in value
      ? value.ColumnRef.fields?.at(-1)
      : 'A_Indirection' in value
        ? value.A_Indirection.indirection?.at(-1)
        : undefined;
  return last !== undefined && 'A_Star' in last;
}
