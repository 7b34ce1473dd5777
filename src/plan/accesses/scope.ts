import type { Node, RangeVar, TypeName } from 'libpg-query';
import { slotKey, type Catalog } from '../catalog/catalog.js';
import type { Bound } from '../catalog/bound.js';
import { Names, TEMPORARY } from '../catalog/names.js';
import type { CatalogObject, Relation, Routine, UserType } from '../catalog/objects.js';
import { objectsOf } from '../../script/tree.js';
import { bind } from './bind.js';
import { CATALOGS, Follower, HIDDEN } from './follow.js';
import type { FollowSettings } from './following.js';
import type { Mentions, Name } from './mentions.js';
import type { RoutineTexts } from './routine-texts.js';
import type { Touch } from './touch.js';
import { mentionsOf, rangeName, wordsOf } from './walk.js';
import { nameOf } from './mentions.js';

/**
 * What a rule for a kind of statement works with: the catalog before the statement, which it brings up to date, and the words
 * to say what the statement touches.
 *
 * Modes and slots: whoever makes, renames or drops an object `define`s the slot of its name and the object; whoever names it
 * `use`s both. Statements that only find out that a name is taken, or free (IF EXISTS), use the slot.
 */
export class Scope {
  readonly catalog: Catalog;
  readonly touch: Touch;
  readonly names: Names;
  readonly follower: Follower;
  readonly texts: RoutineTexts;
  readonly path: readonly string[];

  constructor(
    parts: { readonly catalog: Catalog; readonly touch: Touch; readonly texts: RoutineTexts },
    settings: FollowSettings,
  ) {
    this.catalog = parts.catalog;
    this.touch = parts.touch;
    this.texts = parts.texts;
    this.path = settings.path;
    this.names = new Names(parts.catalog, settings.path);
    this.follower = new Follower(parts, settings);
  }

  /** What a query, an expression or a whole statement names, found, without being run. */
  bind(tree: unknown): Bound {
    return this.bindMentions(mentionsOf(tree));
  }

  bindMentions(mentions: Mentions): Bound {
    return bind(mentions, this.names, (slot) => this.useSlot(slot));
  }

  /** It is run, or evaluated. */
  run(tree: unknown): Bound {
    const bound = this.bind(tree);
    this.follow(bound);
    return bound;
  }

  follow(bound: Bound | undefined): void {
    this.follower.hidden();
    this.follower.bound(bound);
  }

  /** It is only stored, to be run later: a statement that makes a view uses what the view reads. */
  store(bound: Bound): void {
    // Which operators, casts and collations are meant is found out now.
    this.touch.named(HIDDEN, 'use');
    this.#useAll(bound);
  }

  /**
   * It is rewritten, and not run yet (PREPARE; bodies in SQL, which are checked so): what views, rules and policies bring into it is
   * locked, too (AcquireRewriteLocks in src/backend/rewrite/rewriteHandler.c).
   */
  storeRewritten(bound: Bound): void {
    this.store(bound);
    const reached = new Set(bound.relations.map(({ id }) => id));
    for (const id of reached) {
      const relation = this.catalog.relation(id);
      const query = relation?.kind === 'view' && this.touch.follows('view') ? relation.query : undefined;
      const actions = relation?.rules.map((rule) => rule.actions) ?? [];
      const expressions = relation?.policies.map((policy) => policy.expressions) ?? [];
      for (const part of [query, ...actions, ...expressions])
        for (const { id: brought } of part?.relations ?? []) {
          this.use(brought);
          reached.add(brought);
        }
    }
  }

  #useAll(bound: Bound): void {
    for (const { id } of bound.relations) {
      this.use(id);
      this.#lookUpNames(this.catalog.relation(id));
    }
    for (const id of bound.routines) this.use(id);
    for (const id of bound.types) this.use(id);
    // What a stored text cannot be resolved to is unknown when it runs; only names that are not there fail now.
  }

  use(id: number): void {
    this.touch.add(id, 'use');
    this.#tie(id);
    for (const part of this.catalog.within(id)) this.touch.add(part, 'use');
  }

  /** The object changes, and with it all who read it. What it rests on is used: it cannot go before. */
  define({ id }: CatalogObject): void {
    this.touch.add(id, 'define');
    this.#tie(id);
    this.catalog.waken(id);
  }

  /** What the session's end takes away, as a whole or in part, is there only before it. */
  #tie(id: number): void {
    if (this.catalog.endsWithSession(id)) this.touch.session.add('needs');
  }

  /** A table, and all that inherit from it. */
  defineTree(relation: Relation): void {
    this.define(relation);
    for (const heir of this.follower.heirs(relation)) this.define(heir);
  }

  /** A temporary name is its session's own. */
  useSlot(slot: string): void {
    if (slot.includes(` ${TEMPORARY}.`)) return;
    if (this.touch.follows('name slot')) this.touch.named(slot, 'use');
  }

  defineSlot(kind: string, schema: string, name: string): void {
    if (schema === TEMPORARY) return;
    if (this.touch.follows('name slot')) this.touch.named(slotKey(kind, schema, name), 'define');
  }

  /** It changes the system catalogs: who reads them as data would tell. */
  ddl(): void {
    this.touch.named(CATALOGS, 'append');
    if (!this.catalog.hasEventTriggers) return;
    this.touch.unknown.push('there are event triggers, whose code runs with it');
    // What is known of it ties statements: currval tells of its draws.
    for (const id of this.catalog.eventTriggers) this.follower.routine(id);
  }

  /** A relation that is there; undefined, and the statement unknown, when it is not (unless that is no matter). */
  relation(range: RangeVar | Name | undefined, { missingOk = false } = {}): Relation | undefined {
    if (range === undefined) return undefined;
    const name: Name = 'name' in range ? range : rangeName(range);
    const { relation, slots, builtIn } = this.names.relation(name);
    for (const slot of slots) this.useSlot(slot);
    if (relation === undefined && !missingOk)
      this.touch.unknown.push(
        builtIn === undefined
          ? `nothing is known of the relation ${writtenName(name)}`
          : `${writtenName(name)} is one of PostgreSQL's own`,
      );
    else if (relation !== undefined) this.use(relation.id);
    this.#lookUpNames(relation);
    return relation;
  }

  /** A text that stands beside a column of one of the types `reg…`, as its default or in coalesce(), is a name. */
  #lookUpNames(relation: Relation | undefined): void {
    if (relation?.columns.some(({ looksUp }) => looksUp === true) === true) this.lookUpNames();
  }

  /** Names in texts are looked up, whichever they are. */
  lookUpNames(): void {
    this.touch.named(CATALOGS, 'read');
  }

  /** All overloads of the name: which one is meant is not looked at. */
  routines(name: Name): readonly Routine[] {
    const { routines, slots } = this.names.routines(name);
    for (const slot of slots) this.useSlot(slot);
    for (const { id } of routines) this.#tie(id);
    return routines;
  }

  /** The user's type behind a type's name, arrays looked through; undefined: one of PostgreSQL's own. */
  type(type: TypeName | undefined): UserType | undefined {
    const [id] = this.#boundType(type)?.types ?? [];
    return id === undefined ? undefined : this.catalog.type(id);
  }

  /** As `type`; or the relation whose rows it means. */
  typeOrRelation(type: TypeName | undefined): number | undefined {
    const bound = this.#boundType(type);
    return bound?.types[0] ?? bound?.relations[0]?.id;
  }

  #boundType(type: TypeName | undefined): Bound | undefined {
    if (type === undefined) return undefined;
    const bound = this.bind({ TypeName: type });
    this.#useAll(bound);
    this.touch.unknown.push(...bound.unknown);
    return bound;
  }

  /**
   * All types that a tree names: the arguments of a function that DROP or COMMENT is about, of an operator or an aggregate.
   * A name of which there is no type may be a function's (`SFUNC = f` is parsed alike).
   */
  useTypes(tree: unknown): void {
    for (const object of objectsOf(tree)) {
      if (!('names' in object) || !Array.isArray(object.names)) continue;
      // TypeName.names are String nodes.
      const name = nameOf(wordsOf(object.names as readonly Node[]));
      const { type, relation, slots } = this.names.type(name);
      for (const slot of slots) this.useSlot(slot);
      const id = type?.id ?? relation?.id;
      if (id !== undefined) this.use(id);
    }
  }

  typeNamed(nodes: readonly Node[] | undefined): UserType | undefined {
    const { type, slots } = this.names.type(nameOf(wordsOf(nodes)));
    for (const slot of slots) this.useSlot(slot);
    return type;
  }

  /** Where a new relation goes; its schema is used, and temporary ones are the session's. */
  schemaFor(range: RangeVar): string {
    return range.relpersistence === 't' ? this.#temporary() : this.creationSchema(range.schemaname);
  }

  #temporary(): string {
    this.touch.session.add('keeps');
    return TEMPORARY;
  }

  /**
   * The first schema of the path that exists; those before it, if there were any, would be taken instead. pg_temp in the path
   * always exists (src/backend/catalog/namespace.c, finalNamespacePath).
   */
  creationSchema(written: string | undefined): string {
    const schema = written ?? this.#firstSchema();
    if (schema.startsWith('pg_temp')) return this.#temporary();
    const object = this.catalog.plainNamed('schema', '', schema);
    this.useSlot(slotKey('schema', '', schema));
    if (object !== undefined) this.use(object.id);
    return schema;
  }

  #firstSchema(): string {
    for (const schema of this.path) {
      if (schema === TEMPORARY) return schema;
      if (schema === 'pg_catalog') continue;
      this.useSlot(slotKey('schema', '', schema));
      if (this.catalog.plainNamed('schema', '', schema) !== undefined) return schema;
    }
    return this.names.creation;
  }

  fresh(kind: string, schema: string, name: string): number {
    return this.catalog.resources.fresh(schema === '' ? `${kind} ${name}` : `${kind} ${schema}.${name}`);
  }

  /** Adds a new object under its name. */
  /** What has the name that something new is to have. What may not be there goes, since the name was free then. */
  taken(schema: string, name: string): Relation | undefined {
    const relation = this.catalog.relationNamed(schema, name);
    if (relation?.isDoubtful !== true) return relation;
    this.define(relation);
    this.catalog.remove(relation.id);
    return undefined;
  }

  /** It changes what the system catalogs tell of rows, too: how many there are, or that there are some. */
  changesCounts(): void {
    this.touch.named(CATALOGS, 'append');
  }

  create(object: CatalogObject, kind: string): void {
    this.touch.add(object.id, 'define');
    this.defineSlot(kind, object.schema, object.name);
    this.catalog.put(object);
  }
}

export function writtenName({ schema, name }: Name): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
