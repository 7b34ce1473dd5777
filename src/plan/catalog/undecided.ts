import type { Operation } from './bound.js';

/**
 * What may run other code, or lead to it, since definitions that a run may have made or not: changes of the rows of a relation, any
 * use of a relation, calls of a function, by the last words of their names.
 */
export type Undecided = ReadonlySet<string>;

export function undecided(what: 'change' | 'use' | 'routine', name: string): string {
  return `${what} ${name}`;
}

export function isUndecided(all: Undecided, operation: Operation, name: string): boolean {
  if (all.size === 0 || operation === 'name') return false;
  return all.has(undecided('use', name)) || (CHANGES.has(operation) && all.has(undecided('change', name)));
}

const CHANGES: ReadonlySet<Operation> = new Set(['insert', 'update', 'delete', 'truncate']);
