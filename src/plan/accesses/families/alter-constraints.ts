import type { AlterTableCmd, Node } from 'libpg-query';
import type { Constraint, Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import { constraintsOf, newConstraint } from './columns.js';
import { constraintsNamed, takeNames } from './constraint-names.js';
import { keyNotNull } from './not-null.js';
import { changeForeignKeys, doubtCopies, giveCopy, inheritedConstraints } from './partitions.js';

/** `ALTER TABLE ONLY … DROP CONSTRAINT`: the tables that inherit it have it as their own now. */
export function keepConstraint({ subtype, name }: AlterTableCmd, relation: Relation, scope: Scope): void {
  if (subtype !== 'AT_DropConstraint') return;
  const kept = inheritedConstraints([relation]).filter((one) => one.name === name);
  for (const heir of scope.follower.heirs(relation))
    scope.catalog.put({ ...heir, constraints: [...heir.constraints, ...kept] });
}

export function withConstraints(relation: Relation, added: readonly Constraint[], scope: Scope): Relation {
  takeNamesOf(relation, added, scope);
  return { ...relation, constraints: [...relation.constraints, ...added] };
}

export function dropNotNull(column: string, relation: Relation, scope: Scope): Relation {
  const isLost = (one: Constraint): boolean => one.type === 'not null' && one.column === column;
  takeNamesOf(relation, relation.constraints.filter(isLost), scope);
  return { ...relation, constraints: relation.constraints.filter((one) => !isLost(one)) };
}

function takeNamesOf(
  relation: Relation,
  constraints: readonly Pick<Constraint, 'name'>[],
  scope: Scope,
): void {
  for (const { schema } of [relation, ...scope.follower.heirs(relation)])
    takeNames(constraints, schema, scope);
}

/** Rows that are there are looked at. */
export function checkRows(constraint: Constraint, scope: Scope): void {
  if (constraint.type === 'check') scope.follow(constraint.expression);
  if (constraint.type === 'foreign key')
    scope.follower.relation({ id: constraint.target, operation: 'read', isOnly: false });
}

export function addConstraint(def: Node | undefined, relation: Relation, scope: Scope): Relation | undefined {
  const [node] = constraintsOf(def === undefined ? [] : [def]);
  const constraint = node === undefined ? undefined : newConstraint(node, { table: relation }, scope);
  if (constraint === undefined) return undefined;
  if (node?.skip_validation !== true) checkRows(constraint, scope);
  const current = scope.catalog.relation(relation.id) ?? relation;
  const { constraints: before } = current;
  const added = [constraint, ...keyNotNull(constraint, { constraints: before, table: relation }, scope)];
  const changed = withConstraints(current, added, scope);
  const index = constraint.type === 'index' ? scope.catalog.relation(constraint.index) : undefined;
  // It is built of the rows that are there.
  scope.follow(index?.expressions);
  if (index !== undefined)
    for (const part of scope.follower.heirs(relation))
      if (part.isPartition === true) giveCopy(index, { of: changed, to: part }, scope);
  return changed;
}

/**
 * Names that PostgreSQL chose may not be told apart: then all stay, which is more than there is. A partition has it from this table
 * alone, any other heir may have it of its own, too.
 */
export function dropConstraint(name: string, relation: Relation, scope: Scope): Relation {
  const { meant, isTold } = constraintsNamed(name, relation.constraints);
  const isLeft = (one: Constraint): boolean => !isTold || one.name !== name;
  takeNamesOf(relation, [{ name }], scope);
  // It may be that of an index.
  scope.defineSlot('relation', relation.schema, name);
  changeForeignKeys([{ constraints: meant }], scope);
  for (const constraint of meant) {
    const index =
      isTold && constraint.type === 'index' ? scope.catalog.relation(constraint.index) : undefined;
    if (index === undefined) continue;
    doubtCopies(index, scope);
    scope.catalog.remove(index.id);
  }
  for (const heir of scope.follower.heirs(relation))
    if (heir.isPartition === true)
      scope.catalog.put({ ...heir, constraints: heir.constraints.filter(isLeft) });
  return { ...relation, constraints: relation.constraints.filter(isLeft) };
}

export function validate(name: string, relation: Relation, scope: Scope): undefined {
  for (const table of [relation, ...scope.follower.heirs(relation)])
    for (const constraint of constraintsNamed(name, table.constraints).meant) checkRows(constraint, scope);
  return undefined;
}
