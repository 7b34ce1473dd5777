import type { InsertStmt, Node } from 'libpg-query';
import { QUICK_DEFINITIONS } from '../batch-key.js';
import type { Bound } from '../catalog/bound.js';
import type { Relation } from '../catalog/objects.js';
import { insertUse } from './insert-use.js';
import type { Scope } from './scope.js';
import { rangeName } from './walk.js';

/**
 * Whether a statement may stand in one Query message with others, which costs the server half of what a message each does.
 *
 * What runs for it must not be able to tell. Two things are the message's and not the statement's: its text (current_query(),
 * which audit triggers keep), and the time at which it came (now(), statement_timestamp()), which would be the same in all
 * its transactions. So no code of the user's may run, no default be evaluated, and no event trigger fire: rows of constants
 * into plain tables, and definitions that look at no rows.
 */
export function sharesMessage(node: Node, kind: string, scope: Scope): boolean {
  const { touch, catalog } = scope;
  if (touch.unknown.length + touch.undecided.length + touch.alone.length + touch.readsAll.length > 0)
    return false;
  if ('InsertStmt' in node) return isOfConstants(node.InsertStmt, scope);
  return QUICK_DEFINITIONS.has(kind) && !catalog.hasEventTriggers;
}

function isOfConstants(node: InsertStmt, { names, catalog }: Scope): boolean {
  const { relation: range, selectStmt, cols, onConflictClause, returningClause, withClause, override } = node;
  const others = onConflictClause ?? returningClause ?? withClause;
  if (range === undefined || others !== undefined || override !== 'OVERRIDING_NOT_SET') return false;
  const rows =
    selectStmt !== undefined && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt.valuesLists : undefined;
  if (rows?.every(isRowOfConstants) !== true) return false;
  const given = cols?.flatMap((one) =>
    'ResTarget' in one && one.ResTarget.indirection === undefined ? (one.ResTarget.name ?? '') : [],
  );
  if (given?.length !== cols?.length) return false;
  const { relation } = names.relation(rangeName(range));
  if (relation === undefined || !isPlainTable(relation)) return false;
  const { count = 0 } = insertUse(node, given);
  const isGiven = (name: string, at: number): boolean =>
    given === undefined ? at < count : given.includes(name);
  return (
    relation.columns.every(
      ({ name, type, expression, isGenerated, isSomewhere, looksUp }, at) =>
        type === undefined &&
        isGenerated !== true &&
        isSomewhere !== true &&
        looksUp !== true &&
        (expression === undefined || isGiven(name, at)),
    ) && catalog.indexes(relation.id).every(({ expressions }) => callsNothing(expressions))
  );
}

function isRowOfConstants(row: Node): boolean {
  return 'List' in row && (row.List.items ?? []).every((item) => 'A_Const' in item);
}

function isPlainTable(table: Relation): boolean {
  const { kind, triggers, rules, policies, parents, types, ofType, constraints } = table;
  return (
    kind === 'table' &&
    triggers.length + rules.length + policies.length + parents.length === 0 &&
    (types ?? []).length === 0 &&
    ofType === undefined &&
    constraints.every((one) => one.type !== 'other' && (one.type !== 'check' || callsNothing(one.expression)))
  );
}

/** Nothing of the user's. */
function callsNothing(bound: Bound | undefined): boolean {
  if (bound === undefined) return true;
  const { relations, routines, types, effects, unknown } = bound;
  return relations.length + routines.length + types.length + effects.length + unknown.length === 0;
}
