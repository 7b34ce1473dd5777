import type { TouchesDirective } from '../../model/script.js';
import type { Operation, RelationUse } from '../catalog/bound.js';
import { NOTHING } from '../catalog/bound.js';
import type { Relation } from '../catalog/objects.js';
import { CATALOGS } from './follow.js';
import { parseName } from './mentions.js';
import type { Scope } from './scope.js';
import type { Touch } from './touch.js';

/**
 * `reads=` and `writes=`: what the author says a statement does, where nobody can see it. It is added to what can be seen,
 * and followed like that: views to their tables, changes to triggers and foreign keys. In return all that was unknown about
 * the statement is known.
 */
export function addSaid({ reads, writes }: TouchesDirective, scope: Scope, isPathKnown: boolean): void {
  const { touch } = scope;
  const names = [...reads, ...writes].flatMap((text) => parseName(text) ?? []);
  const kept = isPathKnown || names.every(({ schema }) => schema !== undefined) ? [] : touch.unknown.slice(0);
  const relations = [
    ...reads.flatMap((text) => usesOf(text, 'read', scope)),
    ...writes.flatMap((text) => usesOf(text, 'write', scope)),
  ];
  scope.follow({ ...NOTHING, relations });
  forgetUnknown(touch, kept);
}

/** Names that lead nowhere without a search_path are no answer. */
function forgetUnknown(touch: Touch, kept: readonly string[]): void {
  touch.unknown.splice(0, Infinity, ...kept);
  if (kept.length > 0) return;
  touch.undecided.splice(0);
  touch.readsAll.splice(0);
  touch.session.delete('rest');
  touch.session.delete('unknown');
}

function usesOf(text: string, mode: 'read' | 'write', scope: Scope): readonly RelationUse[] {
  const name = parseName(text);
  if (name === undefined) return [];
  const { relation, builtIn, slots } = scope.names.relation(name);
  for (const slot of slots) scope.useSlot(slot);
  if (relation !== undefined)
    return operations(relation, mode).map((operation) => ({ id: relation.id, operation, isOnly: false }));
  if (builtIn !== undefined) scope.touch.named(CATALOGS, mode === 'read' ? 'read' : 'define');
  // It is yet to be made, by code that cannot be seen: those who speak of it wait for each other, and for who makes it.
  else for (const slot of slots) scope.touch.named(slot, mode);
  return [];
}

function operations({ kind }: Relation, mode: 'read' | 'write'): readonly Operation[] {
  if (mode === 'read') return ['read'];
  return kind === 'sequence' ? ['draw'] : ['insert', 'update', 'delete'];
}
