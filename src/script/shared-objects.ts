import type { Node } from 'libpg-query';
import { nodeName } from './tree.js';

/**
 * Statements about what all databases of a server have in common: roles, tablespaces, the databases themselves, the server's
 * settings (PostgreSQL documentation, "System Catalogs": those shared across databases of a cluster).
 */

/** What it does to such an object, in words. What is done inside of functions and DO is not seen. */
export function sharedEffect(node: Node): string | undefined {
  const always = EFFECTS.get(nodeName(node));
  if (always !== undefined) return always;
  const type = TYPES.get(objectType(node) ?? '');
  return type === undefined ? undefined : `it changes a ${type}`;
}

/** By the name of its node alone: false when it is none of these for sure. */
export function mayShare(node: string): boolean {
  return EFFECTS.has(node) || OF_ANY_TYPE.has(node);
}

function objectType(node: Node): string | undefined {
  if ('GrantStmt' in node) return node.GrantStmt.objtype;
  if ('CommentStmt' in node) return node.CommentStmt.objtype;
  if ('SecLabelStmt' in node) return node.SecLabelStmt.objtype;
  if ('AlterOwnerStmt' in node) return node.AlterOwnerStmt.objectType;
  if ('RenameStmt' in node) return node.RenameStmt.renameType;
  return undefined;
}

const EFFECTS: ReadonlyMap<string, string> = new Map([
  ['CreateRoleStmt', 'it creates a role'],
  ['AlterRoleStmt', 'it changes a role'],
  ['AlterRoleSetStmt', 'it changes a role'],
  ['DropRoleStmt', 'it drops a role'],
  ['GrantRoleStmt', 'it grants or revokes a role'],
  ['CreateTableSpaceStmt', 'it creates a tablespace'],
  ['DropTableSpaceStmt', 'it drops a tablespace'],
  ['AlterTableSpaceOptionsStmt', 'it changes a tablespace'],
  ['CreatedbStmt', 'it creates a database'],
  ['DropdbStmt', 'it drops a database'],
  ['AlterDatabaseStmt', 'it changes a database'],
  ['AlterDatabaseSetStmt', 'it changes a database'],
  ['AlterDatabaseRefreshCollStmt', 'it changes a database'],
  ['AlterSystemStmt', 'it changes settings of the server'],
]);

const OF_ANY_TYPE: ReadonlySet<string> = new Set([
  'GrantStmt',
  'CommentStmt',
  'SecLabelStmt',
  'AlterOwnerStmt',
  'RenameStmt',
]);

const TYPES: ReadonlyMap<string, string> = new Map([
  ['OBJECT_DATABASE', 'database'],
  ['OBJECT_ROLE', 'role'],
  ['OBJECT_TABLESPACE', 'tablespace'],
]);
