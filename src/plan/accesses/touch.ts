import type { AccessMode } from '../../model/access.js';
import type { Catalog } from '../catalog/catalog.js';
import { AccessSet } from './access-set.js';
import { Sequences } from './sequences.js';

/**
 * What one statement is found to touch: accesses, and what cannot be said as an access.
 *
 * - `unknown`: it may do anything, so it runs alone, and the catalog is read again after it
 * - `undecided`: only a run knows what it makes, so it runs alone, and the catalog is read again after it; its session stays as it is
 * - `alone`: it runs alone, but what it does to the catalog is known
 * - `readsAll`: it runs alone, because what it tells depends on all rows; its author may know on which
 * - `session`: what it needs from its session, or leaves there
 */
export class Touch {
  readonly accesses = new AccessSet();
  readonly unknown: string[] = [];
  readonly undecided: string[] = [];
  readonly alone: string[] = [];
  readonly readsAll: string[] = [];
  readonly session = new Set<SessionTie>();
  readonly sequences = new Sequences();
  readonly #catalog: Catalog;
  readonly #switches: ReadonlySet<string>;

  constructor(catalog: Catalog, switches: ReadonlySet<string> = NONE) {
    this.#catalog = catalog;
    this.#switches = switches;
  }

  add(resource: number, mode: AccessMode): void {
    this.accesses.add(resource, mode);
    const schema = this.#catalog.hasOtherOwners ? this.#catalog.schemaOf(resource) : undefined;
    if (schema !== undefined) this.accesses.add(schema.id, 'use');
  }

  /** A resource that is no object of the catalog: a slot of a name, a file. */
  named(resource: string, mode: AccessMode): void {
    this.accesses.add(this.#catalog.resources.named(resource), mode);
  }

  /** False: this indirect path is switched off, for a test that wants to see whether it would be missed. */
  follows(path: IndirectPath): boolean {
    return !this.#switches.has(path);
  }
}

/**
 * - `keeps`: makes something that only this session has (a temporary table, a prepared statement, a lock)
 * - `needs`: uses something of the kind
 * - `draws`: takes a value of a sequence, which currval and lastval would tell
 * - `drawn`: asks for the value that was taken last
 * - `rest`: leaves something that all that follows in its script may need
 * - `unknown`: nobody knows what it leaves in its session, be it another search_path
 */
export type SessionTie = 'keeps' | 'needs' | 'draws' | 'drawn' | 'rest' | 'unknown';

/** Of most statements. */
export const NO_TIES: ReadonlySet<SessionTie> = new Set();

/** Ways from one object to another that following can be switched off for, one by one, in tests. */
export const INDIRECT_PATHS = [
  'view',
  'rule',
  'trigger',
  'trigger condition',
  'foreign key parent',
  'foreign key child',
  'default',
  'generated column',
  'check',
  'index expression',
  'policy',
  'domain',
  'heirs',
  'ancestors',
  'function',
  'hidden function',
  'name slot',
  'handler',
] as const;
export type IndirectPath = (typeof INDIRECT_PATHS)[number];

const NONE: ReadonlySet<string> = new Set();
