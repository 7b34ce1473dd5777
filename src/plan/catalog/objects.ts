import type { Bound } from './bound.js';

/**
 * The objects of the symbolic catalog. Objects are never changed, only replaced (catalog.ts), so that a transaction that
 * rolls back gives the old ones back. References lead from one object to another by number, as PostgreSQL's do by OID: a
 * rename does not break them.
 */
export type CatalogObject = Relation | Routine | UserType | PlainObject;

interface Named {
  /** Also its number as a resource (access-set.ts). */
  readonly id: number;
  readonly schema: string;
  readonly name: string;
}

export type RelationKind =
  | 'table'
  | 'partitioned table'
  | 'foreign table'
  | 'view'
  | 'materialized view'
  | 'sequence'
  | 'index'
  | 'composite type';

export interface Relation extends Named {
  readonly class: 'relation';
  readonly kind: RelationKind;
  readonly columns: readonly Column[];
  /** Tables that it inherits from, or is a partition of; of an index, a table's toast: nothing. */
  readonly parents: readonly number[];
  /** Of views and materialized views. */
  readonly query?: Bound;
  readonly constraints: readonly Constraint[];
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Rule[];
  readonly policies: readonly Policy[];
  /** Of an index: its table. Of a sequence: the table that owns it. */
  readonly table?: number;
  /** Of a sequence that a column owns. */
  readonly column?: string;
  /** Of a sequence: a session that draws from it takes more than one value at once (CACHE). */
  readonly isCached?: boolean;
  /** Of an index: its expressions and its predicate. */
  readonly expressions?: Bound;
  /** Of an index: the columns that it names; undefined: nobody knows. */
  readonly indexed?: readonly string[];
  /** Of an index: how its own columns are called (index-names.ts); undefined: nobody knows. */
  readonly keys?: readonly string[];
  /** Of an index. */
  readonly isUnique?: boolean;
  /** Of an index of a partition: it may not be there, since there was one like it, or since that of the root has gone. */
  readonly isDoubtful?: boolean;
  /** Of a partitioned table: its partition key. */
  readonly partitionKey?: Bound;
  /** Is a partition of its parent, and not only its heir. */
  readonly isPartition?: boolean;
  /** Of a table that was made from a query: types that its columns may have, which are not told apart. */
  readonly types?: readonly number[];
  /** Of a typed table: its composite type; of a composite type's relation: the type. */
  readonly ofType?: number;
}

export interface Column {
  readonly name: string;
  /** The user's type that its values have, or the table whose rows they are, arrays looked through; undefined: one of PostgreSQL's own. */
  readonly type?: number;
  /** It has one of the types `reg…`: its values are names that are looked up in the catalogs. */
  readonly looksUp?: boolean;
  /** Its default or generation expression; of an identity column the drawing of its sequence. */
  readonly expression?: Bound;
  readonly isGenerated?: boolean;
  readonly isIdentity?: boolean;
  /** Which column it is by number is not known: those of views and of CREATE TABLE AS are not followed. */
  readonly isSomewhere?: boolean;
}

export type Constraint =
  | { readonly type: 'check'; readonly name: string; readonly expression: Bound }
  | IndexConstraint
  | ForeignKey
  | NotNull
  | { readonly type: 'other'; readonly name: string };

/** A primary key, a unique or an exclusion constraint. */
export interface IndexConstraint {
  readonly type: 'index';
  readonly name: string;
  readonly index: number;
  readonly isExclusion: boolean;
  /** A key WITHOUT OVERLAPS, which excludes, too. */
  readonly isTemporal?: boolean;
  readonly isPrimary?: boolean;
}

/** PostgreSQL 18 keeps it as a constraint, with a name. */
export interface NotNull {
  readonly type: 'not null';
  readonly name: string;
  readonly column: string;
}

export interface ForeignKey {
  readonly type: 'foreign key';
  readonly name: string;
  readonly target: number;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** Where session_replication_role is replica, too: a trigger of it has been enabled so. */
  readonly isAlways?: boolean;
}

/** `check`: NO ACTION and RESTRICT; `change`: SET NULL and SET DEFAULT. */
export type ReferentialAction = 'check' | 'cascade' | 'change';

export type RowEvent = 'insert' | 'update' | 'delete' | 'truncate';

export interface Trigger {
  readonly name: string;
  readonly events: readonly RowEvent[];
  /** Undefined: one of PostgreSQL's own, which look at their row alone. */
  readonly routine?: number;
  readonly isInstead: boolean;
  readonly isRow: boolean;
  readonly when?: Bound;
  /** Of a constraint trigger: the other table, with which it is dropped. */
  readonly from?: number;
}

export interface Rule {
  readonly name: string;
  readonly event: RowEvent;
  readonly isInstead: boolean;
  /** It has a condition, and so may leave the statement as it is. */
  readonly isConditional: boolean;
  readonly actions: Bound;
}

export interface Policy {
  readonly name: string;
  readonly expressions: Bound;
}

export interface Routine extends Named {
  readonly class: 'routine';
  readonly language: string;
  /** Of SQL in a string, PL/pgSQL and others: as it is written. */
  readonly source: string;
  /** The whole CREATE FUNCTION: the PL/pgSQL parser wants it. */
  readonly definition?: string;
  /** Of BEGIN ATOMIC and RETURN: bound when it is created. Of an aggregate: its parts. Of any: defaults of its arguments. */
  readonly body?: Bound;
  readonly isString: boolean;
  /** Identity of its arguments, as far as it can be told from the text: to tell overloads apart. */
  readonly arguments: string;
  /** `SET search_path = …` in its definition. */
  readonly searchPath?: string;
  /** Types of its arguments and its result. */
  readonly types: readonly number[];
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly extension?: string;
}

export interface UserType extends Named {
  readonly class: 'type';
  /** A multirange is a range, too. */
  readonly kind: 'domain' | 'enum' | 'composite' | 'range' | 'other';
  /** Types that it is made of, and tables whose rows are in it. */
  readonly parts: readonly number[];
  /** Of a domain: its CHECKs and its default. */
  readonly checks?: Bound;
  /** Of a domain. */
  readonly constraints?: readonly { readonly name: string }[];
}

/** What has a name and a definition, but neither rows nor code: a schema, a collation, a role … */
export interface PlainObject extends Named {
  readonly class: 'plain';
  readonly kind: string;
  readonly refers: readonly number[];
  /** Of extended statistics: what ANALYZE of their table evaluates. */
  readonly expressions?: Bound;
}
