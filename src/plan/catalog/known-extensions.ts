/**
 * Extensions whose C functions are known: they touch nothing but their arguments, or they are named here as those that do
 * more (run SQL, read a table, keep something in the session). What they say about themselves (immutable, volatile) tells
 * less: most functions of uuid-ossp are volatile, and most of dblink could not be worse.
 *
 * Functions in SQL or PL/pgSQL are not judged by this: their bodies can be read.
 */
import { wordsOf } from './word-list.js';

const EXTENSIONS: Readonly<Record<string, string>> = {
  // Of contrib.
  btree_gin: '',
  btree_gist: '',
  citext: '',
  cube: '',
  dict_int: '',
  dict_xsyn: '',
  earthdistance: '',
  fuzzystrmatch: '',
  hstore: '',
  insert_username: '',
  intagg: '',
  intarray: '',
  isn: 'isn_weak',
  lo: 'lo_manage',
  ltree: '',
  moddatetime: '',
  pg_trgm: 'set_limit',
  pgcrypto: '',
  seg: '',
  sslinfo: '',
  tablefunc: 'crosstab crosstab_hash crosstab2 crosstab3 crosstab4 crosstabn connectby',
  tsm_system_rows: '',
  tsm_system_time: '',
  unaccent: '',
  'uuid-ossp': '',
  xml2: 'xpath_table xslt_process',
  // Of others.
  hll: 'hll_set_defaults hll_set_max_sparse hll_set_output_version',
  ip4r: '',
  pg_uuidv7: '',
  // Coordinate systems are rows of spatial_ref_sys; the rest looks into tables and catalogs, or changes them.
  postgis: `
    addauth addgeometrycolumn checkauth checkauthtrigger disablelongtransactions dropgeometrycolumn
    dropgeometrytable enablelongtransactions find_srid geometry_columns get_proj4_from_srid gettransactionid
    lockrow longtransactionsenabled populate_geometry_columns postgis_addbbox_all postgis_cache_bbox
    postgis_constraint_dims postgis_constraint_srid postgis_constraint_type postgis_extensions_upgrade
    postgis_full_version postgis_srs postgis_srs_all postgis_srs_codes postgis_srs_search
    postgis_transform_geometry postgis_transform_pipeline_geometry postgis_type_name st_asgeojson st_asgml
    st_askml st_asx3d st_estimatedextent st_estimated_extent st_findextent st_find_extent
    st_inversetransformpipeline st_transform st_transformpipeline unlockrows updategeometrysrid
    _postgis_index_extent _postgis_join_selectivity _postgis_selectivity _postgis_stats
  `,
  semver: '',
  vector: '',
};

const exceptions: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(EXTENSIONS).map(([name, text]) => [name, new Set(wordsOf(text))]),
);

/** What a C function of an extension does, by its name in lower case. Of an extension that is not known here: `unknown`. */
export function extensionFunction(extension: string, name: string): 'pure' | 'unknown' {
  const unknown = exceptions.get(extension);
  return unknown === undefined || unknown.has(name) ? 'unknown' : 'pure';
}
