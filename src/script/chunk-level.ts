import type { CommonTableExpr, JoinExpr, Node, RangeVar, SelectStmt, WithClause } from 'libpg-query';
import { objectsOf } from './tree.js';

/**
 * Where `:chunk` stands in a statement: the level of the query whose rows it picks.
 *
 * A piece of a split does its share when `:chunk` decides for each row by itself whether the statement takes it: AND-ed in a WHERE, or
 * in the ON of an inner join, of a query whose rows are what the statement works on. So the way from the statement to the level goes
 * through sub-selects in FROM, CTEs and the query of an INSERT only; whoever stands on another way (an expression, a branch
 * of a UNION, a nullable side of an outer join) would see rows appear or vanish with the pieces.
 */
export interface ChunkLevel {
  /** Tables of this level, with those that sub-selects of its FROM read left out. */
  readonly tables: readonly LevelTable[];
  /** The statement that is this level: its `UpdateStmt`, …; undefined: a query. */
  readonly node: Node;
  /** Queries from here outwards, whose own LIMIT or GROUP BY sees the rows of a piece only. */
  readonly queries: readonly SelectStmt[];
  /** Data-modifying statements from here outwards. */
  readonly statements: readonly Node[];
  /** Names of CTEs: they hide tables. */
  readonly hidden: ReadonlySet<string>;
  /** The conditions that are AND-ed with it. */
  readonly conditions: readonly Node[];
}

export interface LevelTable {
  readonly range: RangeVar;
  /** On a side of an outer join that may have no row. */
  readonly isNullable: boolean;
  readonly isTarget: boolean;
}

/** A column of this name stands for :chunk in the text that is parsed. */
export const CHUNK_MARKER = 'pqrun chunk';

/** How often it stands there. */
export function countMarkers(nodes: readonly Node[]): number {
  let count = 0;
  // What a field of a parse tree holds follows from its name.
  for (const object of objectsOf(nodes)) if (isMarker(object as Node)) count++;
  return count;
}

/** `union`: in a branch of a set operation; `outer`: below the nullable side of an outer join, or in its ON; `merge`: in a MERGE's ON. */
export type Misplaced = 'union' | 'outer' | 'merge' | 'recursive' | 'elsewhere';

export function chunkLevel(statement: Node): ChunkLevel | Misplaced {
  return inStatement(statement, START) ?? 'elsewhere';
}

type Found = ChunkLevel | Misplaced | undefined;

/** The way so far. */
interface Way {
  readonly queries: readonly SelectStmt[];
  readonly statements: readonly Node[];
  readonly hidden: ReadonlySet<string>;
}

const START: Way = { queries: [], statements: [], hidden: new Set() };

function inStatement(node: Node, way: Way): Found {
  if ('SelectStmt' in node) return inQuery(node.SelectStmt, way);
  if ('CopyStmt' in node) return node.CopyStmt.query && inStatement(node.CopyStmt.query, way);
  const { withClause } = partsOf(node);
  const own = { ...within(way, withClause), statements: [node, ...way.statements] };
  return inCtes(withClause, own) ?? inModifying(node, own);
}

function inModifying(node: Node, way: Way): Found {
  if ('InsertStmt' in node) return node.InsertStmt.selectStmt && inStatement(node.InsertStmt.selectStmt, way);
  if ('UpdateStmt' in node) {
    const { relation, fromClause = [], whereClause } = node.UpdateStmt;
    return inLevel({ target: relation, from: fromClause, where: whereClause, node }, way);
  }
  if ('DeleteStmt' in node) {
    const { relation, usingClause = [], whereClause } = node.DeleteStmt;
    return inLevel({ target: relation, from: usingClause, where: whereClause, node }, way);
  }
  if (!('MergeStmt' in node)) return undefined;
  const { sourceRelation, joinCondition } = node.MergeStmt;
  if (joinCondition !== undefined && hasMarker(joinCondition)) return 'merge';
  return sourceRelation && inFromItem(sourceRelation, way);
}

function inQuery(select: SelectStmt, way: Way): Found {
  const own = within({ ...way, queries: [select, ...way.queries] }, select.withClause);
  const found = inCtes(select.withClause, own);
  if (found !== undefined) return found;
  if (select.larg !== undefined || select.rarg !== undefined)
    return hasMarker(select.larg) || hasMarker(select.rarg) ? 'union' : undefined;
  const { fromClause = [], whereClause } = select;
  const node = { SelectStmt: select };
  return inLevel({ target: undefined, from: fromClause, where: whereClause, node }, own);
}

function inCtes(clause: WithClause | undefined, way: Way): Found {
  for (const cte of ctesOf(clause)) {
    if (cte.ctequery === undefined || !hasMarker(cte.ctequery)) continue;
    return clause?.recursive === true ? 'recursive' : inStatement(cte.ctequery, way);
  }
  return undefined;
}

interface Level {
  readonly target: RangeVar | undefined;
  readonly from: readonly Node[];
  readonly where: Node | undefined;
  readonly node: Node;
}

function inLevel({ target, from, where, node }: Level, way: Way): Found {
  const joined = from.flatMap((item) => innerQuals(item));
  const conditions = [where, ...joined].flatMap((condition) => andParts(condition));
  if (conditions.some(isMarker)) {
    const tables = from.flatMap((item) => tablesOf(item, false));
    const own = target === undefined ? [] : [{ range: target, isNullable: false, isTarget: true }];
    return { ...way, tables: [...own, ...tables], node, conditions };
  }
  for (const item of from) {
    const found = inFromItem(item, way);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inFromItem(item: Node, way: Way): Found {
  if (!hasMarker(item)) return undefined;
  if ('RangeSubselect' in item) {
    const { subquery } = item.RangeSubselect;
    return subquery && inStatement(subquery, way);
  }
  if (!('JoinExpr' in item)) return undefined;
  const { larg, rarg, jointype, quals } = item.JoinExpr;
  const [isLeftNullable, isRightNullable] = nullableSides(jointype);
  if (hasMarker(quals)) return jointype === 'JOIN_INNER' ? undefined : 'outer';
  if (larg !== undefined && hasMarker(larg)) return isLeftNullable ? 'outer' : inFromItem(larg, way);
  return rarg === undefined || isRightNullable ? 'outer' : inFromItem(rarg, way);
}

function nullableSides(type: JoinExpr['jointype']): readonly [left: boolean, right: boolean] {
  const isFull = type === 'JOIN_FULL';
  return [isFull || type === 'JOIN_RIGHT', isFull || type === 'JOIN_LEFT'];
}

/** The ON conditions that decide of a row of FROM as a WHERE would. */
function innerQuals(item: Node): readonly Node[] {
  if (!('JoinExpr' in item)) return [];
  const { larg, rarg, jointype, quals } = item.JoinExpr;
  const [isLeftNullable, isRightNullable] = nullableSides(jointype);
  const own = jointype === 'JOIN_INNER' && quals !== undefined ? [quals] : [];
  const left = larg === undefined || isLeftNullable ? [] : innerQuals(larg);
  const right = rarg === undefined || isRightNullable ? [] : innerQuals(rarg);
  return [...own, ...left, ...right];
}

function tablesOf(item: Node, isNullable: boolean): readonly LevelTable[] {
  if ('RangeVar' in item) return [{ range: item.RangeVar, isNullable, isTarget: false }];
  if ('RangeTableSample' in item)
    return item.RangeTableSample.relation ? tablesOf(item.RangeTableSample.relation, isNullable) : [];
  if (!('JoinExpr' in item)) return [];
  const { larg, rarg, jointype } = item.JoinExpr;
  const [isLeftNullable, isRightNullable] = nullableSides(jointype);
  const left = larg === undefined ? [] : tablesOf(larg, isNullable || isLeftNullable);
  const right = rarg === undefined ? [] : tablesOf(rarg, isNullable || isRightNullable);
  return [...left, ...right];
}

function andParts(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return [];
  if (!('BoolExpr' in condition) || condition.BoolExpr.boolop !== 'AND_EXPR') return [condition];
  return (condition.BoolExpr.args ?? []).flatMap((part) => andParts(part));
}

function within(way: Way, clause: WithClause | undefined): Way {
  const names = ctesOf(clause).flatMap(({ ctename }) => ctename ?? []);
  return names.length === 0 ? way : { ...way, hidden: new Set([...way.hidden, ...names]) };
}

function ctesOf(clause: WithClause | undefined): readonly CommonTableExpr[] {
  return (clause?.ctes ?? []).flatMap((cte) => ('CommonTableExpr' in cte ? cte.CommonTableExpr : []));
}

function partsOf(node: Node): { readonly withClause?: WithClause | undefined } {
  if ('InsertStmt' in node) return node.InsertStmt;
  if ('UpdateStmt' in node) return node.UpdateStmt;
  if ('DeleteStmt' in node) return node.DeleteStmt;
  return 'MergeStmt' in node ? node.MergeStmt : {};
}

function hasMarker(tree: unknown): boolean {
  if (tree === undefined) return false;
  for (const object of objectsOf(tree)) if (isMarker(object as Node)) return true;
  return false;
}

function isMarker(node: Node): boolean {
  if (!('ColumnRef' in node)) return false;
  const [field, second] = node.ColumnRef.fields ?? [];
  return (
    second === undefined && field !== undefined && 'String' in field && field.String.sval === CHUNK_MARKER
  );
}
