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

/** Statements that write, wherever they stand. */
export function countWrites(nodes: readonly Node[]): number {
  let count = 0;
  for (const object of objectsOf(nodes)) if (Object.keys(object).some((name) => WRITES.has(name))) count++;
  return count;
}

/** libpg-query's names. */
const WRITES: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** How often it stands there. */
export function countMarkers(nodes: readonly Node[]): number {
  let count = 0;
  // What a field of a parse tree holds follows from its name.
  for (const object of objectsOf(nodes)) if (isMarker(object as Node)) count++;
  return count;
}

/**
 * `union`: in a branch of a set operation; `outer`: below the nullable side of an outer join, or in its ON; `merge`: in a MERGE's ON;
 * `cte`: in a WITH query that is not read once, as a table would be. */
export type Misplaced = 'union' | 'outer' | 'merge' | 'recursive' | 'cte' | 'elsewhere';

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
  return inCtesOf(node, withClause, { own, way }) ?? inModifying(node, own);
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
  const found = inCtesOf({ SelectStmt: select }, select.withClause, { own, way });
  if (found !== undefined) return found;
  if (select.larg !== undefined || select.rarg !== undefined)
    return hasMarker(select.larg) || hasMarker(select.rarg) ? 'union' : undefined;
  const { fromClause = [], whereClause } = select;
  const node = { SelectStmt: select };
  return inLevel({ target: undefined, from: fromClause, where: whereClause, node }, own);
}

function inCtesOf(
  node: Node,
  clause: WithClause | undefined,
  { own, way }: { readonly own: Way; readonly way: Way },
): Found {
  const name = ctesOf(clause).find(({ ctequery }) => hasMarker(ctequery))?.ctename ?? '';
  return isReadOnce(node, name, inCtes(clause, own, way.hidden));
}

/** A WITH query sees those before it, and itself only when it is recursive. */
function inCtes(clause: WithClause | undefined, way: Way, before: ReadonlySet<string>): Found {
  const seen = new Set(before);
  for (const { ctequery, ctename = '' } of ctesOf(clause)) {
    if (ctequery !== undefined && hasMarker(ctequery)) {
      if (clause?.recursive === true) return 'recursive';
      return inStatement(ctequery, { ...way, hidden: seen });
    }
    seen.add(ctename);
  }
  return undefined;
}

/** What a WITH query gives is read once, as a table would be of whose rows each piece has its own. */
function isReadOnce(statement: Node, name: string, level: Found): Found {
  if (level === undefined || typeof level === 'string') return level;
  let count = 0;
  // What a field of a parse tree holds follows from its name.
  for (const object of objectsOf(statement)) if (isNamed(object as Node, name)) count++;
  return count === 1 && readsFrom(statement, name) ? level : 'cte';
}

function isNamed(node: Node, name: string): boolean {
  return 'RangeVar' in node && node.RangeVar.relname === name && node.RangeVar.schemaname === undefined;
}

function readsFrom(node: Node, name: string): boolean {
  if ('SelectStmt' in node) {
    const { fromClause = [], larg } = node.SelectStmt;
    return larg === undefined && fromClause.some((item) => readsItem(item, name));
  }
  if ('CopyStmt' in node) return node.CopyStmt.query !== undefined && readsFrom(node.CopyStmt.query, name);
  if ('InsertStmt' in node)
    return node.InsertStmt.selectStmt !== undefined && readsFrom(node.InsertStmt.selectStmt, name);
  if ('UpdateStmt' in node) return (node.UpdateStmt.fromClause ?? []).some((item) => readsItem(item, name));
  if ('DeleteStmt' in node) return (node.DeleteStmt.usingClause ?? []).some((item) => readsItem(item, name));
  const source = 'MergeStmt' in node ? node.MergeStmt.sourceRelation : undefined;
  return source !== undefined && readsItem(source, name);
}

function readsItem(item: Node, name: string): boolean {
  if (isNamed(item, name)) return true;
  if ('RangeSubselect' in item)
    return item.RangeSubselect.subquery !== undefined && readsFrom(item.RangeSubselect.subquery, name);
  if (!('JoinExpr' in item)) return false;
  const { larg, rarg, jointype } = item.JoinExpr;
  const [isLeftNullable, isRightNullable] = nullableSides(jointype);
  const left = larg !== undefined && !isLeftNullable && readsItem(larg, name);
  return left || (rarg !== undefined && !isRightNullable && readsItem(rarg, name));
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
