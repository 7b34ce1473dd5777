import type { SelectStmt } from 'libpg-query';
import { isBuiltInAggregate } from '../catalog/built-in-aggregates.js';
import { stringOf } from '../../script/tree.js';

/**
 * Whether a query has only expressions whose values follow from one row: no aggregate, no window function, no subquery, and no
 * kind of node that nobody thought of. What its functions do is told by what the statement touches.
 */
export function rowExpressions({ targetList, fromClause, whereClause, sortClause }: SelectStmt): boolean {
  return [targetList, fromClause, whereClause, sortClause].every(isPlain);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([key, inner]) => {
    // The name of a node's type is capitalized, that of a field is not; a typed field holds another node's fields.
    if (/^[A-Z]/.test(key) && !NODES.has(key)) return false;
    if (OF_MANY_ROWS.has(key) || isCallOfAggregate(key, inner)) return false;
    return isPlain(inner);
  });
}

/** libpg-query's names, which are those of src/include/nodes/parsenodes.h and primnodes.h. */
const NODES: ReadonlySet<string> = new Set([
  ...[
    'ResTarget',
    'ColumnRef',
    'String',
    'Integer',
    'Float',
    'A_Star',
    'A_Const',
    'A_Expr',
    'List',
    'FuncCall',
  ],
  ...['NamedArgExpr', 'TypeCast', 'TypeName', 'BoolExpr', 'NullTest', 'BooleanTest', 'CaseExpr', 'CaseWhen'],
  ...['CoalesceExpr', 'MinMaxExpr', 'A_ArrayExpr', 'RowExpr', 'A_Indirection', 'A_Indices', 'CollateClause'],
  ...['SQLValueFunction', 'SortBy', 'RangeVar', 'RangeFunction', 'JoinExpr'],
]);

/** Fields of a FuncCall. */
const OF_MANY_ROWS: ReadonlySet<string> = new Set([
  ...['agg_order', 'agg_filter', 'agg_within_group', 'agg_star', 'agg_distinct', 'over'],
]);

/** `t.count` and `(t).count` are calls of count where t has no such column. */
function isCallOfAggregate(key: string, value: unknown): boolean {
  const names = NAMES[key];
  const words: unknown =
    names === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[names];
  if (!Array.isArray(words) || (key === 'ColumnRef' && words.length < 2)) return false;
  return words.some((word) => isBuiltInAggregate(stringOf(word as never) ?? ''));
}

/** The field that has the words of a name. */
const NAMES: Readonly<Partial<Record<string, string>>> = {
  FuncCall: 'funcname',
  ColumnRef: 'fields',
  A_Indirection: 'indirection',
};
