import { allColumns, numbers, type Scene } from './scene.js';
import { quoted, writeAlone } from './functions.js';
import { inARow, NEXT, TABLES, type Family } from './maker.js';
import { ROLES } from '../roles.js';

/** Settings and roles, rights, what only a session has, blocks of code, and upkeep. */
export const settings: Family = [
  {
    weight: 0.8,
    make: (scene) =>
      `SET ${scene.maybe(0.3, 'LOCAL ')}${scene.pick(["work_mem = '2MB'", 'extra_float_digits = 1', "datestyle = 'ISO, DMY'"])};`,
  },
  { weight: 0.7, make: (scene) => `SET ROLE ${scene.pick(ROLES)};` },
  { weight: 1.2, make: () => 'RESET ROLE;' },
  { weight: 0.4, make: () => 'RESET ALL;' },
  { weight: 0.5, make: (scene) => `SET session_replication_role = ${scene.pick(['replica', 'origin'])};` },
  { weight: 0.3, make: (scene) => `SET check_function_bodies = ${scene.pick(['off', 'on'])};` },
  { weight: 0.3, make: () => "SELECT set_config('same.value', '1', false);" },
];

export const rights: Family = [
  { weight: 2, make: grant },
  {
    weight: 0.8,
    make: (scene) => `GRANT ALL ON SCHEMA ${scene.pick(scene.catalog.schemas)} TO ${grantee(scene)};`,
  },
  { weight: 1, make: defaultPrivileges },
  { weight: 0.7, make: owner },
  { weight: 1.5, make: asAnother },
  { weight: 1, make: policy },
  { weight: 0.5, make: rowSecurity },
];

/** What another role may do depends on its rights of the schema, too. */
function asAnother(scene: Scene): string | undefined {
  const relation = scene.relation('r', 'v', 'm');
  if (relation === undefined) return undefined;
  const table = `${relation.schema}.${relation.name}`;
  const role = scene.pick(ROLES);
  const rights = (): string => {
    const [start, end] = scene.pick([
      ['GRANT', `TO ${role}`],
      ['GRANT', `TO ${role}`],
      ['REVOKE', `FROM ${role}`],
    ]);
    return `${start} ${scene.pick(['USAGE', 'ALL'])} ON SCHEMA ${relation.schema} ${end};`;
  };
  const read = `SELECT count(*) FROM ${table};`;
  return inARow(
    `GRANT SELECT ON ${table} TO ${role};`,
    rights(),
    ...scene.pick([
      [`SET ROLE ${role};`, read, 'RESET ROLE;'],
      [
        `CREATE FUNCTION public.d6() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ ${read} $$;`,
        `ALTER FUNCTION public.d6() OWNER TO ${role};`,
        'SELECT public.d6();',
      ],
      [
        `CREATE VIEW public.v3 AS ${read}`,
        `ALTER VIEW public.v3 OWNER TO ${role};`,
        'SELECT * FROM public.v3;',
      ],
    ]),
    rights(),
  );
}

function grantee(scene: Scene): string {
  return scene.pick(['PUBLIC', ...ROLES]);
}

function grant(scene: Scene): string | undefined {
  const who = grantee(scene);
  const [start, end] = scene.chance(0.7) ? ['GRANT', `TO ${who}`] : ['REVOKE', `FROM ${who}`];
  const relation = scene.relation('r', 'p', 'v', 'm');
  const routine = scene.any(scene.catalog.routines);
  const what = scene.pick([
    ...(relation === undefined
      ? []
      : [`${scene.pick(['ALL', 'SELECT', 'INSERT', 'SELECT, UPDATE'])} ON ${scene.name(relation)}`]),
    ...(relation?.columns[0] === undefined
      ? []
      : [`SELECT (${relation.columns[0].name}) ON ${scene.name(relation)}`]),
    ...(routine === undefined ? [] : [`EXECUTE ON ROUTINE ${scene.name(routine)}(${routine.signature})`]),
    `ALL ON ALL ${scene.pick(['TABLES', 'SEQUENCES', 'ROUTINES'])} IN SCHEMA ${scene.pick(scene.catalog.schemas)}`,
  ]);
  return `${start} ${what} ${end};`;
}

function defaultPrivileges(scene: Scene): string {
  const schema = scene.maybe(0.6, ` IN SCHEMA ${scene.pick(scene.catalog.schemas)}`);
  const what = scene.pick(['SELECT ON TABLES', 'ALL ON SEQUENCES', 'ALL ON TABLES', 'EXECUTE ON ROUTINES']);
  const who = grantee(scene);
  return `ALTER DEFAULT PRIVILEGES${schema} ${scene.chance(0.75) ? `GRANT ${what} TO ${who}` : `REVOKE ${what} FROM ${who}`};`;
}

function owner(scene: Scene): string | undefined {
  const table = scene.table();
  return table && `ALTER TABLE ${scene.name(table)} OWNER TO ${scene.pick([...ROLES, 'CURRENT_USER'])};`;
}

function policy(scene: Scene): string | undefined {
  const table = scene.table();
  const routine = scene.intFunction();
  const existing = scene.any(scene.catalog.policies);
  if (existing !== undefined && scene.chance(0.3))
    return `DROP POLICY ${existing.name} ON ${scene.name(existing.table)};`;
  const [number] = table === undefined ? [] : numbers(table);
  if (table === undefined || number === undefined) return undefined;
  const condition =
    routine === undefined ? `${number.name} < 5` : `(SELECT ${scene.name(routine)}(1)) IS NOT NULL`;
  return `CREATE POLICY ${scene.pick(['po1', 'po2'])} ON ${scene.name(table)} USING (${condition});`;
}

function rowSecurity(scene: Scene): string | undefined {
  const table = scene.table();
  return (
    table &&
    `ALTER TABLE ${scene.name(table)} ${scene.pick(['ENABLE', 'DISABLE', 'FORCE'])} ROW LEVEL SECURITY;`
  );
}

/** Files with one of these are one job, unless pqrun knows better. */
export const sessionObjects: Family = [
  {
    weight: 3,
    tied: true,
    make: (scene) => `CREATE TEMPORARY TABLE ${scene.pick(TABLES)} (id int, n int, t text);`,
  },
  { weight: 1, tied: true, make: temporaryAs },
  { weight: 2, tied: true, make: (scene) => prepared(scene) },
  { weight: 2, tied: true, make: (scene) => `EXECUTE ${scene.pick(['ps1', 'ps2'])};` },
  { weight: 0.5, tied: true, make: () => 'DISCARD TEMP;' },
  { weight: 0.5, tied: true, make: () => 'SELECT lastval();' },
  { weight: 0.5, tied: true, make: currval },
  { weight: 1, tied: true, make: createdByPrepared },
];

/** A cursor lives in a block. */
export const cursors: Family = [
  { weight: 1, tied: true, make: (scene) => declareCursor(scene) },
  { weight: 1.5, tied: true, make: () => 'FETCH 1 FROM cu1;', changes: 'rows' },
];

function temporaryAs(scene: Scene): string | undefined {
  const from = scene.readable();
  return (
    from &&
    `CREATE TEMPORARY TABLE ${scene.pick(TABLES)} AS SELECT ${allColumns(from)} FROM ${scene.name(from)};`
  );
}

function prepared(scene: Scene): string | undefined {
  const statement = writeAlone(scene, 4);
  const name = scene.pick(['ps1', 'ps2']);
  return statement && `PREPARE ${name} AS ${statement};${scene.maybe(0.5, `${NEXT}EXECUTE ${name};`)}`;
}

/** It may go with the block. */
function createdByPrepared(scene: Scene): string | undefined {
  const from = scene.readable();
  const made = from && `SELECT ${allColumns(from)} FROM ${scene.name(from)}`;
  const end = scene.inBlock ? ' ON COMMIT DROP' : '';
  return (
    made &&
    inARow(
      `PREPARE ps3 AS ${made};`,
      `CREATE ${end === '' ? scene.pick(['', 'TEMPORARY ']) : 'TEMPORARY '}TABLE ${scene.pick(TABLES)}${end} AS EXECUTE ps3;`,
      'DEALLOCATE ps3;',
    )
  );
}

function currval(scene: Scene): string | undefined {
  const sequence = scene.sequence();
  return sequence && `SELECT setval('${scene.name(sequence)}', currval('${scene.name(sequence)}') + 5);`;
}

function declareCursor(scene: Scene): string | undefined {
  const from = scene.readable();
  if (!scene.inBlock || from === undefined) return undefined;
  const declared = `DECLARE cu1 CURSOR FOR SELECT ${allColumns(from)} FROM ${scene.name(from)} ORDER BY ${allColumns(from)};`;
  return inARow(declared, scene.pick(['FETCH 1 FROM cu1;', 'MOVE 1 IN cu1;', 'CLOSE cu1;']));
}

export const blocksOfCode: Family = [
  { weight: 2.5, make: (scene) => doBlock(scene, (statement) => `${statement};`) },
  { weight: 1, make: (scene) => doBlock(scene, (statement) => `EXECUTE ${quoted(statement)};`) },
  {
    weight: 0.6,
    make: (scene) =>
      `DO $$ BEGIN EXECUTE 'CREATE TABLE ${scene.fresh(TABLES)} (id int, n int, t text)'; END $$;`,
  },
  {
    weight: 0.4,
    make: (scene) =>
      `DO $$ BEGIN CREATE TABLE ${scene.fresh(TABLES)} (id int, n int, t text); EXCEPTION WHEN duplicate_table THEN NULL; END $$;`,
  },
  { weight: 0.5, make: loopOverTables },
  { weight: 0.2, make: setOfDatabase, alone: true },
];

/** In force in the sessions that begin after it. */
function setOfDatabase(scene: Scene): string {
  const path = `${scene.pick(scene.catalog.schemas)}, public`;
  return `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ${path}', current_database()); END $$;`;
}

function doBlock(scene: Scene, put: (statement: string) => string): string | undefined {
  const statement = writeAlone(scene, 3);
  const pause = scene.maybe(0.4, `PERFORM pg_sleep(${scene.delay()}); `);
  return statement && `DO $$ BEGIN ${pause}${put(statement)} END $$;`;
}

/** What it does is in the catalog, not in its text. */
function loopOverTables(scene: Scene): string {
  const schema = scene.pick(scene.catalog.schemas);
  const what = scene.pick([
    'ANALYZE %s',
    "COMMENT ON TABLE %s IS ''looped''",
    'GRANT SELECT ON %s TO PUBLIC',
  ]);
  return `DO $$ DECLARE one text; BEGIN
  FOR one IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '${schema}' ORDER BY 1
  LOOP EXECUTE format('${what}', one); END LOOP; END $$;`;
}

export const upkeep: Family = [
  { weight: 1, make: (scene) => `ANALYZE${tableOrAll(scene)};`, changes: 'rows' },
  {
    weight: 0.8,
    make: (scene) => `VACUUM${scene.maybe(0.3, ' FULL')}${tableOrAll(scene)};`,
    changes: 'rows',
    alone: true,
  },
  { weight: 0.5, make: cluster },
];

function tableOrAll(scene: Scene): string {
  const table = scene.relation('r', 'm');
  return table === undefined || scene.chance(0.1) ? '' : ` ${scene.name(table)}`;
}

function cluster(scene: Scene): string | undefined {
  const index = scene.any(scene.catalog.indexes.filter(({ partial }) => !partial));
  return index && `CLUSTER ${scene.name(index.table)} USING ${index.name};`;
}
