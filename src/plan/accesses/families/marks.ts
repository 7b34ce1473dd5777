import type { AccessMode } from '../../../model/access.js';
import type { CommentStmt, GrantStmt, Node } from 'libpg-query';
import { slotOf } from '../../catalog/catalog.js';
import type { CatalogObject } from '../../catalog/objects.js';
import { CATALOGS } from '../follow.js';
import { nameOf } from '../mentions.js';
import type { Scope } from '../scope.js';
import { wordsOf } from '../walk.js';
import { aKind, kindText, RELATION_KINDS } from './kinds.js';
import { objectsNamed } from './names.js';
import { useRole, useRoles } from './roles.js';
import type { Rules } from './rule.js';

/**
 * What is written on an object: its owner, rights, comments. Two of them on one object do not overlap ("tuple concurrently
 * updated"), and the last one stays.
 */
export const MARK_RULES: Rules = {
  GrantStmt: grant,
  AlterDefaultPrivilegesStmt: (_node, scope) => {
    scope.ddl();
    scope.touch.alone.push('ALTER DEFAULT PRIVILEGES is for all that is made after it');
  },
  AlterOwnerStmt: ({ objectType = 'OBJECT_TABLE', object, relation, newowner: owner }, scope) => {
    scope.ddl();
    scope.catalog.meetOthers();
    useRole(owner, scope);
    const table = relation === undefined ? undefined : scope.relation(relation);
    const found =
      table !== undefined ? [table] : object === undefined ? [] : named(object, objectType, scope);
    if (found.length === 0) scope.touch.alone.push(`OWNER TO of ${aKind(objectType)}`);
    mark(found, 'define', scope);
  },
  CommentStmt: comment,
  SecLabelStmt: ({ objtype = 'OBJECT_TABLE', object }, scope) =>
    comment({ objtype, ...(object === undefined ? {} : { object }) }, scope),
};

/** Objects, and the slot that their name lives in: overloads that are not told apart share it. */
function mark(objects: readonly CatalogObject[], mode: AccessMode, scope: Scope): void {
  for (const object of objects) {
    if (object.class === 'relation') {
      scope.touch.add(object.id, mode);
      const table = object.table === undefined ? undefined : scope.catalog.relation(object.table);
      if (table !== undefined) scope.touch.add(table.id, mode);
    } else {
      scope.touch.add(object.id, mode);
      scope.touch.named(`marks of ${slotOf(object)}`, 'write');
    }
  }
}

function grant(node: GrantStmt, scope: Scope): void {
  scope.ddl();
  const { targtype, objtype = 'OBJECT_TABLE', objects = [] } = node;
  useRoles(node.grantees, scope);
  useRole(node.grantor, scope);
  if (targtype !== 'ACL_TARGET_OBJECT') {
    scope.touch.alone.push('GRANT on all objects of a schema');
    return;
  }
  for (const object of objects) {
    const found =
      'RangeVar' in object
        ? [scope.relation(object.RangeVar)].flatMap((one) => one ?? [])
        : named(object, objtype, scope);
    // A view's rights count where it is read; those of a table for the tables behind a foreign key too.
    mark(found, 'define', scope);
    if (found.length === 0 && !('RangeVar' in object)) markByName(object, objtype, scope);
  }
}

/** Objects that the symbolic catalog does not keep (a database, a language, a server): by their names. */
function markByName(object: Node, kind: string, scope: Scope): void {
  const name =
    'String' in object
      ? (object.String.sval ?? '')
      : wordsOf('List' in object ? object.List.items : []).join('.');
  if (name === '') scope.touch.alone.push(`rights of ${aKind(kind)}`);
  scope.touch.named(`${kindText(kind)} ${name}`, 'write');
}

function named(object: Node, kind: string, scope: Scope): readonly CatalogObject[] {
  if (kind === 'OBJECT_SCHEMA') {
    const name = 'String' in object ? (object.String.sval ?? '') : '';
    scope.useSlot(`schema .${name}`);
    const schema = scope.catalog.plainNamed('schema', '', name);
    return schema === undefined ? [] : [schema];
  }
  return objectsNamed(object, kind, scope);
}

function comment(node: CommentStmt, scope: Scope): void {
  scope.ddl();
  const { objtype = 'OBJECT_TABLE', object } = node;
  if (object === undefined) return;
  if (PARTS.has(objtype)) {
    const words = wordsOf('List' in object ? object.List.items : []);
    const table = scope.relation(nameOf(words.slice(0, -1)));
    if (table !== undefined) scope.touch.add(table.id, 'maintain');
    return;
  }
  const found = named(object, objtype, scope);
  if (RELATION_KINDS.has(objtype) || found.length > 0) {
    if (found.length === 0) scope.touch.unknown.push(`nothing is known of the ${kindText(objtype)}`);
    mark(found, 'maintain', scope);
  } else {
    // Comments of anything else: one after another.
    scope.touch.named(`comments of ${aKind(objtype)}`, 'write');
    scope.touch.named(CATALOGS, 'append');
    if (!KEPT_BY_NAME.has(objtype)) scope.touch.alone.push(`a comment on ${aKind(objtype)}`);
  }
}

const PARTS: ReadonlySet<string> = new Set([
  'OBJECT_COLUMN',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
  'OBJECT_TABCONSTRAINT',
]);
/** They are there before the script, or made by statements that run alone. */
const KEPT_BY_NAME: ReadonlySet<string> = new Set([
  'OBJECT_EXTENSION',
  'OBJECT_DATABASE',
  'OBJECT_LANGUAGE',
  'OBJECT_SCHEMA',
]);
