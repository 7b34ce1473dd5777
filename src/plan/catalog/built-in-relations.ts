/**
 * The tables, views and types of pg_catalog and information_schema, of PostgreSQL 13 to 18.
 */
import type { BuiltIn } from './built-in-functions.js';
import { wordsOf } from './word-list.js';

/**
 * What reading a table or view of pg_catalog comes to. Writing one is another matter: nobody knows what that does.
 * `catalog` does not tell what ANALYZE and VACUUM leave in pg_class. What ANALYZE finds out is `rows`, as are the
 * values of sequences.
 */
const RELATIONS = {
  catalog: `
    pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_authid
    pg_available_extension_versions pg_available_extensions pg_cast pg_class pg_collation pg_constraint
    pg_conversion pg_database pg_db_role_setting pg_default_acl pg_depend pg_description pg_enum
    pg_event_trigger pg_extension pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_group pg_index
    pg_indexes pg_inherits pg_init_privs pg_language pg_matviews pg_namespace pg_opclass pg_operator pg_opfamily
    pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_proc pg_publication pg_publication_namespace
    pg_publication_rel pg_publication_tables pg_range pg_rewrite pg_roles pg_rules pg_seclabel pg_seclabels
    pg_sequence pg_shadow pg_shdepend pg_shdescription pg_shseclabel pg_stat_all_indexes pg_stat_all_tables
    pg_stat_sys_indexes pg_stat_sys_tables pg_stat_user_functions pg_stat_user_indexes pg_stat_user_tables
    pg_stat_xact_all_tables pg_stat_xact_sys_tables pg_stat_xact_user_functions pg_stat_xact_user_tables
    pg_statio_all_indexes pg_statio_all_sequences pg_statio_all_tables pg_statio_sys_indexes
    pg_statio_sys_sequences pg_statio_sys_tables pg_statio_user_indexes pg_statio_user_sequences
    pg_statio_user_tables pg_statistic_ext pg_subscription pg_tables pg_tablespace pg_transform pg_trigger
    pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_user pg_user_mapping
    pg_user_mappings pg_views
  `,
  'large-object': 'pg_largeobject pg_largeobject_metadata',
  session: 'pg_cursors pg_prepared_statements',
  pure: `
    pg_aios pg_backend_memory_contexts pg_config pg_locks pg_settings pg_shmem_allocations
    pg_shmem_allocations_numa pg_stat_activity pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer
    pg_stat_database pg_stat_database_conflicts pg_stat_gssapi pg_stat_io pg_stat_progress_analyze
    pg_stat_progress_basebackup pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index
    pg_stat_progress_vacuum pg_stat_recovery_prefetch pg_stat_replication pg_stat_slru pg_stat_ssl pg_stat_wal
    pg_stat_wal_receiver pg_timezone_abbrevs pg_timezone_names pg_wait_events
  `,
  rows: 'pg_sequences pg_statistic pg_statistic_ext_data pg_stats pg_stats_ext pg_stats_ext_exprs',
  unknown: `
    pg_file_settings pg_hba_file_rules pg_ident_file_mappings pg_prepared_xacts pg_replication_origin
    pg_replication_origin_status pg_replication_slots pg_stat_replication_slots pg_stat_subscription
    pg_stat_subscription_stats pg_subscription_rel
  `,
} as const satisfies Partial<Record<BuiltIn, string>>;

const TYPES = `
  aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
  anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea char cid
  cidr circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 gtsvector
  index_am_handler inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range internal
  interval json jsonb jsonpath language_handler line lseg macaddr macaddr8 money name numeric nummultirange
  numrange oid oidvector path pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command
  pg_dependencies pg_lsn pg_mcv_list pg_ndistinct pg_node_tree pg_snapshot point polygon record refcursor
  regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole
  regtype table_am_handler text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange tsquery
  tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml
`;

/** Views, and the few tables behind `sql_features` and its kin. */
const INFORMATION_SCHEMA = `
  _pg_foreign_data_wrappers _pg_foreign_servers _pg_foreign_table_columns _pg_foreign_tables _pg_user_mappings
  administrable_role_authorizations applicable_roles attributes character_sets check_constraint_routine_usage
  check_constraints collation_character_set_applicability collations column_column_usage column_domain_usage
  column_options column_privileges column_udt_usage columns constraint_column_usage constraint_table_usage
  data_type_privileges domain_constraints domain_udt_usage domains element_types enabled_roles
  foreign_data_wrapper_options foreign_data_wrappers foreign_server_options foreign_servers
  foreign_table_options foreign_tables information_schema_catalog_name key_column_usage parameters
  referential_constraints role_column_grants role_routine_grants role_table_grants role_udt_grants
  role_usage_grants routine_column_usage routine_privileges routine_routine_usage routine_sequence_usage
  routine_table_usage routines schemata sequences sql_features sql_implementation_info sql_parts sql_sizing
  table_constraints table_privileges tables transforms triggered_update_columns triggers udt_privileges
  usage_privileges user_defined_types user_mapping_options user_mappings view_column_usage view_routine_usage
  view_table_usage views
`;

const INFORMATION_SCHEMA_DOMAINS = 'cardinal_number character_data sql_identifier time_stamp yes_or_no';

export type BuiltInRelation = keyof typeof RELATIONS;

/** Undefined: pg_catalog has no table or view of that name. */
export function builtInRelation(name: string): BuiltInRelation | undefined {
  return relations.get(name);
}

/** A type of pg_catalog, by its internal name (`int4`, `_int4`); row types of its tables are among them. */
export function isBuiltInType(name: string): boolean {
  return types.has(name) || relations.has(name) || (name.startsWith('_') && isBuiltInType(name.slice(1)));
}

/** regclass, regtype …: values are names, which are looked up in the catalogs. */
export function isNameType(name: string | undefined): boolean {
  return name !== undefined && NAME_TYPE.test(name);
}

const NAME_TYPE =
  /^reg(?:class|collation|config|dictionary|namespace|oper(?:ator)?|proc(?:edure)?|role|type)\b/;

/** A view or table of information_schema. All of them show catalogs only. */
export function isInformationSchemaView(name: string): boolean {
  return informationSchema.has(name);
}

/** A domain of information_schema. */
export function isInformationSchemaType(name: string): boolean {
  return informationSchemaDomains.has(name);
}

const relations: ReadonlyMap<string, BuiltInRelation> = new Map(
  // The keys of an object are its own type's; entries() forgets that.
  (Object.entries(RELATIONS) as [BuiltInRelation, string][]).flatMap(([kind, text]) =>
    wordsOf(text).map((name) => [name, kind] as const),
  ),
);
const types = new Set(wordsOf(TYPES));
const informationSchema = new Set(wordsOf(INFORMATION_SCHEMA));
const informationSchemaDomains = new Set(wordsOf(INFORMATION_SCHEMA_DOMAINS));
