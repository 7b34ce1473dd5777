import type { AlterPolicyStmt, CreatePolicyStmt, RuleStmt } from 'libpg-query';
import type { Relation, RowEvent, Rule as RewriteRule } from '../../catalog/objects.js';
import { referredBy } from '../../catalog/bound.js';
import { TEMPORARY } from '../../catalog/names.js';
import { rowTypes } from '../result-types.js';
import type { Scope } from '../scope.js';
import { emptyRelation, stored } from './columns.js';
import { useRoles } from './roles.js';
import { buildIndexes } from './indexes.js';
import type { Rules } from './rule.js';
import { defineRelationSlots } from './tables.js';

/** Views, materialized views, rules and policies. */
export const VIEW_RULES: Rules = {
  ViewStmt: ({ view, query, replace, withCheckOption }, scope) => {
    if (view === undefined) return;
    scope.ddl();
    const bound = scope.bind(query);
    scope.store(bound);
    // It is temporary if one of its relations is (src/backend/commands/view.c, DefineView).
    const isTemporary = bound.relations.some(({ id }) => scope.catalog.relation(id)?.schema === TEMPORARY);
    const schema = scope.schemaFor(isTemporary ? { ...view, relpersistence: 't' } : view);
    const name = view.relname ?? '';
    const before = scope.taken(schema, name);
    if (before !== undefined && replace !== true) {
      scope.useSlot(`relation ${schema}.${name}`);
      scope.use(before.id);
      return;
    }
    const id = before?.id ?? scope.fresh('view', schema, name);
    defineRelationSlots(scope, { id, schema, name });
    scope.touch.add(id, 'define');
    if (withCheckOption !== undefined) scope.follow(undefined);
    const types = rowTypes(bound, query);
    scope.catalog.put({
      ...(before ?? emptyRelation({ id, schema, name }, 'view')),
      query: bound,
      ...(types.length === 0 ? {} : { types }),
    });
  },
  RefreshMatViewStmt: ({ relation: range, skipData }, scope) => {
    scope.changesCounts();
    const view = scope.relation(range);
    if (view === undefined) return;
    scope.touch.add(view.id, 'define');
    if (skipData !== true) scope.follow(view.query);
    buildIndexes([view], scope);
  },
  RuleStmt: createRule,
  CreatePolicyStmt: addPolicy,
  AlterPolicyStmt: addPolicy,
};

/** What ALTER POLICY does not give stays, so that both count; what it rested on before may be free. */
function addPolicy(
  {
    policy_name: name = '',
    table: range,
    qual,
    with_check: check,
    roles,
  }: CreatePolicyStmt | AlterPolicyStmt,
  scope: Scope,
): void {
  scope.ddl();
  const table = scope.relation(range);
  if (table === undefined) return;
  scope.defineTree(table);
  useRoles(roles, scope);
  const items = [qual, check].filter((expression) => expression !== undefined);
  const expressions = stored({ List: { items } }, scope);
  for (const before of table.policies)
    if (before.name === name) for (const id of referredBy(before.expressions)) scope.use(id);
  if (expressions !== undefined)
    scope.catalog.put({ ...table, policies: [...table.policies, { name, expressions }] });
}

function createRule(node: RuleStmt, scope: Scope): void {
  scope.ddl();
  const relation = scope.relation(node.relation);
  if (relation === undefined) return;
  scope.defineTree(relation);
  const bound = scope.bind([node.whereClause ?? {}, ...(node.actions ?? [])]);
  // OLD and NEW are names that only rules know.
  const known = {
    ...bound,
    unknown: bound.unknown.filter((reason) => !/relation (?:old|new)$/.test(reason)),
  };
  scope.store(known);
  const event = EVENTS[node.event ?? ''];
  if (event === undefined) {
    // ON SELECT: a table becomes a view by it (until PostgreSQL 16, which refuses it), a view another one.
    scope.catalog.put({ ...relation, kind: 'view', query: known });
    return;
  }
  const rule: RewriteRule = {
    name: node.rulename ?? '',
    event,
    isInstead: node.instead === true,
    isConditional: node.whereClause !== undefined,
    actions: known,
  };
  const others = relation.rules.filter(({ name }) => name !== rule.name || node.replace !== true);
  const changed: Relation = { ...relation, rules: [...others, rule] };
  scope.catalog.put(changed);
}

const EVENTS: Readonly<Record<string, RowEvent>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};
