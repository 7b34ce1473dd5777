/**
 * An expression, a query or a body of code whose names are resolved: what it touches when it is run, by the numbers of
 * objects. Views, defaults, constraints, policies and BEGIN ATOMIC bodies are bound when they are created, as in PostgreSQL.
 */
export interface Bound {
  readonly relations: readonly RelationUse[];
  readonly routines: readonly number[];
  /** Types whose values it makes. */
  readonly types: readonly number[];
  /** PostgreSQL's own functions and catalogs that do more than compute. */
  readonly effects: readonly Effect[];
  /** Why nobody can tell what it does. */
  readonly unknown: readonly string[];
  /** It is nothing but the call of nextval: whoever evaluates it draws. */
  readonly isDraw?: true;
}

export const NOTHING: Bound = { relations: [], routines: [], types: [], effects: [], unknown: [] };

export interface RelationUse {
  readonly id: number;
  readonly operation: Operation;
  /** `ONLY t`: without the tables that inherit from it. */
  readonly isOnly: boolean;
  /** Of an insert, and of an update that takes defaults. */
  readonly insert?: InsertUse;
}

/** `lock`: SELECT … FOR UPDATE; `draw`: nextval and setval; `ask`: currval; `name`: its definition alone. */
export type Operation =
  'read' | 'insert' | 'update' | 'delete' | 'truncate' | 'lock' | 'draw' | 'ask' | 'name';

export interface InsertUse {
  /** The columns that are given; undefined: all, or the first so many. */
  readonly columns?: readonly string[];
  /** Without a list of columns: how many are given; undefined: nobody knows. */
  readonly count?: number;
  /** Some values are the word DEFAULT. */
  readonly hasDefaults: boolean;
  readonly onConflict: 'none' | 'nothing' | 'update';
  /** Values of identity columns that are given are not taken (OVERRIDING USER VALUE). */
  readonly overridesUser: boolean;
}

/**
 * - `catalog`: reads the system catalogs
 * - `rows`: tells of all rows that were written before
 * - `large objects`, `notify`, `lock`: what their names say
 * - `session`: leaves something in its session, or needs what was left there
 * - `setting`: changes a setting of its session
 * - `path`: may change its search_path or its role, by which names are found
 * - `drawn`: needs a value that the session took of some sequence (currval)
 * - `drawn last`: needs the one that it took last (lastval)
 */
export type Effect =
  | 'catalog'
  | 'rows'
  | 'large objects'
  | 'notify'
  | 'lock'
  | 'session'
  | 'setting'
  | 'path'
  | 'drawn'
  | 'drawn last';

/** All numbers of objects that a bound text refers to. */
export function referredBy(bound: Bound | undefined): readonly number[] {
  if (bound === undefined || bound === NOTHING) return NONE;
  return [...bound.relations.map(({ id }) => id), ...bound.routines, ...bound.types];
}

const NONE: readonly number[] = [];

export function joinBounds(bounds: readonly (Bound | undefined)[]): Bound {
  const real = bounds.filter((bound): bound is Bound => bound !== undefined && bound !== NOTHING);
  const [first, second] = real;
  if (first === undefined) return NOTHING;
  if (second === undefined) return first;
  return {
    relations: real.flatMap(({ relations }) => relations),
    routines: real.flatMap(({ routines }) => routines),
    types: real.flatMap(({ types }) => types),
    effects: real.flatMap(({ effects }) => effects),
    unknown: real.flatMap(({ unknown }) => unknown),
  };
}
