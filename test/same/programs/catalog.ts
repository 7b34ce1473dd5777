import type pg from 'pg';

/**
 * What exists in the database while a program is being made: read from it again after every statement that may have
 * changed it, so that the next one names what is there.
 */
export interface Catalog {
  readonly user: string;
  readonly path: readonly string[];
  readonly schemas: readonly string[];
  readonly relations: readonly Relation[];
  readonly routines: readonly Routine[];
  readonly types: readonly NamedType[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly OfRelation[];
  readonly triggers: readonly OfRelation[];
  readonly rules: readonly OfRelation[];
  readonly policies: readonly OfRelation[];
  readonly statistics: readonly Named[];
  readonly operators: readonly Operator[];
  /** Of a type of the program's own to integer. */
  readonly casts: readonly string[];
  readonly collations: readonly Named[];
  readonly searches: readonly Named[];
  readonly publications: readonly string[];
}

export interface Named {
  readonly schema: string;
  readonly name: string;
  /** The search path leads to it. */
  readonly visible: boolean;
}

/** As ALTER and COMMENT call them. */
export const RELATION_WORDS = {
  r: 'TABLE',
  p: 'TABLE',
  v: 'VIEW',
  m: 'MATERIALIZED VIEW',
  S: 'SEQUENCE',
} as const;

/** r: table, p: partitioned table, v: view, m: materialized view, S: sequence. */
export interface Relation extends Named {
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'S';
  readonly temporary: boolean;
  readonly isPartition: boolean;
  readonly ofType: boolean;
  readonly hasChildren: boolean;
  readonly isPopulated: boolean;
  readonly columns: readonly Column[];
  /** A sequence that belongs to a column. */
  readonly isOwned: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
  readonly identity: string;
  readonly generated: boolean;
  readonly inherited: boolean;
}

export interface Routine extends Named {
  /** f: function, p: procedure, a: aggregate. */
  readonly kind: 'f' | 'p' | 'a';
  readonly result: string;
  readonly signature: string;
  readonly set: boolean;
}

/** As DROP, ALTER and COMMENT call it. */
export function typeWord({ kind }: NamedType): string {
  return kind === 'd' ? 'DOMAIN' : 'TYPE';
}

/** d: domain, e: enum, c: composite, r: range, m: multirange. */
export interface NamedType extends Named {
  readonly kind: 'd' | 'e' | 'c' | 'r' | 'm';
  readonly labels: readonly string[];
}

/** `arguments`: as DROP and COMMENT want them. */
export interface Operator extends Named {
  readonly arguments: string;
}

export interface Index extends Named {
  readonly table: Named;
  readonly constraint: string;
  readonly unique: boolean;
  readonly partial: boolean;
}

export interface OfRelation {
  readonly name: string;
  /** contype, tgenabled. */
  readonly kind: string;
  readonly table: Named & { readonly kind: Relation['kind'] };
  readonly validated: boolean;
}

/** The query is prepared: to plan it takes most of its time, and a file asks it many times. */
export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const { rows } = await client.query<{ catalog: Catalog }>({ name: 'same_catalog', text: QUERY });
  const [row] = rows;
  if (row === undefined) throw new Error('the catalog gave no row');
  return row.catalog;
}

const USER = `n.nspname !~ '^pg_(catalog|toast|temp)|^information_schema$'`;
const OURS = `(${USER} OR n.oid = pg_my_temp_schema())`;
/** A session's own schema has a number that is another in every session. */
const SCHEMA = `CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END`;

const TABLE = `json_build_object('schema', ${SCHEMA}, 'name', c.relname, 'kind', c.relkind,
  'visible', pg_table_is_visible(c.oid))`;

/** Objects of relations: their own name and kind, whether they hold, and their table. */
const ofRelation = (from: string, more: { name: string; kind: string; validated?: string }): string =>
  `(SELECT coalesce(json_agg(json_build_object('name', ${more.name}, 'kind', ${more.kind},
      'validated', ${more.validated ?? 'true'}, 'table', ${TABLE}) ORDER BY n.nspname, c.relname, ${more.name}), '[]')
    FROM ${from} JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS})`;

const COLUMNS = `(SELECT coalesce(json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
    'hasDefault', atthasdef OR typdefault IS NOT NULL, 'identity', attidentity, 'generated', attgenerated <> '', 'inherited', attinhcount > 0)
    ORDER BY attnum), '[]')
  FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)`;

const QUERY = `SELECT json_build_object(
  'user', current_user,
  'path', (SELECT coalesce(json_agg(s ORDER BY o), '[]') FROM unnest(current_schemas(false)) WITH ORDINALITY u(s, o)
           WHERE s !~ '^pg_temp'),
  'schemas', (SELECT json_agg(nspname ORDER BY nspname) FROM pg_namespace n WHERE ${USER}),
  'relations', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA},
      'name', c.relname, 'kind', c.relkind, 'visible', pg_table_is_visible(c.oid), 'temporary', c.relpersistence = 't',
      'isPartition', c.relispartition, 'ofType', c.reloftype <> 0, 'hasChildren', c.relhassubclass,
      'isPopulated', c.relispopulated, 'columns', ${COLUMNS},
      'isOwned', EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                         AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') AND c.relkind = 'S'))
      ORDER BY n.nspname, c.relname), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S')),
  'routines', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', p.proname,
      'visible', pg_function_is_visible(p.oid), 'kind', p.prokind, 'result', format_type(p.prorettype, NULL),
      'set', p.proretset, 'signature', pg_get_function_identity_arguments(p.oid)) ORDER BY n.nspname, p.proname, 1::text), '[]')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${OURS} AND (p.prokind = 'a' OR p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'internal'))),
  'types', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', t.typname,
      'visible', pg_type_is_visible(t.oid), 'kind', t.typtype,
      'labels', (SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_enum WHERE enumtypid = t.oid))
      ORDER BY n.nspname, t.typname), '[]')
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE ${OURS} AND (t.typtype IN ('d', 'e', 'r', 'm') OR t.typtype = 'c' AND c.relkind = 'c')),
  'indexes', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', x.relname,
      'visible', pg_table_is_visible(x.oid), 'unique', i.indisunique, 'partial', i.indpred IS NOT NULL, 'table', ${TABLE},
      'constraint', coalesce((SELECT conname FROM pg_constraint WHERE conindid = x.oid AND contype IN ('p', 'u') LIMIT 1), ''))
      ORDER BY n.nspname, x.relname), '[]')
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}),
  'constraints', ${ofRelation('pg_constraint o JOIN pg_class c ON c.oid = o.conrelid', { name: 'o.conname', kind: 'o.contype', validated: 'o.convalidated' })},
  'triggers', ${ofRelation('(SELECT * FROM pg_trigger WHERE NOT tgisinternal) o JOIN pg_class c ON c.oid = o.tgrelid', { name: 'o.tgname', kind: 'o.tgenabled' })},
  'rules', ${ofRelation(`(SELECT * FROM pg_rewrite WHERE rulename <> '_RETURN') o JOIN pg_class c ON c.oid = o.ev_class`, { name: 'o.rulename', kind: 'o.ev_type' })},
  'policies', ${ofRelation('pg_policy o JOIN pg_class c ON c.oid = o.polrelid', { name: 'o.polname', kind: 'o.polcmd' })},
  'statistics', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', s.stxname,
      'visible', pg_statistics_obj_is_visible(s.oid)) ORDER BY n.nspname, s.stxname), '[]')
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${OURS}),
  'operators', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', o.oprname,
      'visible', pg_operator_is_visible(o.oid),
      'arguments', concat(CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, ', ', format_type(o.oprright, NULL)))
      ORDER BY n.nspname, o.oprname, o.oprleft::regtype::text), '[]')
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${OURS}),
  'casts', (SELECT coalesce(json_agg(format_type(castsource, NULL) ORDER BY 1), '[]')
    FROM pg_cast c WHERE c.casttarget = 'int'::regtype AND c.oid >= 16384),
  'collations', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', o.collname,
      'visible', pg_collation_is_visible(o.oid)) ORDER BY n.nspname, o.collname), '[]')
    FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE ${OURS}),
  'searches', (SELECT coalesce(json_agg(json_build_object('schema', ${SCHEMA}, 'name', o.cfgname,
      'visible', pg_ts_config_is_visible(o.oid)) ORDER BY n.nspname, o.cfgname), '[]')
    FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE ${OURS}),
  'publications', (SELECT coalesce(json_agg(pubname ORDER BY pubname), '[]') FROM pg_publication)
) AS catalog`;
