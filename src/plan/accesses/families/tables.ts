import type {
  Constraint as ConstraintNode,
  CreateStmt,
  Node,
  OnCommitAction,
  RangeVar,
  TableLikeClause,
} from 'libpg-query';
import { isIndex, type Catalog } from '../../catalog/catalog.js';
import { TEMPORARY } from '../../catalog/names.js';
import type { Column, Constraint, Relation } from '../../catalog/objects.js';
import { unlistedTypes } from '../result-types.js';
import type { Scope } from '../scope.js';
import type { ScriptSession } from '../script-session.js';
import { constraintsOf, emptyRelation, newColumn, newConstraint, ownedSequence } from './columns.js';
import type { TableName } from '../auto-names.js';
import { takeNames } from './constraint-names.js';
import { copyIndex, followKeys, inheritedConstraints, lockTargets, useReferrers } from './partitions.js';
import { keyNotNull } from './not-null.js';
import type { Rules } from './rule.js';

/** CREATE TABLE. Source: src/backend/parser/parse_utilcmd.c, src/backend/commands/tablecmds.c. */
export const TABLE_RULES: Rules = {
  CreateStmt: (node, scope, session) => {
    createTable(node, scope, node.partspec === undefined ? 'table' : 'partitioned table');
    dropAtCommit(node.relation, node.oncommit, { scope, session });
  },
  CreateForeignTableStmt: ({ base, servername = '' }, scope) => {
    if (base === undefined) return;
    scope.useSlot(`foreign server .${servername}`);
    const server = scope.catalog.plainNamed('foreign server', '', servername);
    if (server !== undefined) scope.use(server.id);
    createTable(base, scope, 'foreign table');
  },
};

function createTable(node: CreateStmt, scope: Scope, kind: Relation['kind']): void {
  const { relation: range } = node;
  if (range === undefined) return;
  scope.ddl();
  const schema = scope.schemaFor(range);
  const name = range.relname ?? '';
  const taken = scope.taken(schema, name);
  if (taken !== undefined) {
    // It fails, or with IF NOT EXISTS does nothing; both need what is there.
    scope.useSlot(`relation ${schema}.${name}`);
    scope.use(taken.id);
    return;
  }
  const id = scope.fresh(kind, schema, name);
  const table = { id, schema, name };
  defineRelationSlots(scope, table);
  // Tables that it is made of are found before it stands in front of them.
  const parts = inherited(node, schema, scope);
  const sources = likeSources(node, scope);
  // The sequences and indexes that come with it choose their names when the table has its own.
  scope.catalog.put(emptyRelation(table, kind));
  for (const element of node.tableElts ?? []) addElement(element, { table, parts, sources }, scope);
  for (const constraint of constraintsOf(node.constraints))
    addConstraint(constraint, { table, parts }, scope);
  takeNames(parts.constraints, schema, scope);
  withIdentity(scope, table, parts);
  if (node.partbound !== undefined) {
    scope.run(node.partbound);
    copyForPartition(table, parts, scope);
  }
  const partitionKey = node.partspec === undefined ? undefined : scope.bind(node.partspec);
  if (partitionKey !== undefined) scope.store(partitionKey);
  scope.touch.add(id, 'define');
  scope.catalog.put({
    ...emptyRelation(table, kind),
    columns: parts.columns,
    constraints: parts.constraints,
    parents: parts.parents,
    ...(node.partbound === undefined ? {} : { isPartition: true }),
    ...(partitionKey === undefined ? {} : { partitionKey }),
    ...(parts.types.size === 0 ? {} : { types: [...parts.types] }),
    ...(parts.ofType === undefined ? {} : { ofType: parts.ofType }),
  });
}

/**
 * ON COMMIT DROP: behind the block its name means what it meant before, and outside of a block at once.
 * src/backend/commands/tablecmds.c, PreCommit_on_commit_actions.
 */
export function dropAtCommit(
  range: RangeVar | undefined,
  action: OnCommitAction | undefined,
  { scope, session }: { readonly scope: Scope; readonly session: ScriptSession },
): void {
  if (range === undefined || action !== 'ONCOMMIT_DROP') return;
  const table = scope.catalog.relationNamed(TEMPORARY, range.relname ?? '');
  if (table === undefined) return;
  session.droppedAtCommit.add(table.id);
  if (!session.isInBlock) dropAllAtCommit(scope.catalog, session);
}

/** The block that is open commits. */
export function dropAllAtCommit(catalog: Catalog, { droppedAtCommit }: ScriptSession): void {
  for (const id of droppedAtCommit) {
    for (const part of catalog.dependents(id))
      if (part.class === 'relation' && part.table === id) catalog.remove(part.id);
    catalog.remove(id);
  }
  droppedAtCommit.clear();
}

/** A relation's name is a type's name too, and its array type takes the one with an underscore. */
export function defineRelationSlots(scope: Scope, { schema, name }: TableName): void {
  scope.defineSlot('relation', schema, name);
  scope.defineSlot('type', schema, name);
  scope.defineSlot('type', schema, `_${name}`);
}

interface Parts {
  readonly columns: Column[];
  readonly constraints: Constraint[];
  readonly parents: number[];
  readonly identities: string[];
  /** Of columns that come from somewhere and are not known one by one. */
  readonly types: Set<number>;
  ofType: number | undefined;
}

/** What comes from other tables: INHERITS, PARTITION OF, OF. */
function inherited(node: CreateStmt, schema: string, scope: Scope): Parts {
  const parts: Parts = {
    columns: [],
    constraints: [],
    parents: [],
    identities: [],
    types: new Set(),
    ofType: undefined,
  };
  for (const parent of node.inhRelations ?? []) {
    const relation = 'RangeVar' in parent ? scope.relation(parent.RangeVar) : undefined;
    if (relation === undefined) continue;
    // The default partition is scanned, and the parent gets a new heir: src/backend/commands/tablecmds.c, DefineRelation.
    scope.defineTree(relation);
    for (const above of scope.follower.ancestors(relation)) scope.define(above);
    for (const heir of scope.follower.heirs(relation))
      scope.follower.relation({ id: heir.id, operation: 'read', isOnly: true });
    for (const above of [relation, ...scope.follower.ancestors(relation)])
      takeNames(above.constraints, schema, scope);
    if (node.partbound !== undefined) {
      followKeys(relation, scope);
      lockTargets(relation, scope);
    }
    parts.parents.push(relation.id);
    parts.columns.push(...relation.columns);
    for (const type of unlistedTypes(relation, scope.catalog)) parts.types.add(type);
  }
  const { ofTypename } = node;
  if (ofTypename !== undefined) parts.ofType = scope.type(ofTypename)?.id;
  return parts;
}

/** Tables of LIKE, by their clauses. */
type Sources = ReadonlyMap<TableLikeClause, Relation>;

function likeSources({ tableElts = [] }: CreateStmt, scope: Scope): Sources {
  const sources = new Map<TableLikeClause, Relation>();
  for (const element of tableElts) {
    const source =
      'TableLikeClause' in element ? scope.relation(element.TableLikeClause.relation) : undefined;
    if (source !== undefined && 'TableLikeClause' in element) sources.set(element.TableLikeClause, source);
  }
  return sources;
}

function addElement(
  element: Node,
  { table, parts, sources }: { readonly table: TableName; readonly parts: Parts; readonly sources: Sources },
  scope: Scope,
): void {
  if ('ColumnDef' in element) {
    const { column, constraints } = newColumn(element.ColumnDef, table, scope);
    const at = parts.columns.findIndex(({ name }) => name === column.name);
    if (at < 0) parts.columns.push(column);
    else parts.columns[at] = { ...parts.columns[at], ...column };
    parts.constraints.push(...constraints);
  } else if ('Constraint' in element) addConstraint(element.Constraint, { table, parts }, scope);
  else if ('TableLikeClause' in element) {
    const source = sources.get(element.TableLikeClause);
    if (source !== undefined)
      like(source, { table, parts, options: element.TableLikeClause.options ?? 0 }, scope);
  }
}

/** LIKE: with INCLUDING, much more than the columns; all of it is read off the other table as it is now. */
function like(
  source: Relation,
  { table, parts, options }: { readonly table: TableName; readonly parts: Parts; readonly options: number },
  scope: Scope,
): void {
  // It must not overlap with what adds to those, or sets them, without being a definition.
  if ((options & (COMMENTS | INDEXES | STATISTICS)) !== 0) scope.touch.add(source.id, 'maintain');
  for (const column of source.columns) {
    const { name, type, expression, isIdentity = false, isGenerated = false } = column;
    for (const { id } of expression?.relations ?? []) scope.use(id);
    const plain = { name, ...(type === undefined ? {} : { type }) };
    if (isIdentity) {
      if ((options & IDENTITY) !== 0) parts.identities.push(name);
      parts.columns.push(plain);
    } else {
      // A serial column's default goes on drawing from the other table's sequence.
      const isCopied = (options & (isGenerated ? GENERATED : DEFAULTS)) !== 0;
      parts.columns.push(isCopied ? column : plain);
    }
  }
  for (const type of unlistedTypes(source, scope.catalog)) {
    scope.use(type);
    parts.types.add(type);
  }
  const hasStatistics = scope.catalog
    .dependents(source.id)
    .some((part) => part.class === 'plain' && part.kind === 'statistics');
  if ((options & STATISTICS) !== 0 && hasStatistics)
    scope.touch.unknown.push('LIKE copies statistics, whose names are not followed');
  // Those of NOT NULL come along under the names that they have, whatever is said.
  const constraints = inheritedConstraints([source, ...scope.follower.ancestors(source)]);
  parts.constraints.push(
    ...constraints.filter(
      ({ type }) => type === 'not null' || (type === 'check' && (options & CONSTRAINTS) !== 0),
    ),
  );
  if ((options & INDEXES) !== 0) copyIndexes(source, { table, parts }, scope);
  if ((options & COMMENTS) === 0) return;
  for (const part of scope.catalog.dependents(source.id))
    if (part.class === 'plain' || isIndex(part)) scope.touch.add(part.id, 'maintain');
}

/** src/include/nodes/parsenodes.h: CREATE_TABLE_LIKE_… */
const [COMMENTS, CONSTRAINTS, DEFAULTS, GENERATED] = [1, 4, 8, 16] as const;
const [IDENTITY, INDEXES, STATISTICS] = [32, 64, 128] as const;

/** They are named anew, for the new table. */
function copyIndexes(
  source: Relation,
  { table, parts }: { readonly table: TableName; readonly parts: Pick<Parts, 'constraints'> },
  scope: Scope,
): void {
  for (const index of scope.catalog.indexes(source.id)) {
    scope.use(index.id);
    const constraint = copyIndex(index, { of: source, table }, scope);
    if (constraint !== undefined) parts.constraints.push(constraint);
  }
}

/**
 * A partition gets an index for each of its parent's. Each foreign key that leads to the parent gets one more, to the partition,
 * named after its own table and columns as they are called then.
 *
 * Source: src/backend/commands/tablecmds.c, DefineRelation and addFkRecurseReferenced.
 */
function copyForPartition(table: TableName, parts: Parts, scope: Scope): void {
  const parents = parts.parents.flatMap((id) => scope.catalog.relation(id) ?? []);
  for (const parent of parents) {
    copyIndexes(parent, { table, parts }, scope);
    useReferrers(parent, scope);
  }
}

/** Identity columns that were copied draw from a sequence of their own. */
function withIdentity(scope: Scope, table: TableName, { columns, identities }: Parts): void {
  for (const name of identities) {
    const at = columns.findIndex((column) => column.name === name);
    columns[at] = { ...columns[at], name, isIdentity: true, expression: ownedSequence(scope, table, name) };
  }
}

function addConstraint(
  node: ConstraintNode,
  {
    table,
    parts: { constraints },
  }: { readonly table: TableName; readonly parts: Pick<Parts, 'constraints'> },
  scope: Scope,
): void {
  const constraint = newConstraint(node, { table }, scope);
  if (constraint !== undefined)
    constraints.push(constraint, ...keyNotNull(constraint, { constraints, table }, scope));
}
