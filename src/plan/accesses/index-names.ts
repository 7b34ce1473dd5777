import type { Constraint as ConstraintNode, IndexStmt, Node } from 'libpg-query';
import type { IndexConstraint, Relation } from '../catalog/objects.js';
import { nodeName } from '../../script/tree.js';
import { wordsOf } from './walk.js';

/**
 * How the columns of an index are called: after what they hold when it is made, and so they stay, whatever becomes of the
 * table's columns. The names of indexes that nobody named are made of them, also of copies (LIKE, partitions).
 *
 * Source: src/backend/commands/indexcmds.c, ChooseIndexColumnNames and ChooseIndexName.
 */
export function keyNames({
  indexParams = [],
  indexIncludingParams = [],
}: Pick<IndexStmt, 'indexParams' | 'indexIncludingParams'>): readonly string[] {
  const names: string[] = [];
  for (const param of [...indexParams, ...indexIncludingParams]) {
    if (!('IndexElem' in param)) continue;
    const base = param.IndexElem.indexcolname ?? param.IndexElem.name ?? expressionName(param.IndexElem.expr);
    let name = base;
    for (let number = 1; names.includes(name); number++) name = `${base}${number}`;
    names.push(name);
  }
  return names;
}

/** Of the index of a constraint; `column`: the one that it is written with. */
export function constraintKeyNames(node: ConstraintNode, column: string | undefined): readonly string[] {
  const elements = (node.exclusions ?? []).flatMap((pair) =>
    'List' in pair ? (pair.List.items ?? []).slice(0, 1) : [],
  );
  const keys = column === undefined ? wordsOf(node.keys) : [column];
  const named = [...keys, ...wordsOf(node.including)].map((name): Node => ({ IndexElem: { name } }));
  return keyNames({ indexParams: [...elements, ...named] });
}

/** What PostgreSQL makes the name of an index from, behind its table's name. */
export interface NameParts {
  readonly second: string;
  readonly label: string;
}

/** Of a copy of an index, which may be that of a constraint; undefined: how its columns are called is not known. */
export function copyNameParts({ keys }: Relation, of: IndexConstraint | undefined): NameParts | undefined {
  if (of?.isPrimary === true) return { second: '', label: 'pkey' };
  if (keys === undefined) return undefined;
  return { second: keys.join('_'), label: of === undefined ? 'idx' : of.isExclusion ? 'excl' : 'key' };
}

/**
 * The name that a result's column would have: of a function call the function's, of a cast the column's that is cast, or else the
 * type's.
 *
 * Source: src/backend/parser/parse_target.c, FigureIndexColname.
 */
function expressionName(expression: Node | undefined): string {
  return figure(expression)?.name ?? 'expr';
}

interface Figured {
  readonly name: string;
  /** What it is in gives a better one, if it has any. */
  readonly isWeak: boolean;
}

function figure(node: Node | undefined): Figured | undefined {
  if (node === undefined) return undefined;
  if ('ColumnRef' in node) return strong(lastString(node.ColumnRef.fields));
  if ('FuncCall' in node) return strong(lastString(node.FuncCall.funcname));
  if ('A_Indirection' in node)
    return strong(lastString(node.A_Indirection.indirection)) ?? figure(node.A_Indirection.arg);
  if ('CollateClause' in node) return figure(node.CollateClause.arg);
  if ('TypeCast' in node) return better(figure(node.TypeCast.arg), lastString(node.TypeCast.typeName?.names));
  if ('CaseExpr' in node) return better(figure(node.CaseExpr.defresult), 'case');
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? strong('nullif') : undefined;
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest');
  if ('XmlExpr' in node) return strong(XML[node.XmlExpr.op ?? '']);
  if ('JsonFuncExpr' in node) return strong(JSON_FUNCTIONS[node.JsonFuncExpr.op ?? '']);
  return strong(CONSTRUCTS[nodeName(node)]);
}

function strong(name: string | undefined): Figured | undefined {
  return name === undefined ? undefined : { name, isWeak: false };
}

function better(inner: Figured | undefined, own: string | undefined): Figured | undefined {
  if (inner?.isWeak === false || own === undefined) return inner;
  return { name: own, isWeak: true };
}

function lastString(words: readonly Node[] | undefined): string | undefined {
  return (words ?? []).flatMap((word) => ('String' in word ? [word.String.sval ?? ''] : [])).at(-1);
}

type Names = Readonly<Partial<Record<string, string>>>;

/** By libpg-query's name of the node. */
const CONSTRUCTS: Names = {
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  CoalesceExpr: 'coalesce',
  XmlSerialize: 'xmlserialize',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
};

const XML: Names = {
  IS_XMLCONCAT: 'xmlconcat',
  IS_XMLELEMENT: 'xmlelement',
  IS_XMLFOREST: 'xmlforest',
  IS_XMLPARSE: 'xmlparse',
  IS_XMLPI: 'xmlpi',
  IS_XMLROOT: 'xmlroot',
};

const JSON_FUNCTIONS: Names = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
};
