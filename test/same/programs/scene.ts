import type { Random } from '../../oracle/random.js';
import type { Catalog, Column, Named, Relation, Routine } from './catalog.js';

/** Tables that statements by chance leave alone: x1, x2 … */
export const APART = 'x1';

/**
 * What the makers of statements draw from: chance, and what exists. Everything they write has the same effect whatever the
 * physical order of rows is, because that is not part of the promise:
 *
 * - Rows are taken in the order of all their columns wherever something is drawn, numbered or cut off behind them; no
 *   statement numbers rows that are there already (`ADD COLUMN … serial`).
 * - As soon as something may happen row by row (triggers, rules, defaults that call functions), one row is changed a
 *   statement. Triggers that may fire for several rows all the same (cascades) do not tell rows apart.
 */
export class Scene {
  readonly random: Random;
  readonly catalog: Catalog;
  readonly traits: Traits;
  /** Inside BEGIN … COMMIT. */
  readonly inBlock: boolean;

  constructor(random: Random, catalog: Catalog, state: { traits: Traits; inBlock: boolean }) {
    this.random = random;
    this.catalog = catalog;
    this.traits = state.traits;
    this.inBlock = state.inBlock;
  }

  chance(probability: number): boolean {
    return this.random.chance(probability);
  }

  pick<T>(choices: readonly T[]): T {
    return this.random.pick(choices);
  }

  /** One of them, or undefined when there are none. */
  any<T>(choices: readonly T[]): T | undefined {
    return choices.length === 0 ? undefined : this.random.pick(choices);
  }

  /** A text now and then. */
  maybe(probability: number, text: string): string {
    return this.chance(probability) ? text : '';
  }

  number(): number {
    return this.random.between(1, 6);
  }

  word(): string {
    return `'${this.pick(['a', 'b', 'c', 'd', 'one', 'two'])}'`;
  }

  /** Without its schema where the search path allows it, often. */
  name(of: Named): string {
    return of.visible && this.chance(0.6) ? of.name : `${of.schema}.${of.name}`;
  }

  /** A name for something new, in a schema of the path or another. */
  fresh(names: readonly string[]): string {
    const name = this.pick(names);
    const schema = this.pick(this.catalog.schemas);
    return this.chance(0.5) || this.catalog.path.length === 0 ? `${schema}.${name}` : name;
  }

  /**
   * A name for a table whose rows no statement changes by chance. An index is built over rows that were deleted, too, as long as a
   * transaction anywhere on the server might see them: where one is built with an expression that draws, there must be none.
   */
  apart(): string {
    return `public.x${this.random.between(1, 9)}`;
  }

  relation(...kinds: readonly Relation['kind'][]): Relation | undefined {
    return this.any(this.relations(kinds));
  }

  relations(kinds: readonly Relation['kind'][]): readonly Relation[] {
    return this.catalog.relations.filter(({ kind, name }) => kinds.includes(kind) && !/^x\d$/.test(name));
  }

  table(): Relation | undefined {
    return this.relation('r', 'p');
  }

  /** Whatever rows can be written into. */
  writable(): Relation | undefined {
    return this.relation('r', 'r', 'p', 'v');
  }

  /** Whatever rows can be read from. */
  readable(): Relation | undefined {
    return this.any(
      this.relations(['r', 'p', 'v', 'm']).filter(({ isPopulated, kind }) => isPopulated || kind === 'v'),
    );
  }

  sequence(): Relation | undefined {
    return this.relation('S');
  }

  /** A function of one integer that gives one: may read, write and draw. */
  intFunction(): Routine | undefined {
    return this.any(
      this.catalog.routines.filter(
        ({ kind, result, name, set }) => kind === 'f' && result === 'integer' && /^f\d/.test(name) && !set,
      ),
    );
  }

  routine(prefix: string): Routine | undefined {
    return this.any(this.catalog.routines.filter(({ name }) => name.startsWith(prefix)));
  }

  /** Something may happen for each row that is changed. */
  get isSensitive(): boolean {
    const { triggers, rules, routines } = this.catalog;
    return triggers.length > 0 || rules.length > 0 || routines.length > 0;
  }

  /** Waits a little, as an item of FROM (with the comma in front); so that what comes later could overtake. */
  pause(): string {
    return this.maybe(0.3, `, pg_sleep(${this.delay()}) AS pause`);
  }

  delay(): string {
    return (this.random.between(2, 12) / 1000).toFixed(3);
  }

  /** A value for a column; undefined: the column takes none. */
  value(column: Column): string | undefined {
    if (column.generated) return undefined;
    const { type } = column;
    if (isNumber(type)) return String(this.number());
    if (isText(type)) return this.word();
    if (type === 'boolean') return this.pick(['true', 'false']);
    const own = this.catalog.types.find(({ name, schema }) => type === name || type === `${schema}.${name}`);
    if (own?.kind === 'd') return String(this.number());
    if (own?.kind === 'e') return own.labels.length === 0 ? 'NULL' : `'${this.pick(own.labels)}'`;
    if (own?.kind === 'c') return `ROW(${this.number()}, ${this.word()})`;
    return 'NULL';
  }
}

/** How a program is meant, from its beginning. */
export interface Traits {
  /** Row triggers fire for inserts only, and may tell rows apart; else for everything, and may not. */
  readonly triggersOfInserts: boolean;
  /** Files may hold what only their session has. */
  readonly hasTemporary: boolean;
}

export function isNumber(type: string): boolean {
  return /^(integer|bigint|smallint|numeric)/.test(type);
}

export function isText(type: string): boolean {
  return /^(text|character varying)/.test(type);
}

/** All columns, for an ORDER BY that leaves no two different rows in doubt. */
export function allColumns(relation: Relation, alias = ''): string {
  const prefix = alias === '' ? '' : `${alias}.`;
  return relation.columns.map(({ name }) => prefix + name).join(', ');
}

export function numbers(relation: Relation): readonly Column[] {
  return relation.columns.filter(({ type, generated }) => isNumber(type) && !generated);
}

export function texts(relation: Relation): readonly Column[] {
  return relation.columns.filter(({ type, generated }) => isText(type) && !generated);
}
