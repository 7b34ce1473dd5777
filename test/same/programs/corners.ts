import { ROLES } from '../roles.js';
import { firstRow } from './functions.js';
import { inARow, NEXT, TABLES, VIEWS, type Family } from './maker.js';
import { APART, numbers, texts, type Scene } from './scene.js';

/** Objects, parts of them, and statements that chance alone hardly ever makes: as corners-of-code.ts. */
export const corners: Family = [
  { weight: 2, make: inheritingLater },
  { weight: 2, make: ownedColumn },
  { weight: 1.5, make: rename },
  { weight: 1, make: rightsOfServers },
  { weight: 2, make: attachIndexed },
  { weight: 2, make: typedTable },
  { weight: 1, make: explainCreate },
  { weight: 2, make: setOperation },
  { weight: 1.5, make: takesDefaults, changes: 'rows' },
  { weight: 1, make: localSettings },
  { weight: 1.5, make: namesAsValues },
  { weight: 2, make: readsCatalogs, changes: 'rows' },
  { weight: 2, make: namedByExpression },
  { weight: 2, make: concurrently, alone: true },
];

function inheritingLater(scene: Scene): string | undefined {
  const parent = scene.relation('r');
  const child = scene.fresh(TABLES);
  const [number] = parent === undefined ? [] : numbers(parent);
  if (parent === undefined || number === undefined) return undefined;
  const name = scene.name(parent);
  return inARow(
    `CREATE TABLE ${child} (LIKE ${name} INCLUDING ${scene.pick(['ALL', 'DEFAULTS', 'CONSTRAINTS'])});`,
    `ALTER TABLE ${child} INHERIT ${name};`,
    `INSERT INTO ${child} (${number.name}) VALUES (${scene.number()});`,
    scene.pick([
      `UPDATE ${name} SET ${number.name} = 3 WHERE ${number.name} = 2;`,
      `ALTER TABLE ${name} ADD COLUMN y int;`,
      `ALTER TABLE ${child} NO INHERIT ${name};`,
      `TRUNCATE ${name};`,
    ]),
    scene.pick([
      `DELETE FROM ${name};`,
      `DROP TABLE ${child};`,
      `ALTER TABLE ${name} DROP COLUMN IF EXISTS y;`,
    ]),
  );
}

/** The sequence goes with its column. */
function ownedColumn(scene: Scene): string {
  const table = scene.fresh(TABLES);
  return inARow(
    `CREATE TABLE ${table} (id int, n int, x ${scene.pick(['serial', 'int GENERATED ALWAYS AS IDENTITY'])});`,
    scene.pick([
      `ALTER TABLE ${table} DROP COLUMN x;`,
      `ALTER TABLE ${table} ALTER COLUMN x DROP IDENTITY;`,
      `SELECT setval(pg_get_serial_sequence('${table}', 'x'), ${scene.number()});`,
      `ALTER SEQUENCE ${table}_x_seq OWNED BY NONE;`,
    ]),
    scene.pick([`CREATE SEQUENCE ${table}_x_seq;`, `CREATE VIEW ${table}_x_seq AS SELECT 1 AS one;`]),
  );
}

function rename(scene: Scene): string | undefined {
  const { rules, triggers, types, constraints } = scene.catalog;
  const [rule, trigger, constraint] = [scene.any(rules), scene.any(triggers), scene.any(constraints)];
  const composite = scene.any(types.filter(({ kind }) => kind === 'c'));
  const labelled = scene.any(types.filter(({ kind, labels }) => kind === 'e' && labels.length > 0));
  return scene.any([
    ...(rule === undefined ? [] : [`ALTER RULE ${rule.name} ON ${scene.name(rule.table)} RENAME TO r3;`]),
    ...(trigger === undefined
      ? []
      : [`ALTER TRIGGER ${trigger.name} ON ${scene.name(trigger.table)} RENAME TO tg9;`]),
    ...(constraint === undefined
      ? []
      : [`ALTER TABLE ${scene.name(constraint.table)} RENAME CONSTRAINT ${constraint.name} TO co9;`]),
    ...(composite === undefined
      ? []
      : [
          `ALTER TYPE ${scene.name(composite)} ADD ATTRIBUTE z9 int${scene.maybe(0.5, ' CASCADE')};`,
          `ALTER TYPE ${scene.name(composite)} RENAME ATTRIBUTE z9 TO z8${scene.maybe(0.5, ' CASCADE')};`,
        ]),
    ...(labelled === undefined
      ? []
      : [`ALTER TYPE ${scene.name(labelled)} RENAME VALUE '${scene.pick(labelled.labels)}' TO 'renamed';`]),
  ]);
}

function rightsOfServers(scene: Scene): string {
  const role = scene.pick(ROLES);
  return inARow(
    'CREATE FOREIGN DATA WRAPPER fw1;',
    'CREATE SERVER sv1 FOREIGN DATA WRAPPER fw1;',
    scene.pick([
      `GRANT USAGE ON FOREIGN SERVER sv1 TO ${role};`,
      `GRANT USAGE ON FOREIGN DATA WRAPPER fw1 TO ${role};`,
      `CREATE USER MAPPING FOR ${role} SERVER sv1;`,
      `ALTER SERVER sv1 OWNER TO ${role};`,
    ]),
    scene.pick(['DROP SERVER sv1 CASCADE;', 'ALTER SERVER sv1 RENAME TO sv2;']),
  );
}

function attachIndexed(scene: Scene): string {
  const root = scene.fresh(TABLES);
  const part = scene.fresh(TABLES);
  const own = scene.maybe(0.4, `${NEXT}CREATE INDEX ON ${part} (n);`);
  return inARow(
    `CREATE TABLE ${root} (id int, n int, t text${scene.pick(['', ', PRIMARY KEY (id)', ', UNIQUE (id)'])}) PARTITION BY LIST (id);`,
    `CREATE INDEX ON ${root} (n);`,
    `CREATE TABLE ${part} (LIKE ${root}${scene.maybe(0.3, ' INCLUDING ALL')});${own}`,
    `ALTER TABLE ${root} ATTACH PARTITION ${part} DEFAULT;`,
    scene.pick([
      `CREATE INDEX ON ${part} (n);`,
      `ALTER TABLE ${part} ADD UNIQUE (id);`,
      `DROP INDEX ${part}_n_idx;`,
    ]),
  );
}

function typedTable(scene: Scene): string {
  const routine = scene.intFunction();
  const [type, table] = [scene.fresh(['ct1', 'ct2']), scene.fresh(TABLES)];
  const value = routine === undefined ? '3' : `${scene.name(routine)}(1)`;
  return inARow(
    `CREATE TYPE ${type} AS (id int, n int);`,
    `CREATE TABLE ${table} OF ${type} (n WITH OPTIONS ${scene.pick([`DEFAULT ${value}`, 'UNIQUE', `GENERATED ALWAYS AS (id + 1) STORED`])});`,
    `INSERT INTO ${table} (id) VALUES (${scene.number()});`,
    scene.pick([
      `ALTER TYPE ${type} ADD ATTRIBUTE z int CASCADE;`,
      `DROP TYPE ${type} CASCADE;`,
      `ALTER TABLE ${table} NOT OF;`,
      `ALTER TYPE ${type} RENAME TO ct3;`,
    ]),
  );
}

function explainCreate(scene: Scene): string | undefined {
  const from = scene.readable();
  const made = from && `SELECT count(*)::int AS n FROM ${scene.name(from)}`;
  return (
    made &&
    `EXPLAIN (${scene.maybe(0.7, 'ANALYZE, TIMING OFF, ')}COSTS OFF) CREATE ${scene.pick(['TABLE', 'MATERIALIZED VIEW'])} ${scene.fresh(TABLES)} AS ${made};`
  );
}

function setOperation(scene: Scene): string | undefined {
  const [one, other, into] = [scene.readable(), scene.readable(), scene.table()];
  const [first] = one === undefined ? [] : numbers(one);
  const [second] = other === undefined ? [] : numbers(other);
  const [number] = into === undefined ? [] : numbers(into);
  if (one === undefined || other === undefined || into === undefined) return undefined;
  if (first === undefined || second === undefined || number === undefined) return undefined;
  const both = `SELECT ${first.name} AS n FROM ${scene.name(one)} ${scene.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} SELECT ${second.name} FROM ${scene.name(other)}`;
  const target = `INSERT INTO ${scene.name(into)} (${number.name})`;
  return scene.pick([
    `CREATE OR REPLACE VIEW ${scene.fresh(VIEWS)} AS ${both};`,
    `${target} SELECT count(*) FROM (${both}) AS b;`,
    `${target} WITH RECURSIVE k(n) AS (SELECT count(*) FROM ${scene.name(one)} UNION ALL SELECT n + 1 FROM k WHERE n < 3) SELECT max(n) FROM k;`,
    `WITH gone AS (DELETE FROM ${scene.name(into)} WHERE ${firstRow(into, scene.name(into))} RETURNING 1) ${target} SELECT count(*) FROM (${both}) AS b;`,
    `${target} VALUES ((SELECT count(*) FROM (${both}) AS b));`,
  ]);
}

function takesDefaults(scene: Scene): string | undefined {
  const table = scene.table();
  const [number] = table === undefined ? [] : numbers(table);
  const [text] = table === undefined ? [] : texts(table);
  if (table === undefined || number === undefined || text === undefined) return undefined;
  const name = scene.name(table);
  return scene.pick([
    `UPDATE ${name} SET (${number.name}, ${text.name}) = (${scene.number()}, DEFAULT) WHERE ${firstRow(table, name)};`,
    `UPDATE ${name} SET ${number.name} = DEFAULT WHERE ${firstRow(table, name)};`,
    `INSERT INTO ${name} (${number.name}, ${text.name}) VALUES (DEFAULT, ${scene.word()});`,
    `INSERT INTO ${name} DEFAULT VALUES;`,
  ]);
}

function localSettings(scene: Scene): string | undefined {
  if (!scene.inBlock) return undefined;
  return scene.pick([
    `SET LOCAL search_path = ${scene.pick(scene.catalog.schemas)};`,
    `SET LOCAL ROLE ${scene.pick(ROLES)};`,
    `SELECT set_config('search_path', '${scene.pick(scene.catalog.schemas)}', true);`,
  ]);
}

/** Names stand in rows, too: as numbers that are looked up. They are taken out again, since nobody knows them when the object is gone. */
function namesAsValues(scene: Scene): string | undefined {
  const relation = scene.relation('r', 'v', 'S');
  const name = relation && `${relation.schema}.${relation.name}`;
  return (
    name &&
    inARow(
      `CREATE TABLE public.${APART} (id int, r regclass${scene.maybe(0.5, ` DEFAULT '${name}'`)});`,
      scene.pick([
        `INSERT INTO public.${APART} VALUES (1, '${name}');`,
        `INSERT INTO public.${APART} SELECT 2, '${name}';`,
        `INSERT INTO public.${APART} (id) VALUES (3);`,
      ]),
      `TRUNCATE public.${APART};`,
    )
  );
}

function readsCatalogs(scene: Scene): string | undefined {
  const table = scene.table();
  const [number] = table === undefined ? [] : numbers(table);
  const from = scene.pick([
    'pg_tables WHERE schemaname',
    'pg_indexes WHERE schemaname',
    'pg_views WHERE schemaname',
    'pg_catalog.pg_class WHERE relnamespace::regnamespace::text',
    'pg_proc WHERE pronamespace::regnamespace::text',
    'information_schema.columns WHERE table_schema',
    'information_schema.triggers WHERE event_object_schema',
  ]);
  return (
    table &&
    number &&
    `INSERT INTO ${scene.name(table)} (${number.name}) SELECT count(*) FROM ${from} = '${scene.pick(scene.catalog.schemas)}';`
  );
}

/** PostgreSQL calls the index after the expression. */
function namedByExpression(scene: Scene): string | undefined {
  const table = scene.relation('r', 'p', 'm');
  const [number] = table === undefined ? [] : numbers(table);
  if (table === undefined || number === undefined) return undefined;
  const { name } = number;
  const expression = (): string =>
    scene.pick([
      `(coalesce(${name}, 1))`,
      `(CASE WHEN ${name} > 1 THEN 1 END)`,
      `(${name} + 1)`,
      `((${name} + 1)::bigint)`,
      `(ARRAY[${name}])`,
      `(greatest(${name}, 1))`,
      `(nullif(${name}, 1))`,
      `abs(${name})`,
      `(${name} IS NULL)`,
      `((ROW(${name}, 1)) IS NULL)`,
    ]);
  return inARow(
    `CREATE INDEX ON ${scene.name(table)} (${expression()}${scene.maybe(0.4, `, ${expression()}`)});`,
    `CREATE INDEX ON ${scene.name(table)} USING ${scene.pick(['hash', 'btree'])} (${expression()});`,
  );
}

/** What waits for all transactions that are older. */
function concurrently(scene: Scene): string | undefined {
  const table = scene.relation('r');
  const index = scene.any(scene.catalog.indexes);
  const part = scene.any(scene.relations(['r']).filter(({ isPartition }) => isPartition));
  const root = scene.relation('p');
  const [number] = table === undefined ? [] : numbers(table);
  return scene.any([
    ...(table === undefined || number === undefined
      ? []
      : [
          `CREATE INDEX CONCURRENTLY ON ${scene.name(table)} (${number.name});`,
          `REINDEX TABLE${scene.maybe(0.5, ' CONCURRENTLY')} ${scene.name(table)};`,
        ]),
    ...(index === undefined
      ? []
      : [
          `DROP INDEX CONCURRENTLY ${scene.name(index)};`,
          `REINDEX INDEX${scene.maybe(0.5, ' CONCURRENTLY')} ${scene.name(index)};`,
        ]),
    ...(root === undefined || part === undefined
      ? []
      : [`ALTER TABLE ${scene.name(root)} DETACH PARTITION ${scene.name(part)} CONCURRENTLY;`]),
    `REINDEX SCHEMA ${scene.pick(scene.catalog.schemas)};`,
    'CLUSTER;',
  ]);
}
