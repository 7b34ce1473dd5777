import { builtInFunction, type BuiltIn } from './built-in-functions.js';
import { builtInRelation, isBuiltInType, type BuiltInRelation } from './built-in-relations.js';
import type { Catalog } from './catalog.js';
import type { Undecided } from './undecided.js';
import { slotKey } from './catalog.js';
import type { Relation, Routine, UserType } from './objects.js';

/**
 * Names → objects, as src/backend/catalog/namespace.c finds them: a qualified name in its schema, any other along the
 * search_path, where pg_temp and pg_catalog stand first unless they are named in it.
 *
 * Every slot that was looked into is told: a statement that finds `t` in the second schema of its path depends on there being
 * none in the first.
 */
export interface Lookup {
  readonly slots: readonly string[];
}

export interface RelationLookup extends Lookup {
  readonly relation?: Relation;
  /** PostgreSQL's own: what reading it means. */
  readonly builtIn?: BuiltInRelation;
}

export interface RoutineLookup extends Lookup {
  /** All overloads in all schemas: which one is called depends on types that are not known here. */
  readonly routines: readonly Routine[];
  readonly builtIn?: BuiltIn;
}

export interface TypeLookup extends Lookup {
  readonly type?: UserType;
  /** The row type of a table. */
  readonly relation?: Relation;
  readonly isBuiltIn: boolean;
}

interface QualifiedName {
  readonly schema?: string | undefined;
  readonly name: string;
}

export class Names {
  readonly #catalog: Catalog;
  readonly #path: readonly string[];

  constructor(catalog: Catalog, path: readonly string[]) {
    this.#catalog = catalog;
    this.#path = path;
  }

  get undecided(): Undecided {
    return this.#catalog.undecided;
  }

  /** Schemas that a new object may be made in: the first of the path. */
  get creation(): string {
    return this.#path.find((schema) => schema !== 'pg_catalog' && schema !== TEMPORARY) ?? 'public';
  }

  relation({ schema, name }: QualifiedName): RelationLookup {
    const slots: string[] = [];
    for (const place of this.#places(schema, true)) {
      if (SYSTEM.has(place)) {
        const builtIn = place === 'pg_catalog' ? builtInRelation(name) : ofSystemSchema(place, schema);
        if (builtIn !== undefined) return { slots, builtIn };
        continue;
      }
      if (place !== TEMPORARY) slots.push(slotKey('relation', place, name));
      const relation = this.#catalog.relationNamed(place, name);
      if (relation !== undefined) return { slots, relation };
    }
    return { slots };
  }

  /** Sequences that a column owns. */
  owned({ id }: Relation, column: string): readonly Relation[] {
    return this.#catalog
      .dependents(id)
      .filter(
        (part): part is Relation =>
          part.class === 'relation' &&
          part.kind === 'sequence' &&
          part.table === id &&
          part.column === column,
      );
  }

  routines({ schema, name }: QualifiedName): RoutineLookup {
    const slots: string[] = [];
    const routines: Routine[] = [];
    let builtIn: BuiltIn | undefined;
    for (const place of this.#places(schema, false)) {
      if (place === 'pg_catalog') builtIn = builtInFunction(name);
      if (SYSTEM.has(place)) continue;
      slots.push(slotKey('routine', place, name));
      routines.push(...this.#catalog.routinesNamed(place, name));
    }
    return { slots, routines, ...(builtIn === undefined ? {} : { builtIn }) };
  }

  type({ schema, name }: QualifiedName): TypeLookup {
    const slots: string[] = [];
    for (const place of this.#places(schema, true)) {
      if (SYSTEM.has(place)) {
        if (place !== 'pg_catalog' || isBuiltInType(name)) return { slots, isBuiltIn: true };
        continue;
      }
      if (place !== TEMPORARY) slots.push(slotKey('type', place, name));
      const plain = name.startsWith('_') ? name.slice(1) : name;
      const type = this.#catalog.typeNamed(place, name) ?? this.#catalog.typeNamed(place, plain);
      if (type !== undefined) return { slots, type, isBuiltIn: false };
      const relation = this.#catalog.relationNamed(place, name) ?? this.#catalog.relationNamed(place, plain);
      if (relation !== undefined) return { slots, relation, isBuiltIn: false };
    }
    return { slots, isBuiltIn: false };
  }

  #places(schema: string | undefined, withTemporary: boolean): readonly string[] {
    if (schema !== undefined) return [schema.startsWith('pg_temp') ? TEMPORARY : schema];
    const first = [
      ...(withTemporary && !this.#path.includes(TEMPORARY) ? [TEMPORARY] : []),
      ...(this.#path.includes('pg_catalog') ? [] : ['pg_catalog']),
    ];
    return [...first, ...this.#path];
  }
}

/** Where temporary objects are, whichever the session. */
export const TEMPORARY = 'pg_temp';

const SYSTEM: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast']);

/** Views of information_schema read the catalogs; its name must be written to get there. */
function ofSystemSchema(place: string, written: string | undefined): 'catalog' | undefined {
  return written === place || place === 'information_schema' ? 'catalog' : undefined;
}
