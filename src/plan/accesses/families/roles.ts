import type { Node, RoleSpec } from 'libpg-query';
import type { Scope } from '../scope.js';
import type { Rules } from './rule.js';

/**
 * Roles. A new one concerns only who names it; any other change may change what others may do, through memberships and
 * rights, so it runs alone.
 */
export const ROLE_RULES: Rules = {
  CreateRoleStmt: ({ role = '', options = [] }, scope) => {
    scope.ddl();
    scope.defineSlot('role', '', role);
    if (options.length > 0 && JSON.stringify(options).includes('RoleSpec'))
      scope.touch.alone.push('CREATE ROLE … changes memberships');
    const known = scope.catalog.plainNamed('role', '', role);
    if (known !== undefined) {
      scope.use(known.id);
      return;
    }
    scope.create(
      { class: 'plain', kind: 'role', id: scope.fresh('role', '', role), schema: '', name: role, refers: [] },
      'role',
    );
  },
  AlterRoleStmt: (_node, scope) => alone('ALTER ROLE', scope),
  AlterRoleSetStmt: (_node, scope) => {
    alone('ALTER ROLE … SET', scope);
    scope.touch.unknown.push('ALTER ROLE … SET changes how sessions begin');
  },
  DropRoleStmt: ({ roles = [] }, scope) => {
    alone('DROP ROLE', scope);
    for (const node of roles) {
      const name = 'RoleSpec' in node ? (node.RoleSpec.rolename ?? '') : '';
      const role = scope.catalog.plainNamed('role', '', name);
      scope.defineSlot('role', '', name);
      if (role !== undefined) scope.catalog.remove(role.id);
    }
  },
  GrantRoleStmt: (_node, scope) => alone('memberships of roles', scope),
  DropOwnedStmt: (_node, scope) => void scope.touch.unknown.push('DROP OWNED drops whatever the role has'),
  ReassignOwnedStmt: (_node, scope) => alone('REASSIGN OWNED', scope),
};

function alone(what: string, scope: Scope): void {
  scope.ddl();
  scope.touch.alone.push(`${what} may change what others may do`);
}

export function useRole(role: RoleSpec | undefined, scope: Scope): void {
  if (role?.roletype === 'ROLESPEC_CSTRING') useRoleNamed(role.rolename ?? '', scope);
}

export function useRoles(nodes: readonly Node[] | undefined, scope: Scope): void {
  for (const node of nodes ?? []) if ('RoleSpec' in node) useRole(node.RoleSpec, scope);
}

export function useRoleNamed(name: string, scope: Scope): void {
  scope.useSlot(`role .${name}`);
  const role = scope.catalog.plainNamed('role', '', name);
  if (role !== undefined) scope.use(role.id);
}
