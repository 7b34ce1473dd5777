import type { Edge, Plan } from '../../src/model/plan.js';
import type { Touches } from './touch.js';

/** The law: of two jobs that touch the same in modes that conflict, one waits for the other, if only by others between them. */
export function unordered(
  { jobs }: Plan,
  edges: readonly Edge[],
  touched: ReadonlyMap<number, Touches>,
): readonly string[] {
  const before = ancestors(jobs.length, edges);
  const said: string[] = [];
  for (const [later, own] of touched)
    for (const [earlier, other] of touched) {
      if (earlier >= later || before[later]?.has(earlier) === true) continue;
      if (jobs[earlier]?.steps[0]?.statement === jobs[later]?.steps[0]?.statement) continue;
      for (const [id, { name, kind, modes }] of own) {
        const theirs = other.get(id);
        if (theirs === undefined) continue;
        const pair = conflictOf(kind === '' ? theirs.kind : kind, theirs.modes, modes);
        if (pair === undefined) continue;
        const called = name === id ? theirs.name : name;
        said.push(`${jobs[earlier]?.name} | ${jobs[later]?.name}: ${kind} ${called}, ${pair}`);
      }
    }
  return said;
}

function conflictOf(kind: string, a: ReadonlySet<string>, b: ReadonlySet<string>): string | undefined {
  for (const one of a)
    for (const other of b)
      if (conflicts(kind, one, other) || conflicts(kind, other, one)) return `${one} and ${other}`;
  return undefined;
}

/** One direction of it. */
function conflicts(kind: string, a: string, b: string): boolean {
  if (kind === 'S' && a === 'RowExclusiveLock') return b === 'RowExclusiveLock';
  return CONFLICTS[a]?.includes(b) === true;
}

/**
 * PostgreSQL's table of lock modes (src/backend/storage/lmgr/lock.c), half of it, and what matters without a lock: reading and
 * writing.
 */
const CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  AccessExclusiveLock: [
    'AccessShareLock',
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ExclusiveLock: [
    'Append',
    'Write',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
  ],
  ShareRowExclusiveLock: ['Append', 'Write', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock'],
  ShareLock: ['Append', 'Write', 'ShareUpdateExclusiveLock'],
  ShareUpdateExclusiveLock: ['ShareUpdateExclusiveLock'],
  Write: ['Read', 'Append', 'Write'],
  Append: ['Read'],
  Truncate: [
    'Read',
    'Append',
    'Write',
    'Truncate',
    'ShareLock',
    'ShareRowExclusiveLock',
    'AccessExclusiveLock',
  ],
  Change: ['Call', 'Change', 'Depend', 'Read', 'Append', 'Write'],
};

function ancestors(count: number, edges: readonly Edge[]): readonly ReadonlySet<number>[] {
  const into = Array.from({ length: count }, (): number[] => []);
  for (const { from, to } of edges) into[to]?.push(from);
  const found: Set<number>[] = [];
  for (const sources of into) {
    const own = new Set<number>();
    for (const from of sources) {
      own.add(from);
      for (const one of found[from] ?? []) own.add(one);
    }
    found.push(own);
  }
  return found;
}
