import type { Constraint as ConstraintNode, IndexStmt, Node } from 'libpg-query';
import type { IndexConstraint, Relation } from '../catalog/objects.js';
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

/** The name that a result's column would have: of a function call the function's. src/backend/parser/parse_target.c. */
function expressionName(expression: unknown): string {
  if (typeof expression !== 'object' || expression === null) return 'expr';
  if ('FuncCall' in expression) {
    const { funcname } = expression.FuncCall as { readonly funcname?: Parameters<typeof wordsOf>[0] };
    return wordsOf(funcname).at(-1) ?? 'expr';
  }
  if ('CoalesceExpr' in expression) return 'coalesce';
  return 'expr';
}
