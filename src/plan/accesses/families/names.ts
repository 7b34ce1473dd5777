import type { AlterObjectSchemaStmt, DropStmt, Node, ObjectWithArgs, RenameStmt } from 'libpg-query';
import type { CatalogObject, Constraint, Relation, Routine } from '../../catalog/objects.js';
import { HIDDEN } from '../follow.js';
import { nameOf } from '../mentions.js';
import type { Scope } from '../scope.js';
import { rangeName, wordsOf } from '../walk.js';
import { usesOf } from './alter-table.js';
import { cascadeOf, partitionedAbove, withoutKeys } from './cascade.js';
import { takeNames } from './constraint-names.js';
import { aKind, isFollowed, kindText, RELATION_KINDS, ROUTINE_KINDS, TYPE_KINDS } from './kinds.js';
import { defineSlotOf, move } from './move.js';
import { doubtCopies, useReferrers } from './partitions.js';
import { renamePart } from './rename-part.js';
import type { Rules } from './rule.js';
import { defineRelationSlots } from './tables.js';

/** DROP, RENAME and SET SCHEMA of relations, functions and types; of anything else they are unknown. */
export const NAME_RULES: Rules = {
  DropStmt: drop,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  /** What is there already stays as it is; what it makes otherwise, its own script says. */
  CreateExtensionStmt: ({ extname = '', if_not_exists: mayExist }, scope) => {
    scope.ddl();
    const before = scope.catalog.plainNamed('extension', '', extname);
    if (before !== undefined && mayExist === true) scope.use(before.id);
    else scope.touch.unknown.push('CREATE EXTENSION runs the extension’s own script');
  },
  CreateSchemaStmt: ({ schemaname = '', schemaElts = [], if_not_exists: mayExist }, scope) => {
    scope.ddl();
    if (schemaElts.length > 0) scope.touch.unknown.push('CREATE SCHEMA with objects in it');
    const before = scope.catalog.plainNamed('schema', '', schemaname);
    if (before !== undefined && mayExist === true) {
      scope.useSlot(`schema .${schemaname}`);
      scope.use(before.id);
      return;
    }
    scope.create(
      {
        class: 'plain',
        kind: 'schema',
        id: scope.fresh('schema', '', schemaname),
        schema: '',
        name: schemaname,
        refers: [],
      },
      'schema',
    );
  },
};

const PART_KINDS: ReadonlySet<string> = new Set(['OBJECT_TRIGGER', 'OBJECT_RULE', 'OBJECT_POLICY']);

function drop(node: DropStmt, scope: Scope): void {
  scope.ddl();
  const { removeType = 'OBJECT_TABLE', objects = [], behavior, concurrent } = node;
  if (concurrent === true) scope.touch.alone.push('DROP INDEX CONCURRENTLY waits for older transactions');
  const found = objects.flatMap((object) => {
    const named = objectsNamed(object, removeType, scope);
    // It fails, or it is something that came about in a way that is not followed.
    if (named.length === 0 && node.missing_ok !== true && isFollowed(removeType))
      scope.touch.unknown.push(`nothing is known of the ${kindText(removeType)} that it drops`);
    return named;
  });
  if (PART_KINDS.has(removeType)) {
    dropParts(objects, removeType, scope);
    return;
  }
  if (removeType === 'OBJECT_SCHEMA' && objects.every((object) => isNoSchema(object, scope))) return;
  if (!isFollowed(removeType)) {
    scope.touch.unknown.push(`DROP of ${aKind(removeType)}`);
    return;
  }
  if (behavior === 'DROP_CASCADE') dropOthers(found, scope);
  const named = objects.flatMap((object) => ('ObjectWithArgs' in object ? object.ObjectWithArgs : []));
  for (const object of found) {
    const mayStay = object.class === 'routine' && !named.some((one) => isMeant(object, one));
    dropObject(object, scope, mayStay);
  }
}

/** What depends on what is dropped. */
function dropOthers(dropped: readonly CatalogObject[], scope: Scope): void {
  if (!dropped.some((object) => hasOthers(object, scope))) return;
  const isOfRelations = dropped.every((object) => object.class === 'relation');
  const cascade = isOfRelations ? cascadeOf(dropped, scope, goesWith) : undefined;
  if (cascade === undefined) {
    scope.touch.unknown.push('DROP … CASCADE, which drops what depends on it');
    return;
  }
  for (const one of cascade.kept) {
    scope.defineTree(one.table);
    takeNames(one.lost, one.table.schema, scope);
    for (const target of targetsOf(one.lost, scope)) scope.defineTree(target);
    scope.catalog.put(withoutKeys(one));
  }
  for (const view of cascade.views) dropObject(view, scope);
}

/** Nothing of the name is there: DROP … IF EXISTS. */
function isNoSchema(object: Node, scope: Scope): boolean {
  const name = 'String' in object ? (object.String.sval ?? '') : '';
  scope.useSlot(`schema .${name}`);
  return scope.catalog.plainNamed('schema', '', name) === undefined;
}

export function objectsNamed(object: Node, kind: string, scope: Scope): readonly CatalogObject[] {
  if (RELATION_KINDS.has(kind)) {
    const name = nameOf('List' in object ? wordsOf(object.List.items) : []);
    const relation = scope.relation(name, { missingOk: true });
    return relation === undefined ? [] : [relation];
  }
  if (ROUTINE_KINDS.has(kind)) {
    const words = 'ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname) : [];
    scope.useTypes(object);
    return scope.routines(nameOf(words));
  }
  if (TYPE_KINDS.has(kind)) {
    const words =
      'TypeName' in object ? object.TypeName.names : 'List' in object ? object.List.items : undefined;
    const type = scope.typeNamed(words);
    return type === undefined ? [] : [type];
  }
  return [];
}

/** One that takes another number of arguments is another one: IF EXISTS finds nothing then. */
function isMeant(
  { arguments: own }: Routine,
  { args_unspecified: isAny, objargs = [] }: ObjectWithArgs,
): boolean {
  return isAny === true || objargs.length === (own === '' ? 0 : own.split(', ').length);
}

/** Who depends on it, or on one of its parts, without being a part of it. */
function hasOthers(object: CatalogObject, scope: Scope, whole = object): boolean {
  // Operators, casts and the like are not told apart.
  if (scope.catalog.hidden.has(object.id)) return true;
  if (partitionedAbove(object, scope).some(({ id }) => scope.catalog.referrers(id).length > 0)) return true;
  return scope.catalog
    .dependents(object.id)
    .some((other) => other.id !== whole.id && (!goesWith(other, object) || hasOthers(other, scope, whole)));
}

/** What is dropped with it: its parts, and statistics, which have a name and a schema of their own. */
function goesWith(other: CatalogObject, of: CatalogObject): boolean {
  return (
    isPart(other, of) || (other.class === 'plain' && other.kind === 'statistics' && of.class === 'relation')
  );
}

/** Indexes of a table, sequences of its columns, the relation that a composite type is: they move with it. */
function isPart(other: CatalogObject, of: CatalogObject): boolean {
  if (other.class !== 'relation') return false;
  return other.table === of.id || (other.kind === 'composite type' && other.ofType === of.id);
}

function dropObject(object: CatalogObject, scope: Scope, mayStay = false): void {
  const { catalog } = scope;
  if (object.class === 'type' && object.kind === 'range')
    scope.touch.unknown.push('DROP of a range, which takes its multirange along');
  scope.define(object);
  defineSlotOf(object, scope);
  if (object.class === 'relation') {
    dropRelation(object, scope);
    dropTriggersFrom(object, scope);
  }
  if (object.class === 'type') takeNames(object.constraints ?? [], object.schema, scope);
  for (const part of catalog.dependents(object.id)) if (goesWith(part, object)) dropObject(part, scope);
  if (object.class === 'routine') scope.touch.named(HIDDEN, 'use');
  for (const other of catalog.dependents(object.id)) scope.use(other.id);
  // Which of the overloads goes is not looked at: all stay, which is more than there is.
  const isOverloaded =
    object.class === 'routine' && catalog.routinesNamed(object.schema, object.name).length > 1;
  if (mayStay || isOverloaded) return;
  catalog.remove(object.id);
}

/** Constraint triggers of other tables that look at this one. */
function dropTriggersFrom({ id }: Relation, scope: Scope): void {
  for (const other of scope.catalog.dependents(id)) {
    if (other.class !== 'relation' || !other.triggers.some(({ from }) => from === id)) continue;
    scope.defineTree(other);
    scope.catalog.put({ ...other, triggers: other.triggers.filter(({ from }) => from !== id) });
  }
}

function dropRelation(relation: Relation, scope: Scope): void {
  usesOf(relation, scope);
  defineRelationSlots(scope, relation);
  for (const parent of scope.follower.ancestors(relation)) {
    scope.define(parent);
    if (relation.isPartition === true) useReferrers(parent, scope);
  }
  for (const { constraints } of [relation, ...scope.follower.ancestors(relation)])
    takeNames(constraints, relation.schema, scope);
  for (const heir of scope.follower.heirs(relation)) if (heir.isPartition === true) dropObject(heir, scope);
  for (const target of targetsOf(relation.constraints, scope)) scope.define(target);
  const table = relation.table === undefined ? undefined : scope.catalog.relation(relation.table);
  if (table !== undefined) scope.defineTree(table);
  if (relation.kind === 'index') doubtCopies(relation, scope);
}

/** The tables whose triggers go with foreign keys. */
function targetsOf(constraints: readonly Constraint[], { catalog }: Scope): readonly Relation[] {
  return constraints.flatMap((constraint) => {
    const target = constraint.type === 'foreign key' ? catalog.relation(constraint.target) : undefined;
    return target === undefined ? [] : [target];
  });
}

/** Triggers, rules and policies are parts of their table; a foreign key's table that they lead to is not changed. */
function dropParts(objects: readonly Node[], kind: string, scope: Scope): void {
  for (const object of objects) {
    const words = 'List' in object ? wordsOf(object.List.items) : [];
    const table = scope.relation(nameOf(words.slice(0, -1)), { missingOk: true });
    if (table === undefined) continue;
    scope.defineTree(table);
    usesOf(table, scope);
    const dropped = words.at(-1) ?? '';
    const isOther = ({ name }: { readonly name: string }): boolean => name !== dropped;
    // A constraint trigger's name is a constraint's.
    if (kind === 'OBJECT_TRIGGER') takeNames([{ name: dropped }], table.schema, scope);
    scope.catalog.put({
      ...table,
      ...(kind === 'OBJECT_TRIGGER' ? { triggers: table.triggers.filter(isOther) } : {}),
      ...(kind === 'OBJECT_RULE' ? { rules: table.rules.filter(isOther) } : {}),
      ...(kind === 'OBJECT_POLICY' ? { policies: table.policies.filter(isOther) } : {}),
    });
  }
}

function rename(node: RenameStmt, scope: Scope): void {
  scope.ddl();
  const { renameType = 'OBJECT_TABLE', relation: range, subname = '', newname = '', object } = node;
  if (RELATION_KINDS.has(renameType) && range !== undefined) {
    const relation = scope.relation(range, { missingOk: node.missing_ok === true });
    if (relation !== undefined) move(relation, { schema: relation.schema, name: newname }, scope);
    return;
  }
  if (renameType === 'OBJECT_ATTRIBUTE')
    scope.touch.unknown.push('RENAME ATTRIBUTE changes what depends on the type');
  if (range !== undefined) {
    renamePart(renameType, { name: rangeName(range), from: subname, to: newname }, scope);
    return;
  }
  const found = object === undefined ? [] : objectsNamed(object, renameType, scope);
  const [only, second] = found;
  if (only === undefined || second !== undefined || only.class === 'relation')
    scope.touch.unknown.push(`RENAME of ${aKind(renameType)}`);
  else {
    move(only, { schema: only.schema, name: newname }, scope);
    for (const part of scope.catalog.dependents(only.id))
      if (isPart(part, only)) move(part, { schema: only.schema, name: newname }, scope);
  }
}

function setSchema(node: AlterObjectSchemaStmt, scope: Scope): void {
  scope.ddl();
  const { objectType = 'OBJECT_TABLE', relation: range, object, newschema = '' } = node;
  scope.creationSchema(newschema);
  const relation =
    range === undefined ? undefined : scope.relation(range, { missingOk: node.missing_ok === true });
  const found =
    range !== undefined
      ? [relation].flatMap((one) => one ?? [])
      : object === undefined
        ? []
        : objectsNamed(object, objectType, scope);
  if (found.length !== 1 && relation === undefined)
    scope.touch.unknown.push(`SET SCHEMA of ${aKind(objectType)}`);
  for (const one of found) {
    move(one, { schema: newschema, name: one.name }, scope);
    for (const part of scope.catalog.dependents(one.id))
      if (isPart(part, one)) move(part, { schema: newschema, name: part.name }, scope);
  }
}
