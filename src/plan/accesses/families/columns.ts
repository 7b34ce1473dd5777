import type { ColumnDef, Constraint as ConstraintNode, Node, TypeName } from 'libpg-query';
import { joinBounds, type Bound } from '../../catalog/bound.js';
import type { Column, Constraint, ForeignKey, ReferentialAction, Relation } from '../../catalog/objects.js';
import { chooseRelationName, type TableName } from '../auto-names.js';
import { constraintKeyNames } from '../index-names.js';
import { namedColumns } from '../named-columns.js';
import { isNameType } from '../../catalog/built-in-relations.js';
import { chooseCheckName, chooseConstraintName } from './constraint-names.js';
import { keyNotNull, notNull } from './not-null.js';
import { optionNamed } from './options.js';
import { drawOf } from '../certain-draws.js';
import type { Scope } from '../scope.js';
import { wordsOf } from '../walk.js';

/**
 * Columns and constraints of CREATE TABLE and ALTER TABLE. What a column brings with it (sequences of serial and identity
 * columns, indexes of keys) is made as objects of its own.
 */
export interface NewColumn {
  readonly column: Column;
  readonly constraints: readonly Constraint[];
}

export function newColumn(definition: ColumnDef, table: TableName, scope: Scope): NewColumn {
  const { colname: name = '', typeName } = definition;
  const nodes = constraintsOf(definition.constraints);
  const serial = isSerial(typeName) ? ownedSequence(scope, table, name) : undefined;
  const type = serial === undefined ? scope.typeOrRelation(typeName) : undefined;
  useCollation(definition.collClause?.collname, scope);
  const expressions: (Bound | undefined)[] = [serial, stored(definition.raw_default, scope)];
  let isGenerated = false;
  for (const node of nodes) {
    if (node.contype === 'CONSTR_DEFAULT') expressions.push(stored(node.raw_expr, scope));
    if (node.contype === 'CONSTR_IDENTITY') expressions.push(ownedSequence(scope, table, name, node));
    if (node.contype === 'CONSTR_GENERATED') {
      expressions.push(stored(node.raw_expr, scope));
      isGenerated = true;
    }
  }
  const expression = joinBounds(expressions);
  const isIdentity = nodes.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const constraints = nodes.flatMap((node) => newConstraint(node, { table, column: name }, scope) ?? []);
  if (serial !== undefined || isIdentity) constraints.push(...notNull([name], { constraints, table }, scope));
  return {
    column: {
      name,
      ...(type === undefined ? {} : { type }),
      ...useNameType(typeName, scope),
      ...(expressions.some((bound) => bound !== undefined) ? { expression } : {}),
      ...(isGenerated ? { isGenerated } : {}),
      ...(isIdentity ? { isIdentity } : {}),
    },
    constraints: constraints.flatMap((constraint) => [
      constraint,
      ...keyNotNull(constraint, { constraints, table }, scope),
    ]),
  };
}

/** Of a column with one of the types `reg…`, whose default is looked up at once. */
export function useNameType(type: TypeName | undefined, scope: Scope): Pick<Column, 'looksUp'> {
  if (!isNameType(wordsOf(type?.names).at(-1))) return {};
  scope.lookUpNames();
  return { looksUp: true };
}

/** An expression that is kept, and evaluated when rows come. */
export function stored(expression: Node | undefined, scope: Scope): Bound | undefined {
  if (expression === undefined) return undefined;
  const bound = scope.bind(expression);
  scope.store(bound);
  return drawOf(expression, bound) === undefined ? bound : { ...bound, isDraw: true };
}

export function constraintsOf(nodes: readonly Node[] | undefined): readonly ConstraintNode[] {
  return (nodes ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

/** Undefined: it is no constraint of the table (NULL, DEFAULT …). */
export function newConstraint(
  node: ConstraintNode,
  { table, column }: { readonly table: TableName; readonly column?: string },
  scope: Scope,
): Constraint | undefined {
  switch (node.contype) {
    case 'CONSTR_CHECK': {
      const expression = stored(node.raw_expr, scope);
      const name = node.conname ?? chooseCheckName(node.raw_expr, table, scope);
      return expression === undefined ? undefined : { type: 'check', name, expression };
    }
    case 'CONSTR_NOTNULL': {
      const of = column ?? wordsOf(node.keys)[0] ?? '';
      if (node.conname !== undefined) return { type: 'not null', name: node.conname, column: of };
      return notNull([of], { constraints: [], table }, scope)[0];
    }
    case 'CONSTR_FOREIGN':
      return foreignKey(node, { table, ...(column === undefined ? {} : { column }) }, scope);
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return indexConstraint(node, { table, ...(column === undefined ? {} : { column }) }, scope);
    default:
      return undefined;
  }
}

function foreignKey(
  node: ConstraintNode,
  { table, column }: { readonly table: TableName; readonly column?: string },
  scope: Scope,
): ForeignKey | undefined {
  const { pktable } = node;
  const isSelf = pktable?.relname === table.name && (pktable.schemaname ?? table.schema) === table.schema;
  const known =
    pktable === undefined
      ? undefined
      : scope.names.relation({ schema: pktable.schemaname, name: pktable.relname ?? '' }).relation;
  const target =
    isSelf && (known === undefined || known.id === table.id) ? undefined : scope.relation(pktable);
  // Both tables get triggers, so both are changed: src/backend/commands/tablecmds.c, ATAddForeignKeyConstraint.
  if (target !== undefined) scope.defineTree(target);
  const columns = node.fk_attrs === undefined ? (column ?? '') : wordsOf(node.fk_attrs).join('_');
  const name = node.conname ?? chooseConstraintName(table, { second: columns, label: 'fkey' }, scope);
  const id = target?.id ?? (isSelf ? table.id : undefined);
  if (id === undefined) return undefined;
  const [onDelete, onUpdate] = [actionOf(node.fk_del_action), actionOf(node.fk_upd_action)];
  return { type: 'foreign key', name, target: id, onDelete, onUpdate };
}

/** src/include/nodes/parsenodes.h: FKCONSTR_ACTION_… */
export function actionOf(letter: string | undefined): ReferentialAction {
  if (letter === 'c') return 'cascade';
  return letter === 'n' || letter === 'd' ? 'change' : 'check';
}

function indexConstraint(
  node: ConstraintNode,
  { table, column }: { readonly table: TableName; readonly column?: string },
  scope: Scope,
): Constraint {
  const isPrimary = node.contype === 'CONSTR_PRIMARY';
  const isExclusion = node.contype === 'CONSTR_EXCLUSION';
  if (node.indexname !== undefined) return usingIndex(node, table, scope);
  const keys = constraintKeyNames(node, column);
  const second = isPrimary ? '' : keys.join('_');
  const label = isPrimary ? 'pkey' : isExclusion ? 'excl' : 'key';
  const { schema } = table;
  if (node.conname !== undefined) scope.defineSlot('relation', schema, node.conname);
  const name = node.conname ?? chooseRelationName(scope, { schema, first: table.name, second, label });
  const expressions = stored(
    {
      List: {
        items: [...(node.exclusions ?? []), ...(node.where_clause === undefined ? [] : [node.where_clause])],
      },
    },
    scope,
  );
  const indexed = [
    ...(column === undefined ? wordsOf(node.keys) : [column]),
    ...wordsOf(node.including),
    ...namedColumns([node.exclusions, node.where_clause]),
  ];
  const id = addIndex(scope, { table, name, expressions, isUnique: !isExclusion, indexed, keys });
  return {
    type: 'index',
    name,
    index: id,
    isExclusion,
    ...(isPrimary ? { isPrimary } : {}),
    ...(node.without_overlaps === true ? { isTemporal: true } : {}),
  };
}

/** ADD PRIMARY KEY USING INDEX: the index gets the constraint's name. */
function usingIndex(node: ConstraintNode, table: TableName, scope: Scope): Constraint {
  const index = scope.relation({ schema: table.schema, name: node.indexname ?? '' });
  const name = node.conname ?? node.indexname ?? '';
  if (index === undefined) return { type: 'other', name };
  scope.define(index);
  scope.defineSlot('relation', table.schema, name);
  scope.catalog.put({ ...index, name });
  const isPrimary = node.contype === 'CONSTR_PRIMARY';
  return { type: 'index', name, index: index.id, isExclusion: false, ...(isPrimary ? { isPrimary } : {}) };
}

export function addIndex(
  scope: Scope,
  {
    table,
    name,
    expressions,
    isUnique,
    indexed,
    keys,
    isDoubtful,
  }: {
    readonly table: TableName;
    readonly name: string;
    readonly expressions: Bound | undefined;
    readonly isUnique: boolean;
    readonly indexed: readonly string[] | undefined;
    readonly keys: readonly string[] | undefined;
    readonly isDoubtful?: boolean;
  },
): number {
  const id = scope.fresh('index', table.schema, name);
  const index: Relation = {
    ...emptyRelation({ id, schema: table.schema, name }, 'index'),
    table: table.id,
    isUnique,
    ...(indexed === undefined ? {} : { indexed }),
    ...(keys === undefined ? {} : { keys }),
    ...(isDoubtful === true ? { isDoubtful } : {}),
    ...(expressions === undefined ? {} : { expressions }),
  };
  scope.touch.add(id, 'define');
  scope.catalog.put(index);
  return id;
}

/** The sequence of a serial or identity column; what it gives is the drawing of its values. */
// eslint-disable-next-line @typescript-eslint/max-params -- the node is optional
export function ownedSequence(scope: Scope, table: TableName, column: string, node?: ConstraintNode): Bound {
  const { schema } = table;
  const name =
    sequenceName(node) ??
    chooseRelationName(scope, { schema, first: table.name, second: column, label: 'seq' });
  scope.defineSlot('relation', schema, name);
  const id = scope.fresh('sequence', schema, name);
  scope.touch.add(id, 'define');
  const cache = cacheOf(node?.options ?? []);
  scope.catalog.put({
    ...emptyRelation({ id, schema, name }, 'sequence'),
    ...cache,
    table: table.id,
    column,
  });
  return drawing(id);
}

/** Of a sequence's options: whether a session takes several values at once; nothing said, nothing changed. */
export function cacheOf(options: readonly Node[]): Pick<Relation, 'isCached'> {
  const cache = optionNamed(options, 'cache');
  if (cache === undefined) return {};
  return { isCached: !('Integer' in cache) || cache.Integer.ival !== 1 };
}

export function drawing(sequence: number): Bound {
  return {
    relations: [{ id: sequence, operation: 'draw', isOnly: true }],
    routines: [],
    types: [],
    effects: [],
    unknown: [],
    isDraw: true,
  };
}

/** `GENERATED … AS IDENTITY (SEQUENCE NAME s)`, as pg_dump writes it. */
function sequenceName(node: ConstraintNode | undefined): string | undefined {
  const name = optionNamed(node?.options ?? [], 'sequence_name');
  return name !== undefined && 'List' in name ? wordsOf(name.List.items).at(-1) : undefined;
}

export function isSerial(type: TypeName | undefined): boolean {
  const words = wordsOf(type?.names);
  return words.length === 1 && /^(?:big|small)?serial[248]?$/.test(words[0] ?? '');
}

/** Of a column; those within expressions are not told apart (HIDDEN). */
export function useCollation(nodes: readonly Node[] | undefined, scope: Scope): void {
  if (nodes === undefined) return;
  const words = wordsOf(nodes);
  const name = words.at(-1) ?? '';
  for (const schema of words.length > 1 ? [words.at(-2) ?? ''] : scope.path) {
    if (schema === 'pg_catalog') continue;
    scope.useSlot(`collation ${schema}.${name}`);
    const collation = scope.catalog.plainNamed('collation', schema, name);
    if (collation !== undefined) scope.use(collation.id);
  }
}

export function emptyRelation({ id, schema, name }: TableName, kind: Relation['kind']): Relation {
  return {
    class: 'relation',
    id,
    kind,
    schema,
    name,
    columns: [],
    parents: [],
    constraints: [],
    triggers: [],
    rules: [],
    policies: [],
  };
}
