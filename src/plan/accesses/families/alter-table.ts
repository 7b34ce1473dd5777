import type { AlterTableCmd, AlterTableStmt, ColumnDef, Node } from 'libpg-query';
import type { Bound } from '../../catalog/bound.js';
import type { Column, Relation } from '../../catalog/objects.js';
import { references } from '../../catalog/references.js';
import type { Scope } from '../scope.js';
import {
  addConstraint,
  checkRows,
  dropConstraint,
  dropNotNull,
  keepConstraint,
  validate,
  withConstraints,
} from './alter-constraints.js';
import {
  FIRES_ON_REPLICAS,
  HARMLESS,
  isKeptWhole,
  isSilenced,
  REWRITES,
  TAKES_ALONG,
} from './alter-kinds.js';
import { cacheOf, constraintsOf, useNameType, newColumn, ownedSequence, stored } from './columns.js';
import { dropColumn } from './drop-column.js';
import { buildIndexes } from './indexes.js';
import { notNull } from './not-null.js';
import {
  changeForeignKeys,
  changePartition,
  inheritedConstraints,
  isCircle,
  withIdentities,
} from './partitions.js';
import { useRole } from './roles.js';
import type { Rules } from './rule.js';

/**
 * ALTER TABLE, and what else PostgreSQL parses as such (ALTER INDEX, VIEW, SEQUENCE … OWNER TO). All define the relation and
 * its heirs, whatever their lock. What the symbolic catalog does not follow is unknown.
 *
 * Source: src/backend/commands/tablecmds.c, AlterTableGetLockLevel and ATPrepCmd.
 */
export const ALTER_TABLE_RULES: Rules = { AlterTableStmt: alterTable };

function alterTable(node: AlterTableStmt, scope: Scope): void {
  scope.ddl();
  if (node.objtype === 'OBJECT_TYPE') scope.touch.unknown.push('ALTER TYPE changes what depends on the type');
  const relation = scope.relation(node.relation, { missingOk: node.missing_ok === true });
  if (relation === undefined) return;
  scope.defineTree(relation);
  usesOf(isKeptWhole(node) ? withoutForeignKeys(relation) : relation, scope);
  for (const above of scope.follower.ancestors(relation)) scope.use(above.id);
  // An index is part of its table; a sequence that a column owns, too.
  const owner = relation.table === undefined ? undefined : scope.catalog.relation(relation.table);
  if (owner !== undefined) scope.define(owner);
  for (const command of node.cmds ?? []) {
    if (!('AlterTableCmd' in command)) continue;
    const current = scope.catalog.relation(relation.id) ?? relation;
    const changed = alter(command.AlterTableCmd, current, scope);
    if (changed === undefined) continue;
    scope.catalog.put(changed);
    if (node.relation?.inh === true) inheritColumn(command.AlterTableCmd, changed, scope);
    else keepConstraint(command.AlterTableCmd, current, scope);
  }
  if (isSilenced(node, relation, scope)) scope.catalog.silence(relation.id);
}

function withoutForeignKeys(relation: Relation): Relation {
  return { ...relation, constraints: relation.constraints.filter(({ type }) => type !== 'foreign key') };
}

/** The default or the type that a column has got, it has in the tables that inherit it, too. */
function inheritColumn({ subtype, name = '' }: AlterTableCmd, relation: Relation, scope: Scope): void {
  const column = relation.columns.find((one) => one.name === name);
  if (column === undefined) return;
  const change =
    subtype === 'AT_ColumnDefault'
      ? (own: Column) => withExpression(own, column.expression)
      : subtype === 'AT_AlterColumnType'
        ? (own: Column) => withType(own, column)
        : undefined;
  if (change === undefined) return;
  for (const heir of scope.follower.heirs(relation)) scope.catalog.put(withColumn(heir, name, change));
}

/** What a relation rests on must not go before; and what it rested on is used by what takes the rest away. */
export function usesOf(relation: Relation, scope: Scope): void {
  for (const id of references(relation)) scope.use(id);
}

function alter(command: AlterTableCmd, relation: Relation, scope: Scope): Relation | undefined {
  const { subtype = 'AT_AddColumn', def, name = '' } = command;
  if (REWRITES.has(subtype)) buildIndexes([relation], scope);
  if (TAKES_ALONG.has(subtype)) defineParts(relation, scope);
  // It may be that of a foreign key.
  if (FIRES_ON_REPLICAS.has(subtype)) scope.catalog.meetAlwaysKeys();
  if (HARMLESS.has(subtype) || REWRITES.has(subtype)) return undefined;
  if (command.behavior === 'DROP_CASCADE') {
    lost(`ALTER TABLE … CASCADE`, scope);
    return;
  }
  switch (subtype) {
    case 'AT_AddColumn':
      return def !== undefined && 'ColumnDef' in def && !isThere(command, def.ColumnDef, { relation, scope })
        ? addColumn(def.ColumnDef, relation, scope)
        : undefined;
    case 'AT_DropColumn':
      return dropColumn(name, relation, scope);
    case 'AT_ColumnDefault':
      return withColumn(relation, name, (column) => withDefault(column, def, scope));
    case 'AT_AlterColumnType':
      return def !== undefined && 'ColumnDef' in def
        ? changeType(def.ColumnDef, { relation, name }, scope)
        : undefined;
    case 'AT_SetNotNull':
      return withConstraints(
        relation,
        notNull([name], { constraints: relation.constraints, table: relation }, scope),
        scope,
      );
    case 'AT_DropNotNull':
      return dropNotNull(name, relation, scope);
    case 'AT_AddIdentity':
      return addIdentity(def, { relation, name }, scope);
    case 'AT_SetIdentity': {
      changeSequences(
        relation,
        { name, options: def !== undefined && 'List' in def ? (def.List.items ?? []) : [] },
        scope,
      );
      return;
    }
    case 'AT_AddConstraint':
      return addConstraint(def, relation, scope);
    case 'AT_DropConstraint':
      return dropConstraint(name, relation, scope);
    case 'AT_ValidateConstraint': {
      validate(name, relation, scope);
      return;
    }
    case 'AT_ChangeOwner': {
      changeOwner(command, scope);
      return;
    }
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return changeHeir(def, { relation, isAdded: subtype === 'AT_AddInherit' }, scope);
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      return changePartition(def, { relation, isAdded: subtype === 'AT_AttachPartition' }, scope);
    default: {
      lost(subtype.replace(/^AT_/, 'ALTER TABLE … '), scope);
      return;
    }
  }
}

function lost(what: string, scope: Scope): undefined {
  scope.touch.unknown.push(`${what}, whose effects are not followed`);
  return undefined;
}

/** ADD COLUMN IF NOT EXISTS. Columns may have come from a query or a type, or have stayed when the table's parent lost them. */
function isThere(
  { missing_ok: mayExist }: AlterTableCmd,
  { colname }: ColumnDef,
  { relation, scope }: { readonly relation: Relation; readonly scope: Scope },
): boolean {
  if (mayExist !== true) return false;
  const { columns, parents, ofType } = relation;
  const isKnown = columns.length > 0 && parents.length === 0 && ofType === undefined;
  if (!isKnown || columns.some(({ isSomewhere }) => isSomewhere === true))
    lost('ADD COLUMN IF NOT EXISTS of a table whose columns are not known', scope);
  return columns.some(({ name }) => name === colname);
}

function addColumn(definition: ColumnDef, relation: Relation, scope: Scope): Relation {
  const { column, constraints } = newColumn(definition, relation, scope);
  // The table is rewritten, or scanned: the default is evaluated for each row, and so is the check of a domain.
  scope.follow(column.expression);
  if (column.type !== undefined) scope.follower.type(column.type);
  for (const constraint of constraints) checkRows(constraint, scope);
  const heirs = scope.follower.heirs(relation);
  if (column.expression !== undefined || column.type !== undefined) buildIndexes([relation, ...heirs], scope);
  for (const heir of heirs) scope.catalog.put({ ...heir, columns: [...heir.columns, column] });
  const current = scope.catalog.relation(relation.id) ?? relation;
  return withConstraints({ ...current, columns: [...current.columns, column] }, constraints, scope);
}

/** Sequences that it owns go with it; what rests on it otherwise keeps it from going. */
function withColumn(relation: Relation, name: string, change: (column: Column) => Column): Relation {
  const isKnown = relation.columns.some((column) => column.name === name);
  const columns = isKnown ? relation.columns : [...relation.columns, { name, isSomewhere: true }];
  return {
    ...relation,
    columns: columns.map((column) => (column.name === name ? change(column) : column)),
  };
}

function withDefault(column: Column, def: Node | undefined, scope: Scope): Column {
  return withExpression(column, stored(def, scope));
}

function withExpression(column: Column, expression: Bound | undefined): Column {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
  const { expression: _before, ...rest } = column;
  return expression === undefined ? rest : { ...rest, expression };
}

function withType(column: Column, { type, looksUp }: Pick<Column, 'type' | 'looksUp'>): Column {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
  const { type: _type, looksUp: _looksUp, ...rest } = column;
  return {
    ...rest,
    ...(type === undefined ? {} : { type }),
    ...(looksUp === undefined ? {} : { looksUp }),
  };
}

function changeType(
  definition: ColumnDef,
  { relation, name }: { readonly relation: Relation; readonly name: string },
  scope: Scope,
): Relation {
  const type = scope.typeOrRelation(definition.typeName);
  if (definition.raw_default !== undefined) scope.run(definition.raw_default);
  if (type !== undefined) scope.follower.type(type);
  scope.follow(undefined);
  // The sequence of an identity column gets the type, too: src/backend/parser/parse_utilcmd.c, transformAlterTableStmt.
  if (relation.columns.some((one) => one.name === name && one.isIdentity === true))
    changeSequences(relation, { name, options: [] }, scope);
  const tables = [relation, ...scope.follower.heirs(relation)];
  for (const { constraints } of tables) for (const constraint of constraints) checkRows(constraint, scope);
  changeForeignKeys(tables, scope);
  for (const { id } of tables) for (const child of scope.catalog.referrers(id)) scope.defineTree(child);
  buildIndexes(tables, scope);
  const given = {
    ...(type === undefined ? {} : { type }),
    ...useNameType(definition.typeName, scope),
  };
  return withColumn(relation, name, (column) => withType(column, given));
}

function addIdentity(
  def: Node | undefined,
  { relation, name }: { readonly relation: Relation; readonly name: string },
  scope: Scope,
): Relation {
  const [options] = constraintsOf(def === undefined ? [] : [def]);
  const expression = ownedSequence(scope, relation, name, options);
  const changed = withColumn(relation, name, (column) => ({ ...column, isIdentity: true, expression }));
  for (const heir of scope.follower.heirs(relation))
    if (heir.isPartition === true) scope.catalog.put(withIdentities(heir, changed));
  return changed;
}

/** RESTART, SET INCREMENT … of an identity column. */
function changeSequences(
  relation: Relation,
  { name, options }: { readonly name: string; readonly options: readonly Node[] },
  scope: Scope,
): undefined {
  const column = relation.columns.find((one) => one.name === name);
  for (const { id } of column?.expression?.relations ?? []) {
    const sequence = scope.catalog.relation(id);
    if (sequence === undefined) continue;
    scope.define(sequence);
    scope.catalog.put({ ...sequence, ...cacheOf(options) });
  }
  return undefined;
}

function changeOwner({ newowner: owner }: AlterTableCmd, scope: Scope): undefined {
  scope.catalog.meetOthers();
  useRole(owner, scope);
  return undefined;
}

/** Its indexes, and the sequences that its columns own. */
function defineParts({ id }: Relation, scope: Scope): void {
  for (const part of scope.catalog.dependents(id))
    if (part.class === 'relation' && part.table === id) scope.define(part);
}

function changeHeir(
  def: Node | undefined,
  { relation, isAdded }: { readonly relation: Relation; readonly isAdded: boolean },
  scope: Scope,
): Relation | undefined {
  const parent = def !== undefined && 'RangeVar' in def ? scope.relation(def.RangeVar) : undefined;
  if (parent === undefined) return undefined;
  scope.define(parent);
  if (isAdded && isCircle(parent, relation, scope)) return undefined;
  const parents = relation.parents.filter((id) => id !== parent.id);
  if (isAdded) return { ...relation, parents: [...parents, parent.id] };
  const kept = inheritedConstraints([parent, ...scope.follower.ancestors(parent)]);
  return { ...relation, parents, constraints: [...relation.constraints, ...kept] };
}
