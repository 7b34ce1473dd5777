/**
 * What the system catalogs of a database say about the objects that people made in it, as rows: the live half of the
 * catalog that the analysis of statements resolves names against. Objects of pg_catalog, information_schema, pg_toast and of
 * temporary schemas are left out, but for routines and types that people or extensions put into pg_catalog. Expressions, queries and definitions are SQL text in which all names are qualified (the
 * server writes them with an empty search_path), so that they mean the same wherever they are read.
 *
 * Plain data: it may cross threads.
 */
export interface CatalogRows {
  readonly session: SessionRow;
  /** Without pg_catalog, information_schema, pg_toast and temporary ones. */
  readonly schemas: readonly { readonly name: string; readonly owner: string }[];
  readonly roles: readonly string[];
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  /** Inheritance and partitions (pg_inherits). */
  readonly inheritance: readonly { readonly child: number; readonly parent: number }[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly triggers: readonly TriggerRow[];
  /** Without the `_RETURN` rules of views. Disabled ones are in it. */
  readonly rules: readonly RuleRow[];
  readonly policies: readonly PolicyRow[];
  readonly statistics: readonly StatisticsRow[];
  readonly sequences: readonly SequenceRow[];
  readonly routines: readonly RoutineRow[];
  readonly types: readonly TypeRow[];
  /** Functions that are called without being named: of operators, casts, operator classes, types' input and output. */
  readonly hidden: readonly HiddenRoutineRow[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly eventTriggers: readonly EventTriggerRow[];
  readonly publications: readonly { readonly name: string; readonly allTables: boolean }[];
  /**
   * Names of objects that have neither rows nor code: `collation`, `statistics`, `text search configuration`, `operator` …
   * The schema is empty for what is in none (`foreign server`, `language`, `tablespace` …).
   */
  readonly others: readonly { readonly kind: string; readonly schema: string; readonly name: string }[];
}

export interface SessionRow {
  /** What a new session of this user in this database begins with, as `SHOW search_path` prints it. */
  readonly searchPath: string;
  /** current_user: what it creates belongs to it, and `"$user"` is its name. */
  readonly user: string;
  readonly isSuperuser: boolean;
  readonly database: string;
  /** server_version_num */
  readonly version: number;
}

export interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r p v m S i I f c. */
  readonly kind: string;
  readonly owner: string;
  readonly isUnlogged: boolean;
  readonly isPartition: boolean;
  /** Of a partition: `FOR VALUES …`, or `DEFAULT`: a new sibling of that one reads and locks it. */
  readonly partitionBound: string | null;
  readonly rowSecurity: boolean;
  /** Of a partitioned table: pg_get_partkeydef. */
  readonly partitionKey: string | null;
  /** Of a view or a materialized view: pg_get_viewdef. */
  readonly query: string | null;
  /** A view WITH CHECK OPTION. */
  readonly checkOption: boolean;
  /** The composite type of a typed table (reloftype), or which a composite type's relation is (reltype); 0: none. */
  readonly ofType: number;
  /** The type of its rows (reltype); 0: none. */
  readonly rowType: number;
  /** Name of the extension that it belongs to. */
  readonly extension: string | null;
}

export interface ColumnRow {
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  /** format_type(), names qualified. */
  readonly type: string;
  /** Of an array: that of its elements. */
  readonly typeOid: number;
  /** pg_get_expr of its default or generation expression. */
  readonly expression: string | null;
  readonly isGenerated: boolean;
  readonly isIdentity: boolean;
}

export interface ConstraintRow {
  readonly name: string;
  /** 0 for that of a domain. */
  readonly relation: number;
  /** The domain's type; 0 for that of a relation. */
  readonly domain: number;
  /** pg_constraint.contype: c f p u x t n. */
  readonly type: string;
  /** pg_get_constraintdef */
  readonly definition: string;
  /** Of a foreign key. */
  readonly target: number;
  /** Of a foreign key: pg_constraint.confdeltype and confupdtype: a r c n d. */
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly isDeferrable: boolean;
  /** Of a foreign key: it is looked after where session_replication_role is replica, too. */
  readonly isAlways: boolean;
  /** The index that it rests on; 0: none. */
  readonly index: number;
}

export interface IndexRow {
  readonly oid: number;
  readonly table: number;
  readonly isUnique: boolean;
  readonly isExclusion: boolean;
  /** The names of its own columns: pg_attribute.attname, in their order. */
  readonly keys: readonly string[];
  /** pg_get_indexdef */
  readonly definition: string;
}

export interface TriggerRow {
  readonly name: string;
  readonly relation: number;
  readonly routine: number;
  /** pg_trigger.tgtype: bits of row, before, insert, delete, update, truncate, instead. */
  readonly type: number;
  /** pg_trigger.tgenabled: O D R A. */
  readonly enabled: string;
  /** pg_get_triggerdef */
  readonly definition: string;
}

export interface RuleRow {
  readonly name: string;
  readonly relation: number;
  readonly event: 'insert' | 'update' | 'delete';
  readonly isInstead: boolean;
  /** pg_get_ruledef */
  readonly definition: string;
}

export interface PolicyRow {
  readonly name: string;
  readonly relation: number;
  /** pg_get_expr of its USING and WITH CHECK. */
  readonly using: string | null;
  readonly check: string | null;
}

/** Extended statistics: ANALYZE evaluates their expressions. */
export interface StatisticsRow {
  readonly schema: string;
  readonly name: string;
  readonly relation: number;
  /** pg_get_statisticsobjdef */
  readonly definition: string;
}

export interface EventTriggerRow {
  readonly name: string;
  readonly routine: number;
  /** pg_event_trigger.evtevent: `ddl_command_start`, `sql_drop` … */
  readonly event: string;
  /** pg_event_trigger.evtenabled: O D R A. */
  readonly enabled: string;
}

export interface SequenceRow {
  readonly oid: number;
  /** The table that owns it; 0: none. */
  readonly owner: number;
  /** Number of the column; 0: none. */
  readonly column: number;
  /** pg_sequence.seqcache is more than 1. */
  readonly isCached: boolean;
}

export interface RoutineRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_proc.prokind: f p a w. */
  readonly kind: string;
  readonly language: string;
  /** pg_proc.provolatile: i s v. */
  readonly volatility: string;
  readonly isSecurityDefiner: boolean;
  /** pg_proc.prosrc */
  readonly source: string;
  /** pg_get_function_sqlbody: of BEGIN ATOMIC and RETURN. */
  readonly body: string | null;
  /** pg_get_function_arguments: with defaults. */
  readonly arguments: string;
  /** pg_get_function_identity_arguments */
  readonly identity: string;
  /** pg_get_function_result; null for a procedure. */
  readonly result: string | null;
  /** pg_proc.proconfig */
  readonly settings: readonly string[];
  /** pg_get_functiondef; null for aggregates, and for those of extensions. */
  readonly definition: string | null;
  /** Of an aggregate: the functions that it is made of, as far as they are not of pg_catalog. */
  readonly parts: readonly number[];
  readonly extension: string | null;
}

export interface TypeRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b c d e r m, and p for a shell; array types and row types of tables are left out. */
  readonly kind: string;
  /** Of a domain: format_type() of what it is based on; of a range or multirange: of its elements. */
  readonly base: string | null;
  /** Of a domain: pg_get_expr of its default. Its checks are among the constraints. */
  readonly expression: string | null;
  /** Of a composite type: its pg_class.oid; 0: none. */
  readonly relation: number;
  readonly extension: string | null;
}

export interface HiddenRoutineRow {
  readonly kind: 'operator' | 'cast' | 'operator class' | 'type';
  /** As people know it: `public.=`, `cast (a as b)`. */
  readonly name: string;
  /** Only those that are not of pg_catalog. */
  readonly routine: number;
}
