import type { CatalogObject, PlainObject, Relation, Routine, UserType } from './objects.js';
import { references } from './references.js';
import type { Resources } from './resources.js';

/**
 * The symbolic catalog: what exists at one point of the written order. It begins with what the live database has (load.ts)
 * or empty, and each statement's rule brings it up to date.
 *
 * Names live in slots, as in PostgreSQL's namespaces: relations (tables, views, sequences, indexes, composite types) share
 * one a schema, routines have one for all overloads of a name, types one, and every kind of plain object its own.
 *
 * All changes go through `put`, `remove` and `rename`, which keep the slots, the references and the undo log together:
 * `mark` and `undoTo` give a transaction, or a part of it, back.
 *
 * It does not know what a statement means, nor search paths.
 */
export class Catalog {
  readonly resources: Resources;
  /** Grows with every change: what was computed from one generation holds as long as it stays the same. */
  generation = 0;
  /** Functions that are called without being named: operators, casts. They are never taken out: too many does no harm. */
  readonly hidden = new Set<number>();
  /** While there are event triggers, any DDL runs code: the functions, as far as they are known. Never taken out, too. */
  hasEventTriggers = false;
  readonly eventTriggers = new Set<number>();
  /** What may run other code since definitions that may not have been made (undecided.ts). Never taken out. */
  readonly undecided = new Set<string>();
  /** Code or definitions may run with the rights of others, to whom it tells when rights of a schema come or go. Never taken out. */
  hasOtherOwners = false;
  /** A foreign key, which may be any, is looked after where session_replication_role is replica, too. Never taken out. */
  hasAlwaysKeys = false;
  /** A sequence that is not known got a CACHE. */
  hasUnknownCaches = false;
  #hasCaches = false;
  readonly #objects = new Map<number, CatalogObject>();
  readonly #slots = new Map<string, readonly number[]>();
  /** By object, who refers to it. */
  readonly #dependents = new Map<number, Set<number>>();
  readonly #temporary = new Set<number>();
  /** What `endsWithSession` has found, at its generation. */
  #ending: { readonly generation: number; readonly ids: ReadonlySet<number> } = {
    generation: -1,
    ids: new Set(),
  };
  /** By the very objects: a table that has been changed is another, and one that is given back is silent again. */
  readonly #silent = new WeakSet<Relation>();
  readonly #undo: (() => void)[] = [];
  readonly #released = new Set<number>();

  constructor(resources: Resources) {
    this.resources = resources;
  }

  get(id: number): CatalogObject | undefined {
    return this.#objects.get(id);
  }

  relation(id: number): Relation | undefined {
    const object = this.#objects.get(id);
    return object?.class === 'relation' ? object : undefined;
  }

  routine(id: number): Routine | undefined {
    const object = this.#objects.get(id);
    return object?.class === 'routine' ? object : undefined;
  }

  type(id: number): UserType | undefined {
    const object = this.#objects.get(id);
    return object?.class === 'type' ? object : undefined;
  }

  /** Temporary objects: those of the session that is looked at. */
  temporary(): readonly number[] {
    return [...this.#temporary];
  }

  /**
   * Whether the end of the session that is looked at takes it away, or a part of it: it is temporary, or rests on what is (a
   * function that is bound to a temporary table, a rule that writes to one, a default that calls such a function).
   */
  endsWithSession(id: number): boolean {
    if (this.#temporary.size === 0) return false;
    if (this.#ending.generation !== this.generation)
      this.#ending = { generation: this.generation, ids: this.#findEnding() };
    return this.#ending.ids.has(id);
  }

  /** What rests on a table that loses a part, stays; a relation that goes as a whole and is not temporary is an index. */
  #findEnding(): ReadonlySet<number> {
    const ids = new Set(this.#temporary);
    for (const id of ids) {
      const isLeft = this.relation(id) !== undefined && !this.#temporary.has(id);
      if (!isLeft) for (const dependent of this.#dependents.get(id) ?? []) ids.add(dependent);
    }
    return ids;
  }

  relationNamed(schema: string, name: string): Relation | undefined {
    const [id] = this.#slots.get(slotKey('relation', schema, name)) ?? [];
    return id === undefined ? undefined : this.relation(id);
  }

  routinesNamed(schema: string, name: string): readonly Routine[] {
    const ids = this.#slots.get(slotKey('routine', schema, name)) ?? [];
    return ids.flatMap((id) => this.routine(id) ?? []);
  }

  /** From now on statements need the rights of the schemas in which they find what they touch. */
  meetOthers(): void {
    if (this.hasOtherOwners) return;
    this.hasOtherOwners = true;
    this.generation++;
  }

  /** What has been found of statements holds no longer: it may be one of their foreign keys. */
  meetAlwaysKeys(): void {
    if (this.hasAlwaysKeys) return;
    this.hasAlwaysKeys = true;
    this.generation++;
  }

  /** There is, or was, a sequence of which a session takes several values at once. */
  get hasCaches(): boolean {
    return this.#hasCaches || this.hasUnknownCaches;
  }

  schemaOf(id: number): PlainObject | undefined {
    const object = this.get(id);
    return object === undefined ? undefined : this.plainNamed('schema', '', object.schema);
  }

  typeNamed(schema: string, name: string): UserType | undefined {
    const [id] = this.#slots.get(slotKey('type', schema, name)) ?? [];
    return id === undefined ? undefined : this.type(id);
  }

  plainNamed(kind: string, schema: string, name: string): PlainObject | undefined {
    const [id] = this.#slots.get(slotKey(kind, schema, name)) ?? [];
    const object = id === undefined ? undefined : this.#objects.get(id);
    return object?.class === 'plain' ? object : undefined;
  }

  /** Objects that refer to this one: heirs, views over it, tables with a foreign key to it, indexes … */
  dependents(id: number): readonly CatalogObject[] {
    return [...(this.#dependents.get(id) ?? [])].flatMap((other) => this.#objects.get(other) ?? []);
  }

  /** Tables with foreign keys that lead to this one. */
  referrers(table: number): readonly Relation[] {
    return this.dependents(table).filter(
      (one): one is Relation =>
        one.class === 'relation' &&
        one.constraints.some(
          (constraint) => constraint.type === 'foreign key' && constraint.target === table,
        ),
    );
  }

  indexes(table: number): readonly Relation[] {
    return this.dependents(table).filter(isIndex);
  }

  /** Adds an object, or replaces the one with its number. */
  put(object: CatalogObject): void {
    const before = this.#objects.get(object.id);
    if (before !== undefined) this.#release(before, object);
    this.#set(object.id, object);
    this.#undo.push(() => this.#set(object.id, before));
  }

  /** From now on its triggers do not fire, nor those of foreign keys that it has or that lead to it; until it changes. */
  silence(id: number): void {
    const relation = this.relation(id);
    if (relation === undefined) return;
    const silent = { ...relation };
    this.put(silent);
    this.#silent.add(silent);
  }

  waken(id: number): void {
    const relation = this.relation(id);
    if (relation !== undefined && this.#silent.has(relation)) this.put({ ...relation });
  }

  isSilent(relation: Relation): boolean {
    return this.#silent.has(relation);
  }

  remove(id: number): void {
    const before = this.#objects.get(id);
    if (before === undefined) return;
    this.#release(before, undefined);
    this.#set(id, undefined);
    this.#undo.push(() => this.#set(id, before));
  }

  /**
   * Objects that others rested on, and do so no more, since this was asked last: what could not be dropped or changed before
   * can be now.
   */
  takeReleased(): readonly number[] {
    const released = [...this.#released];
    this.#released.clear();
    return released;
  }

  #release(before: CatalogObject, now: CatalogObject | undefined): void {
    const rested = references(before);
    if (rested.size === 0) return;
    const kept = now === undefined ? NONE : references(now);
    for (const id of rested) {
      if (kept.has(id)) continue;
      this.#released.add(id);
      for (const part of this.within(id)) this.#released.add(part);
    }
  }

  /**
   * What a type is made of, at any depth: types, and tables whose rows are in it; of a view's rows those that it has columns of. As long
   * as there is a column of the type, none of these tables can change.
   */
  within(id: number, found = new Set<number>()): ReadonlySet<number> {
    const object = this.get(id);
    const parts =
      object?.class === 'type'
        ? object.parts
        : object?.class === 'relation' && object.kind === 'view'
          ? object.types
          : undefined;
    for (const part of parts ?? []) {
      if (found.has(part)) continue;
      found.add(part);
      this.within(part, found);
    }
    return found;
  }

  /** A point that `undoTo` goes back to. */
  mark(): number {
    return this.#undo.length;
  }

  undoTo(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Nothing before this point will be undone. */
  forget(): void {
    this.#undo.length = 0;
    this.#released.clear();
  }

  #set(id: number, object: CatalogObject | undefined): void {
    const before = this.#objects.get(id);
    if (before !== undefined) this.#unlink(before);
    if (object?.schema === 'pg_temp') this.#temporary.add(id);
    else this.#temporary.delete(id);
    if (object === undefined) this.#objects.delete(id);
    else this.#objects.set(id, object);
    if (object?.class === 'relation' && object.isCached === true) this.#hasCaches = true;
    if (object !== undefined) this.#link(object);
    this.generation++;
  }

  #link(object: CatalogObject): void {
    const key = slotOf(object);
    this.#slots.set(key, [...(this.#slots.get(key) ?? []), object.id]);
    for (const other of references(object)) {
      const dependents = this.#dependents.get(other);
      if (dependents === undefined) this.#dependents.set(other, new Set([object.id]));
      else dependents.add(object.id);
    }
  }

  #unlink(object: CatalogObject): void {
    const key = slotOf(object);
    const left = (this.#slots.get(key) ?? []).filter((id) => id !== object.id);
    if (left.length === 0) this.#slots.delete(key);
    else this.#slots.set(key, left);
    for (const other of references(object)) this.#dependents.get(other)?.delete(object.id);
  }
}

const NONE: ReadonlySet<number> = new Set();

export function isIndex(object: CatalogObject): object is Relation {
  return object.class === 'relation' && object.kind === 'index';
}

/** The namespace that an object's name lives in. */
export function slotKey(kind: string, schema: string, name: string): string {
  return `${kind} ${schema}.${name}`;
}

export function slotOf(object: CatalogObject): string {
  return slotKey(object.class === 'plain' ? object.kind : object.class, object.schema, object.name);
}
