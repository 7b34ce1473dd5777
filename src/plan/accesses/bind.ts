import {
  NOTHING,
  type Bound,
  type Effect,
  type InsertUse,
  type Operation,
  type RelationUse,
} from '../catalog/bound.js';
import type { BuiltIn } from '../catalog/built-in-functions.js';
import type { BuiltInRelation } from '../catalog/built-in-relations.js';
import type { Names } from '../catalog/names.js';
import { isUndecided, undecided } from '../catalog/undecided.js';
import { setsPath } from './settings.js';
import {
  parseName,
  type Mentions,
  type RelationMention,
  type RoutineMention,
  type SerialMention,
} from './mentions.js';

/**
 * Names → objects: what a piece of SQL touches, under one search_path and one state of the catalog. Slots that were looked
 * into are told to `onSlot`. What is not found is unknown: it may be anything.
 */
export function bind(mentions: Mentions, names: Names, onSlot: (slot: string) => void): Bound {
  const binding = new Binding(names, onSlot);
  for (const relation of mentions.relations) binding.relation(relation);
  for (const routine of mentions.routines) binding.routine(routine);
  for (const type of mentions.types) binding.type(type);
  for (const attribute of mentions.attributes) binding.attribute(attribute);
  for (const text of mentions.regclasses) binding.regclass(text);
  if (mentions.readsCatalog) binding.effect('catalog');
  return binding.bound();
}

class Binding {
  readonly #names: Names;
  readonly #onSlot: (slot: string) => void;
  readonly #relations: RelationUse[] = [];
  readonly #routines = new Set<number>();
  readonly #types = new Set<number>();
  readonly #effects = new Set<Effect>();
  readonly #unknown: string[] = [];

  constructor(names: Names, onSlot: (slot: string) => void) {
    this.#names = names;
    this.#onSlot = onSlot;
  }

  bound(): Bound {
    const bound = {
      relations: this.#relations,
      routines: [...this.#routines],
      types: [...this.#types],
      effects: [...this.#effects],
      unknown: this.#unknown,
    };
    return Object.values(bound).every((list) => list.length === 0) ? NOTHING : bound;
  }

  relation({ operation, isOnly, insert, ...name }: RelationMention): void {
    const { relation, builtIn, slots } = this.#names.relation(name);
    this.#looked(slots);
    if (relation !== undefined) this.#use({ id: relation.id, operation, isOnly }, insert);
    else if (builtIn !== undefined) this.#ofSystem(builtIn, { operation, name: name.name });
    else {
      this.#unknown.push(`nothing is known of the relation ${written(name)}`);
      if (isUndecided(this.#names.undecided, operation, name.name)) this.effect('path');
    }
  }

  #ofSystem(
    builtIn: BuiltInRelation,
    { operation, name }: { readonly operation: Operation; readonly name: string },
  ): void {
    if (operation === 'name') return;
    if (operation !== 'read') this.#unknown.push(`a change of ${name}, one of PostgreSQL’s own relations,`);
    else if (builtIn === 'unknown') this.#unknown.push(`${name} shows the state of the server`);
    else if (builtIn === 'large-object') this.effect('large objects');
    else if (builtIn !== 'pure') this.effect(builtIn);
  }

  routine(mention: RoutineMention): void {
    const { routines, builtIn, slots } = this.#names.routines(mention);
    this.#looked(slots);
    for (const { id } of routines) this.#routines.add(id);
    if (builtIn !== undefined) this.#builtIn(builtIn, mention);
    else if (routines.length === 0 && !this.#isType(mention)) {
      this.#unknown.push(`nothing is known of the function ${written(mention)}()`);
      if (this.#names.undecided.has(undecided('routine', mention.name))) this.effect('path');
    }
  }

  type(name: { readonly schema?: string; readonly name: string }): void {
    const { type, relation, slots, isBuiltIn } = this.#names.type(name);
    this.#looked(slots);
    if (type !== undefined) this.#types.add(type.id);
    else if (relation !== undefined)
      this.#relations.push({ id: relation.id, operation: 'name', isOnly: true });
    else if (!isBuiltIn) this.#unknown.push(`nothing is known of the type ${written(name)}`);
  }

  /** `a.b` where a function b takes a row: PostgreSQL calls it when there is no such column. */
  attribute(name: string): void {
    for (const { id, arguments: taken } of this.#names.routines({ name }).routines)
      if (taken !== '') this.#routines.add(id);
  }

  regclass(text: string): void {
    const name = parseName(text);
    const found = name === undefined ? undefined : this.#names.relation(name);
    if (found !== undefined) this.#looked(found.slots);
    if (found?.relation === undefined) this.effect('catalog');
    else this.#relations.push({ id: found.relation.id, operation: 'name', isOnly: true });
  }

  effect(effect: Effect): void {
    this.#effects.add(effect);
  }

  /** A call of a type's name is a cast: `numeric(x)`. */
  #isType(name: { readonly schema?: string; readonly name: string }): boolean {
    const { type, relation, isBuiltIn } = this.#names.type(name);
    if (type !== undefined) this.#types.add(type.id);
    return type !== undefined || relation !== undefined || isBuiltIn;
  }

  #builtIn(kind: BuiltIn, mention: RoutineMention): void {
    switch (kind) {
      case 'pure':
        return;
      case 'sequence-write': {
        this.#draw(mention);
        return;
      }
      case 'rows': {
        this.effect('rows');
        return;
      }
      case 'sequence-session': {
        this.#ask(mention);
        return;
      }
      case 'large-object': {
        this.effect('large objects');
        return;
      }
      case 'setting': {
        this.effect(setsPath(mention.constant) ? 'path' : 'setting');
        return;
      }
      case 'unknown':
        this.#unknown.push(`${mention.name}() may do anything`);
        {
          this.effect('path');
          return;
        }
      default:
        this.effect(kind);
    }
  }

  /** nextval and setval: their sequence is known when its name stands there. */
  #draw({ constant, serial, name }: RoutineMention): void {
    if (serial !== undefined && this.#ofColumn(serial, 'draw')) return;
    const sequence = constant === undefined ? undefined : parseName(constant);
    if (sequence === undefined) {
      this.#unknown.push(`which sequence ${name}() draws from is known only when it runs`);
      return;
    }
    const { relation, slots } = this.#names.relation(sequence);
    this.#looked(slots);
    if (relation === undefined) this.#unknown.push(`nothing is known of the sequence ${constant ?? ''}`);
    else this.#relations.push({ id: relation.id, operation: 'draw', isOnly: true });
  }

  /** currval, of a sequence that is known when its name stands there; and lastval. */
  #ask({ constant, serial, argumentCount }: RoutineMention): void {
    if (argumentCount === 0) this.effect('drawn last');
    else if (serial !== undefined && this.#ofColumn(serial, 'ask')) return;
    else {
      const sequence = constant === undefined ? undefined : parseName(constant);
      const { relation, slots } = sequence === undefined ? { slots: [] } : this.#names.relation(sequence);
      this.#looked(slots);
      if (relation === undefined) this.effect('drawn');
      else this.#relations.push({ id: relation.id, operation: 'ask', isOnly: true });
    }
  }

  /** Of the sequence that a column owns; false: there is not just one. */
  #ofColumn({ table, column }: SerialMention, operation: 'draw' | 'ask'): boolean {
    const named = parseName(table);
    const { relation, slots } = named === undefined ? { slots: [] } : this.#names.relation(named);
    this.#looked(slots);
    const [owned, second] = relation === undefined ? [] : this.#names.owned(relation, column);
    if (relation === undefined || owned === undefined || second !== undefined) return false;
    this.#relations.push({ id: relation.id, operation: 'name', isOnly: true });
    this.#relations.push({ id: owned.id, operation, isOnly: true });
    return true;
  }

  #use(use: RelationUse, insert: InsertUse | undefined): void {
    this.#relations.push(insert === undefined ? use : { ...use, insert });
  }

  #looked(slots: readonly string[]): void {
    for (const slot of slots) this.#onSlot(slot);
  }
}

function written({ schema, name }: { readonly schema?: string; readonly name: string }): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
