import type { Bound, Effect, InsertUse, RelationUse } from '../catalog/bound.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Relation, RowEvent } from '../catalog/objects.js';
import { isUndecided } from '../catalog/undecided.js';
import type { FollowSettings, Following } from './following.js';
import { followRoutine } from './follow-routine.js';
import type { RoutineTexts } from './routine-texts.js';
import { columnTypes, rowChange } from './row-changes.js';
import type { Touch } from './touch.js';

/**
 * From what a statement names to what it touches: views to their tables, inserts to defaults, triggers and foreign keys,
 * calls to the bodies of functions, and so on, until nothing new is found. Each relation is followed once for each thing that is
 * done to it, each function once, so that circles end.
 *
 * What is left out: which rows, which columns of an UPDATE, which role. All triggers, rules and policies count, whether they
 * apply or not, since settings (session_replication_role, row_security) decide that when the statement runs; but for triggers
 * of tables that these scripts have silenced (ALTER TABLE … DISABLE TRIGGER ALL), and foreign keys where they have set
 * session_replication_role to replica.
 */
export class Follower implements Following {
  readonly catalog: Catalog;
  readonly touch: Touch;
  readonly texts: RoutineTexts;
  /** In force where a function's text is resolved. */
  path: readonly string[];
  /** Within a handler of exceptions, or with --keep-going: a row that is refused is not the end, so who came first shows. */
  mindsRefusal: boolean;
  isReplica: boolean;
  readonly strictOrder: boolean;
  readonly agesAreTold: () => boolean;
  readonly #seen = new Set<string>();

  constructor(
    parts: { readonly catalog: Catalog; readonly touch: Touch; readonly texts: RoutineTexts },
    { path, mindsRefusal, strictOrder = false, isReplica = false, agesAreTold = always }: FollowSettings,
  ) {
    this.catalog = parts.catalog;
    this.touch = parts.touch;
    this.texts = parts.texts;
    this.path = path;
    this.mindsRefusal = mindsRefusal;
    this.strictOrder = strictOrder;
    this.isReplica = isReplica;
    this.agesAreTold = agesAreTold;
  }

  bound(bound: Bound | undefined): void {
    if (bound === undefined) return;
    // What it calls may set session_replication_role before it changes rows.
    if (bound.effects.length + bound.routines.length > 0) this.isReplica = false;
    for (const use of bound.relations) this.relation(use);
    for (const id of bound.routines) this.routine(id);
    for (const id of bound.types) this.type(id);
    for (const effect of bound.effects) this.effect(effect);
    this.touch.unknown.push(...bound.unknown);
  }

  /** Functions that operators, casts and input call. */
  hidden(): void {
    this.touch.named(HIDDEN, 'use');
    if (!this.touch.follows('hidden function')) return;
    for (const id of this.catalog.hidden) this.routine(id);
  }

  relation({ id, operation, isOnly, insert }: RelationUse): void {
    const relation = this.catalog.relation(id);
    if (relation === undefined) return;
    if (relation.schema === 'pg_temp') this.touch.session.add('needs');
    if (isUndecided(this.catalog.undecided, operation, relation.name)) this.touch.session.add('unknown');
    if (!this.firstTime(`${operation} ${isOnly} ${id} ${insertKey(insert)}`)) return;
    if (operation !== 'name' && relation.columns.some(({ looksUp }) => looksUp === true))
      this.effect('catalog');
    if (relation.kind === 'foreign table' && operation !== 'name')
      this.touch.alone.push(`${relation.name} is a foreign table, which may lead anywhere`);
    switch (operation) {
      case 'name': {
        this.touch.add(id, 'use');
        // It may be meant as the type of a row.
        columnTypes(this, relation);
        return;
      }
      case 'ask': {
        this.touch.session.add('drawn');
        this.touch.sequences.asked.add(id);
        this.touch.add(id, 'use');
        return;
      }
      case 'draw': {
        this.touch.session.add('draws');
        this.touch.sequences.drawn.add(id);
        if (relation.isCached === true || this.catalog.hasUnknownCaches) this.touch.session.add('needs');
        this.touch.add(id, 'write');
        return;
      }
      case 'lock':
        this.#read(relation, isOnly);
        {
          this.#tree(relation, isOnly, 'write');
          return;
        }
      case 'read': {
        this.#read(relation, isOnly);
        return;
      }
      case 'truncate': {
        this.#truncate(relation, isOnly);
        return;
      }
      default: {
        this.change(relation, { event: operation, isOnly, insert });
        return;
      }
    }
  }

  change(
    relation: Relation,
    change: {
      readonly event: Exclude<RowEvent, 'truncate'>;
      readonly isOnly: boolean;
      readonly insert: InsertUse | undefined;
    },
  ): void {
    rowChange(this, relation, change);
  }

  routine(id: number): void {
    followRoutine(this, id);
  }

  /** Values of a domain are checked by its code, and so are those within a row. */
  type(id: number): void {
    if (this.catalog.relation(id) !== undefined) this.relation({ id, operation: 'name', isOnly: true });
    const type = this.catalog.type(id);
    if (type === undefined || !this.firstTime(`type ${id}`)) return;
    this.touch.add(id, 'use');
    if (!this.touch.follows('domain')) return;
    this.bound(type.checks);
    for (const part of type.parts) this.type(part);
  }

  effect(effect: Effect): void {
    const { touch } = this;
    switch (effect) {
      case 'catalog': {
        touch.named(CATALOGS, 'read');
        // They tell of temporary objects, too.
        if (this.catalog.temporary().length > 0) touch.session.add('needs');
        return;
      }
      case 'rows': {
        this.effect('catalog');
        touch.readsAll.push('it tells of all rows: sizes, statistics, values of sequences');
        return;
      }
      case 'large objects': {
        touch.named('the large objects', 'write');
        return;
      }
      case 'notify': {
        touch.named('notifications', 'append');
        return;
      }
      case 'lock': {
        touch.named('advisory locks', 'write');
        return;
      }
      case 'drawn':
      case 'drawn last':
        touch.session.add('drawn');
        touch.sequences.asked.add(effect === 'drawn' ? 'some' : 'last');
        return;
      case 'session':
      case 'setting':
        touch.session.add('rest');
        return;
      case 'path':
        touch.session.add('unknown');
    }
  }

  /** True when this has not been followed yet. */
  firstTime(what: string): boolean {
    const key = `${this.mindsRefusal ? '! ' : ''}${this.isReplica ? 'replica ' : ''}${what}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  /** Tables that inherit from it, at any depth. */
  heirs(relation: Relation): readonly Relation[] {
    if (!this.touch.follows('heirs')) return [];
    const found = new Map<number, Relation>();
    const open = [relation];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const heir of this.catalog.dependents(next.id)) {
        if (heir.class !== 'relation' || !heir.parents.includes(next.id) || found.has(heir.id)) continue;
        found.set(heir.id, heir);
        open.push(heir);
      }
    }
    return [...found.values()];
  }

  /** Tables that it inherits from, at any depth. */
  ancestors(relation: Relation): readonly Relation[] {
    if (!this.touch.follows('ancestors')) return [];
    return relation.parents.flatMap((id) => {
      const parent = this.catalog.relation(id);
      return parent === undefined ? [] : [parent, ...this.ancestors(parent)];
    });
  }

  #tree(relation: Relation, isOnly: boolean, mode: 'read' | 'write' | 'define'): void {
    this.touch.add(relation.id, mode);
    if (!isOnly) for (const heir of this.heirs(relation)) this.touch.add(heir.id, mode);
  }

  #read(relation: Relation, isOnly: boolean): void {
    if (relation.kind === 'view') {
      this.touch.add(relation.id, 'use');
      if (this.touch.follows('view')) this.bound(relation.query);
    } else this.#tree(relation, isOnly, 'read');
    if (this.touch.follows('policy'))
      for (const { expressions } of relation.policies) this.bound(expressions);
  }

  #truncate(relation: Relation, isOnly: boolean): void {
    const all = isOnly ? [relation] : [relation, ...this.heirs(relation)];
    for (const table of all) {
      this.touch.add(table.id, 'define');
      if (this.catalog.isSilent(table)) continue;
      for (const { events, routine } of table.triggers)
        if (routine !== undefined && events.includes('truncate') && this.touch.follows('trigger'))
          this.routine(routine);
    }
  }
}

/** What expressions use without being told apart from each other: whoever runs or keeps an expression uses all of them. */
export const HIDDEN = 'operators, casts and collations';
/** The system catalogs as data: all DDL adds to them. */
export const CATALOGS = 'the system catalogs';

function insertKey(insert: InsertUse | undefined): string {
  return insert === undefined ? '' : JSON.stringify(insert);
}

function always(): boolean {
  return true;
}
