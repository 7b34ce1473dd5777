import type { A_Const, InsertStmt, JoinExpr, Node, RangeFunction, RangeVar, SelectStmt } from 'libpg-query';
import { modeBit } from '../../model/access.js';
import type { Relation } from '../catalog/objects.js';
import { rowExpressions } from './row-expressions.js';
import type { Scope } from './scope.js';
import { rangeName, wordsOf } from './walk.js';

/**
 * `INSERT INTO t SELECT … FROM generate_series(a, b)`: whether its rows are the same when the series is cut into pieces and
 * each piece is a statement of its own, and where the bounds stand.
 *
 * A row of the result must follow from one value of the series alone. The text shows that: there are nothing but expressions,
 * a condition and inner joins with tables, and whatever is not known to be harmless is refused (row-expressions.ts). And the
 * statement must do nothing but append to its table: that is what was found to be touched. So no number is drawn from a
 * sequence, nobody reads what was inserted before, and no code of the user's runs for a row.
 *
 * It does not know how many pieces there are, nor whether cutting is worth it.
 */
export interface Series {
  /** Inclusive; `to` may be below `from`. */
  readonly from: number;
  readonly to: number;
  /** Its values are of type bigint, be the bounds of a piece ever so small. */
  readonly isWide: boolean;
  /** Where the two bounds stand in the text, as positions in a JavaScript string. */
  readonly places: readonly [Stretch, Stretch];
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Cheap: only what passes is looked at. */
export const MAY_HAVE_SERIES = /\bgenerate_series"?\s*\(/i;

/** `scope`: as the statement was looked at, so that its touch says all that it does. */
export function seriesOf(node: Node, text: string, scope: Scope): Series | undefined {
  const insert = 'InsertStmt' in node ? plainInsert(node.InsertStmt) : undefined;
  if (insert === undefined || !rowExpressions(insert.select)) return undefined;
  const from = new From(scope);
  if (!(insert.select.fromClause ?? []).every((item) => from.add(item))) return undefined;
  const [call, ...others] = from.series;
  if (call === undefined || others.length > 0 || !onlyAppends(insert.target, scope)) return undefined;
  return boundsOf(call, text);
}

/** Nothing but a target, columns and a query that has nothing but a list, FROM, WHERE and ORDER BY. */
function plainInsert(
  insert: InsertStmt,
): { readonly target: RangeVar; readonly select: SelectStmt } | undefined {
  const { relation: target, selectStmt: query } = insert;
  if (target === undefined || query === undefined || !('SelectStmt' in query)) return undefined;
  const { SelectStmt: select } = query;
  const isPlain =
    hasOnly(insert, INSERT_FIELDS) &&
    insert.override === 'OVERRIDING_NOT_SET' &&
    hasOnly(select, SELECT_FIELDS) &&
    select.limitOption === 'LIMIT_OPTION_DEFAULT';
  return isPlain ? { target, select } : undefined;
}

function hasOnly(fields: object, known: ReadonlySet<string>): boolean {
  return Object.keys(fields).every((field) => known.has(field));
}

const INSERT_FIELDS = new Set(['relation', 'cols', 'selectStmt', 'override']);
/** UNION and its kin have two queries, `larg` and `rarg`. */
const SELECT_FIELDS = new Set([
  ...['targetList', 'fromClause', 'whereClause', 'sortClause'],
  ...['limitOption', 'op'],
]);

/** What stands in FROM: one series, and tables that are joined with it so that rows of the one never depend on others of the other. */
class From {
  readonly series: (readonly Node[])[] = [];
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** False: it is something else. */
  add(item: Node | undefined): boolean {
    if (item === undefined) return false;
    if ('RangeFunction' in item) return this.#function(item.RangeFunction);
    if ('RangeVar' in item) return this.#table(item.RangeVar);
    return 'JoinExpr' in item && this.#join(item.JoinExpr);
  }

  #join({ jointype, larg, rarg }: JoinExpr): boolean {
    return jointype === 'JOIN_INNER' && this.add(larg) && this.add(rarg);
  }

  #function({ functions = [], ordinality, is_rowsfrom: isRowsFrom, coldeflist }: RangeFunction): boolean {
    const [list] = functions;
    if (ordinality === true || isRowsFrom === true || coldeflist !== undefined || functions.length !== 1)
      return false;
    const [call] = list !== undefined && 'List' in list ? (list.List.items ?? []) : [];
    if (call === undefined || !('FuncCall' in call)) return false;
    const { funcname, args = [] } = call.FuncCall;
    if (!/^(?:pg_catalog\.)?generate_series$/.test(wordsOf(funcname).join('.'))) return false;
    this.series.push(args);
    return true;
  }

  /** A view may hold anything. */
  #table(range: RangeVar): boolean {
    const kind = this.#scope.names.relation(rangeName(range)).relation?.kind;
    return kind === 'table' || kind === 'partitioned table' || kind === 'materialized view';
  }
}

function onlyAppends(target: RangeVar, { catalog, touch, names, follower }: Scope): boolean {
  const { relation } = names.relation(rangeName(target));
  if (
    relation === undefined ||
    touch.unknown.length + touch.alone.length + touch.readsAll.length + touch.session.size > 0
  )
    return false;
  const family = new Map(
    [relation, ...follower.heirs(relation), ...follower.ancestors(relation)].map((one) => [one.id, one]),
  );
  if (![...family.values()].every(isPlainTable)) return false;
  return touch.accesses.resources().every((resource) => {
    const bits = touch.accesses.bitsOf(resource);
    // Of what is the user's only operators and casts may run: a function may be an aggregate, or count its calls.
    if (catalog.routine(resource) !== undefined && !catalog.hidden.has(resource)) return false;
    return bits === (bits & (family.has(resource) ? APPENDS : READS));
  });
}

/** Nobody notices a row, or puts something else in its place. */
function isPlainTable({ kind, triggers, rules }: Relation): boolean {
  const isTable = kind === 'table' || kind === 'partitioned table';
  return isTable && triggers.length === 0 && rules.every(({ event }) => event !== 'insert');
}

const APPENDS = modeBit('use') | modeBit('append');
const READS = modeBit('use') | modeBit('read');

function boundsOf(args: readonly Node[], text: string): Series | undefined {
  const [first, last, step, ...others] = args;
  const [from, to] = [boundOf(first, text), boundOf(last, text)];
  if (from === undefined || to === undefined || others.length > 0) return undefined;
  if (step !== undefined && boundOf(step, text)?.value !== 1) return undefined;
  return {
    from: from.value,
    to: to.value,
    isWide: from.isWide || to.isWide,
    places: [from.place, to.place],
  };
}

interface Bound {
  readonly value: number;
  readonly isWide: boolean;
  readonly place: Stretch;
}

/** A whole number as a literal, signed or not, cast to an integer type or not. */
function boundOf(node: Node | undefined, text: string): Bound | undefined {
  if (node === undefined) return undefined;
  if ('A_Const' in node) return literalOf(node.A_Const, text);
  if (!('TypeCast' in node)) return undefined;
  const { arg, typeName } = node.TypeCast;
  const type = wordsOf(typeName?.names).join('.');
  const isArray = typeName?.arrayBounds !== undefined;
  const bound = boundOf(arg, text);
  if (bound === undefined || isArray || !(type in INTEGERS)) return undefined;
  const isWide = type === 'pg_catalog.int8';
  return isWide || !bound.isWide ? { ...bound, isWide } : undefined;
}

const INTEGERS = { 'pg_catalog.int4': true, 'pg_catalog.int8': true } as const;

function literalOf({ ival, fval, location }: A_Const, text: string): Bound | undefined {
  const written = fval?.fval ?? (ival === undefined ? undefined : String(ival.ival ?? 0));
  const value = Number(written);
  if (written === undefined || location === undefined || !Number.isSafeInteger(value)) return undefined;
  // The parser counts bytes.
  const start = Buffer.from(text).subarray(0, location).toString().length;
  LITERAL.lastIndex = start;
  const found = LITERAL.exec(text);
  if (found === null || Number(found[0].replace(/\s+/, '')) !== value) return undefined;
  return { value, isWide: value < -(2 ** 31) || value >= 2 ** 31, place: { start, end: LITERAL.lastIndex } };
}

const LITERAL = /-?\s*\d+(?![\w.$])/y;
