import type { InsertUse } from '../catalog/bound.js';
import type { Column, Constraint, ForeignKey, Relation, RowEvent } from '../catalog/objects.js';
import type { Following } from './following.js';
import { TAKES_DEFAULTS } from './insert-use.js';
import { ownTypes } from './result-types.js';

/**
 * INSERT, UPDATE and DELETE: what a change of a table's rows does beside the change itself.
 *
 * Sources: src/backend/rewrite/rewriteHandler.c (rules, views), src/backend/commands/trigger.c,
 * src/backend/utils/adt/ri_triggers.c (foreign keys), src/backend/executor/execPartition.c (rows that move).
 */
export interface RowChange {
  readonly event: Exclude<RowEvent, 'truncate'>;
  readonly isOnly: boolean;
  readonly insert: InsertUse | undefined;
}

export function rowChange(follower: Following, relation: Relation, change: RowChange): void {
  if (relation.kind === 'view') changeOfView(follower, relation, change);
  else changeOfTable(follower, relation, change);
}

/** Its own triggers and rules; and, since a plain view passes the change on, the same to what it is made of. */
function changeOfView(follower: Following, view: Relation, change: RowChange): void {
  const { touch } = follower;
  touch.add(view.id, 'use');
  if (touch.follows('view')) follower.bound(view.query);
  triggersAndRules(follower, view, change.event);
  defaults(follower, view, change);
  if (change.event === 'insert') columnTypes(follower, view);
  const isReplaced =
    view.triggers.some(({ isInstead, events }) => isInstead && events.includes(change.event)) ||
    view.rules.some(
      ({ isInstead, isConditional, event }) => isInstead && !isConditional && event === change.event,
    );
  if (isReplaced || !touch.follows('view')) return;
  const insert = change.insert === undefined ? undefined : passedOn(change.insert);
  for (const { id, operation } of view.query?.relations ?? []) {
    if (operation !== 'read') continue;
    follower.relation({
      id,
      operation: change.event,
      isOnly: false,
      ...(insert === undefined ? {} : { insert }),
    });
  }
}

/** Columns of a view have names of their own: any default of the table may be taken. */
function passedOn({ onConflict }: InsertUse): InsertUse {
  return { columns: [], hasDefaults: true, onConflict, overridesUser: false };
}

function changeOfTable(follower: Following, relation: Relation, change: RowChange): void {
  const { touch } = follower;
  const heirs = change.event === 'insert' && !isPartitioned(relation) ? [] : follower.heirs(relation);
  const tables = change.isOnly && !isPartitioned(relation) ? [relation] : [relation, ...heirs];
  for (const above of follower.ancestors(relation)) touch.add(above.id, 'use');
  for (const table of tables) oneTable(follower, table, change);
}

function oneTable(follower: Following, table: Relation, change: RowChange): void {
  const { touch } = follower;
  const { event } = change;
  if (!follower.firstTime(`rows ${event} ${table.id} ${JSON.stringify(change.insert ?? null)}`)) return;
  touch.add(table.id, event === 'insert' ? insertMode(follower, table, change.insert) : 'write');
  triggersAndRules(follower, table, event);
  if (touch.follows('policy')) for (const { expressions } of table.policies) follower.bound(expressions);
  if (event !== 'delete') newRows(follower, table, change);
  // A row that moves to another partition is deleted here and inserted there.
  if (event === 'update' && (isPartitioned(table) || table.isPartition === true))
    for (const moved of ['insert', 'delete'] as const) triggersAndRules(follower, table, moved);
  if (event !== 'insert') referencing(follower, table, event);
}

/** A partition has the triggers, constraints and indexes of the tables that it is a part of; an heir their CHECKs. */
function ownParts(follower: Following, table: Relation): readonly Relation[] {
  return table.parents.length === 0 ? [table] : [table, ...follower.ancestors(table)];
}

/** What is evaluated and looked up for every row that is new or changed. */
function newRows(follower: Following, table: Relation, change: RowChange): void {
  const { touch, catalog } = follower;
  defaults(follower, table, change);
  columnTypes(follower, table);
  for (const part of ownParts(follower, table))
    for (const constraint of part.constraints) {
      if (constraint.type === 'check' && touch.follows('check')) follower.bound(constraint.expression);
      if (isLookedAfter(constraint, part, follower) && touch.follows('foreign key parent'))
        follower.relation({ id: constraint.target, operation: 'read', isOnly: false });
    }
  if (touch.follows('check')) {
    follower.bound(table.partitionKey);
    for (const above of follower.ancestors(table)) follower.bound(above.partitionKey);
  }
  if (touch.follows('index expression'))
    for (const { id } of ownParts(follower, table))
      for (const { expressions } of catalog.indexes(id)) follower.bound(expressions);
}

/** A domain has checks and perhaps a default. Columns of a view may be those of what it reads. */
export function columnTypes(follower: Following, relation: Relation): void {
  if (!follower.firstTime(`columns ${relation.id}`)) return;
  for (const { type } of relation.columns) if (type !== undefined) follower.type(type);
  for (const type of ownTypes(relation)) follower.type(type);
  for (const { id } of relation.query?.relations ?? []) {
    const source = follower.catalog.relation(id);
    if (source !== undefined) columnTypes(follower, source);
  }
}

/** Defaults of columns that the INSERT does not give or that are set to DEFAULT, and expressions of generated columns. */
function defaults(follower: Following, relation: Relation, { event, insert }: RowChange): void {
  const { touch } = follower;
  for (const [at, column] of relation.columns.entries()) {
    if (column.expression === undefined) continue;
    const path = column.isGenerated === true ? 'generated column' : 'default';
    const isTaken =
      column.isGenerated === true ||
      (event === 'insert' ? takesDefault(column, { at, insert, relation }) : insert?.hasDefaults === true);
    if (isTaken && touch.follows(path)) follower.bound(column.expression);
  }
}

function takesDefault(
  column: Column,
  {
    at,
    insert,
    relation,
  }: { readonly at: number; readonly insert: InsertUse | undefined; readonly relation: Relation },
): boolean {
  if (insert === undefined || insert.hasDefaults || insert.overridesUser) return true;
  if (insert.columns !== undefined) return !insert.columns.includes(column.name);
  return (
    insert.count === undefined ||
    at >= insert.count ||
    column.isSomewhere === true ||
    relation.kind === 'view'
  );
}

/** Rows that nobody can tell the order of are appended; where order may show, they are written. */
function insertMode(follower: Following, table: Relation, insert: InsertUse | undefined): 'append' | 'write' {
  if (follower.strictOrder) return 'write';
  if (insert !== undefined && insert.onConflict !== 'none') return 'write';
  const { constraints } = table;
  if (constraints.some((one) => one.type === 'index' && (one.isExclusion || one.isTemporal === true)))
    return 'write';
  return follower.mindsRefusal && canRefuse(follower, table) ? 'write' : 'append';
}

/** A unique index refuses whoever comes second. */
function canRefuse({ catalog }: Following, table: Relation): boolean {
  return (
    table.constraints.some(({ type }) => type === 'index') ||
    catalog.indexes(table.id).some(({ isUnique }) => isUnique === true)
  );
}

function triggersAndRules(
  follower: Following,
  relation: Relation,
  event: Exclude<RowEvent, 'truncate'>,
): void {
  const { touch, catalog } = follower;
  const triggers = ownParts(follower, relation)
    .filter((one) => !catalog.isSilent(one))
    .flatMap((one) => (one === relation ? one.triggers : one.triggers.filter(({ isRow }) => isRow)));
  for (const trigger of triggers) {
    if (!trigger.events.includes(event)) continue;
    if (trigger.routine !== undefined && touch.follows('trigger')) follower.routine(trigger.routine);
    if (touch.follows('trigger condition')) follower.bound(trigger.when);
  }
  if (touch.follows('rule'))
    for (const rule of relation.rules) if (rule.event === event) follower.bound(rule.actions);
}

/** Foreign keys that lead here, or to a table that this is a part of: their tables are looked at, or changed with it. */
function referencing(follower: Following, table: Relation, event: 'update' | 'delete'): void {
  if (!follower.touch.follows('foreign key child')) return;
  for (const target of [table, ...follower.ancestors(table)])
    for (const child of follower.catalog.referrers(target.id))
      for (const constraint of child.constraints)
        if (isLookedAfter(constraint, target, follower) && constraint.target === target.id)
          refer(follower, child, { constraint, event });
}

/** A foreign key is, by triggers of the table whose rows change, unless they do not fire. */
function isLookedAfter(
  constraint: Constraint,
  table: Relation,
  { catalog, isReplica, touch: { session } }: Following,
): constraint is ForeignKey {
  if (constraint.type !== 'foreign key' || catalog.isSilent(table)) return false;
  // Triggers may have set something.
  if (!isReplica || session.has('rest') || session.has('unknown')) return true;
  return constraint.isAlways === true || catalog.hasAlwaysKeys;
}

function refer(
  follower: Following,
  child: Relation,
  { constraint, event }: { readonly constraint: ForeignKey; readonly event: 'update' | 'delete' },
): void {
  const action = event === 'delete' ? constraint.onDelete : constraint.onUpdate;
  const operation = action === 'check' ? 'read' : action === 'cascade' ? event : 'update';
  // SET DEFAULT evaluates the defaults, SET NULL does not.
  const insert = action === 'change' ? { insert: TAKES_DEFAULTS } : {};
  follower.relation({ id: child.id, operation, isOnly: false, ...insert });
}

function isPartitioned({ kind }: Relation): boolean {
  return kind === 'partitioned table';
}
