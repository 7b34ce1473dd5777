import type { InsertStmt, Node, SelectStmt } from 'libpg-query';
import { stringOf } from '../../script/tree.js';
import type { Bound } from '../catalog/bound.js';
import { insertUse } from './insert-use.js';
import type { Scope } from './scope.js';
import { rangeName } from './walk.js';

/** Says which sequences a statement draws from for certain: by rows that are listed, where they take defaults, and by nextval itself. */
export function markCertain(node: Node, scope: Scope): void {
  const { sequences } = scope.touch;
  if (sequences.drawn.size === 0) return;
  const certain =
    'InsertStmt' in node
      ? ofRows(node.InsertStmt, scope)
      : 'SelectStmt' in node
        ? ofCalls(node.SelectStmt, scope)
        : [];
  for (const id of certain) if (sequences.drawn.has(id)) sequences.certain.add(id);
}

/** Columns that are not given draw before anything else may hold a row up; but rules may put something else in its place. */
function ofRows(node: InsertStmt, scope: Scope): readonly number[] {
  const { relation: range, selectStmt, cols } = node;
  const isListed = selectStmt !== undefined && 'SelectStmt' in selectStmt;
  if (range === undefined || !isListed || selectStmt.SelectStmt.valuesLists === undefined) return [];
  const { relation } = scope.names.relation(rangeName(range));
  if (relation?.kind !== 'table' || relation.rules.length > 0) return [];
  const given = cols?.flatMap((one) => ('ResTarget' in one ? (one.ResTarget.name ?? '') : []));
  const { count = Infinity } = insertUse(node, given);
  return relation.columns.flatMap(({ name, expression }, at) => {
    const isGiven = given === undefined ? at < count : given.includes(name);
    return isGiven || expression?.isDraw !== true
      ? []
      : expression.relations.flatMap(({ id, operation }) => (operation === 'draw' ? id : []));
  });
}

/** `SELECT nextval('s')`, without rows to call it for. */
function ofCalls({ targetList = [], ...rest }: SelectStmt, scope: Scope): readonly number[] {
  if (CLAUSES.some((clause) => rest[clause] !== undefined)) return [];
  return targetList.flatMap((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const draw = value === undefined ? undefined : drawOf(value, scope.bind(value));
    return draw === undefined ? [] : [draw];
  });
}

const CLAUSES = [
  ...(['fromClause', 'whereClause', 'groupClause', 'havingClause', 'limitCount', 'limitOffset'] as const),
  ...(['larg', 'valuesLists'] as const),
];

/** The sequence, where an expression is nothing but a call of nextval. */
export function drawOf(
  expression: Node,
  { relations, routines, effects, unknown }: Bound,
): number | undefined {
  if (!('FuncCall' in expression) || stringOf(expression.FuncCall.funcname?.at(-1)) !== 'nextval')
    return undefined;
  const [draw, second] = relations.filter(({ operation }) => operation === 'draw');
  const isPlain = routines.length + effects.length + unknown.length === 0;
  return isPlain && second === undefined ? draw?.id : undefined;
}
