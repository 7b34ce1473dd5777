import { describe, expect, it } from 'vitest';
import { BUILT_IN_CLASSES, builtInFunction } from '../../../../src/plan/catalog/built-in-functions.js';
import {
  builtInRelation,
  isBuiltInType,
  isInformationSchemaType,
  isInformationSchemaView,
} from '../../../../src/plan/catalog/built-in-relations.js';
import { IMMUTABLE } from '../../../../src/plan/catalog/immutable-functions.js';
import { extensionFunction } from '../../../../src/plan/catalog/known-extensions.js';
import { PLACED } from '../../../../src/plan/catalog/placed-functions.js';
import { wordsOf } from '../../../../src/plan/catalog/word-list.js';

const FUNCTIONS = {
  pure: 'now random clock_timestamp pg_sleep to_char current_setting generate_series count row_number json_agg lower',
  catalog: 'to_regclass pg_get_viewdef has_table_privilege obj_description format_type current_schemas',
  'sequence-write': 'nextval setval',
  'sequence-session': 'currval lastval',
  setting: 'set_config',
  session: 'pg_advisory_lock setseed pg_listening_channels pg_export_snapshot',
  lock: 'pg_advisory_xact_lock pg_try_advisory_xact_lock_shared',
  notify: 'pg_notify',
  'large-object': 'lo_create lo_from_bytea lo_unlink loread lowrite lo_get',
  unknown:
    'query_to_xml table_to_xml ts_stat ts_rewrite pg_read_file lo_import lo_export pg_terminate_backend pg_start_backup',
  rows: 'pg_total_relation_size pg_relation_size pg_sequence_last_value',
};

describe('functions', () => {
  it.each(BUILT_IN_CLASSES)('that are %s', (kind) => {
    for (const name of wordsOf(FUNCTIONS[kind])) expect([name, builtInFunction(name)]).toEqual([name, kind]);
  });

  it('of others are not told', () => {
    expect(builtInFunction('dblink')).toBeUndefined();
    expect(builtInFunction('constructor')).toBeUndefined();
  });

  it('stand in one place only', () => {
    const names = [IMMUTABLE, ...Object.values(PLACED)].flatMap(wordsOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

it('relations', () => {
  expect(builtInRelation('pg_class')).toBe('catalog');
  expect(builtInRelation('pg_largeobject')).toBe('large-object');
  expect(builtInRelation('pg_sequences')).toBe('rows');
  expect(builtInRelation('pg_cursors')).toBe('session');
  expect(builtInRelation('pg_stat_activity')).toBe('pure');
  expect(builtInRelation('toString')).toBeUndefined();
});

it('types', () => {
  const known = [
    'int4',
    '_int4',
    'record',
    '_record',
    'tstzmultirange',
    'oidvector',
    'pg_class',
    '_pg_class',
  ];
  for (const name of known) expect([name, isBuiltInType(name)]).toEqual([name, true]);
  for (const name of ['citext', '_', '', 'int']) expect([name, isBuiltInType(name)]).toEqual([name, false]);
});

it('the information schema', () => {
  expect(isInformationSchemaView('columns')).toBe(true);
  expect(isInformationSchemaView('pg_class')).toBe(false);
  expect(isInformationSchemaType('sql_identifier')).toBe(true);
});

it('functions of extensions', () => {
  expect(extensionFunction('pgcrypto', 'crypt')).toBe('pure');
  expect(extensionFunction('uuid-ossp', 'uuid_generate_v4')).toBe('pure');
  expect(extensionFunction('tablefunc', 'crosstab')).toBe('unknown');
  expect(extensionFunction('tablefunc', 'normal_rand')).toBe('pure');
  expect(extensionFunction('postgis', 'st_transform')).toBe('unknown');
  expect(extensionFunction('postgis', 'st_distance')).toBe('pure');
  expect(extensionFunction('dblink', 'dblink_exec')).toBe('unknown');
  expect(extensionFunction('constructor', 'x')).toBe('unknown');
});
