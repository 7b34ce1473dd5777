import { inARow, SEQUENCES, TABLES, type Family } from './maker.js';
import type { Scene } from './scene.js';

/**
 * Expressions that are kept, and the many statements that evaluate them: each draws from a sequence when it is. No column that numbers
 * rows is added: rows that were appended side by side may be in any order.
 */
export const evaluations: Family = [
  { weight: 3, make: keptWithTable },
  { weight: 2, make: keptWithRoot },
  { weight: 3, make: keptWithDomain },
  { weight: 2, make: keptWithColumns },
];

/** `d1(x)` draws a value of the sequence. */
function drawing(sequence: string): string {
  return inARow(
    `CREATE SEQUENCE ${sequence};`,
    `CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('${sequence}'); END $$;`,
  );
}

/** Who draws before, and who after, tells the order. */
function told(scene: Scene, sequence: string): string {
  return scene.pick([`ALTER SEQUENCE ${sequence} RESTART;`, `SELECT nextval('${sequence}');`]);
}

function tableOf(scene: Scene, isIndexed: boolean): string {
  return isIndexed ? scene.apart() : scene.fresh(TABLES);
}

function keptWithTable(scene: Scene): string {
  const isIndexed = scene.chance(0.5);
  const [table, sequence] = [tableOf(scene, isIndexed), `public.${scene.pick(SEQUENCES)}`];
  const heir = scene.maybe(0.3, tableOf(scene, isIndexed));
  const holder = heir === '' ? table : scene.pick([table, heir]);
  const kept = isIndexed
    ? [
        `CREATE ${scene.maybe(0.3, 'UNIQUE ')}INDEX ON ${holder} (d1(n));`,
        `CREATE INDEX ON ${holder} (id) WHERE d1(n) > 0;`,
        `ALTER TABLE ${holder} ADD EXCLUDE USING btree (d1(n) WITH =);`,
      ]
    : [
        `ALTER TABLE ${holder} ADD CONSTRAINT k CHECK (d1(n) > 0)${scene.maybe(0.4, ' NOT VALID')};`,
        `ALTER TABLE ${holder} ADD COLUMN g int GENERATED ALWAYS AS (d1(n) * 0) STORED;`,
        `CREATE STATISTICS public.st1 ON (d1(n)), id FROM ${holder};`,
      ];
  return inARow(
    drawing(sequence),
    `CREATE TABLE ${table} (id int, n int);`,
    ...(heir === '' ? [] : [`CREATE TABLE ${heir} () INHERITS (${table});`]),
    `INSERT INTO ${holder} VALUES (1, 1), (2, 2);`,
    scene.pick(kept),
    scene.pick([
      `ALTER TABLE ${table} ADD COLUMN x ${scene.pick(['int DEFAULT 5', 'float DEFAULT random() * 0', 'float DEFAULT random() * 0', 'int GENERATED ALWAYS AS (id + 1) STORED', 'int UNIQUE'])};`,
      `ALTER TABLE ${holder} SET ${scene.pick(['UNLOGGED', 'LOGGED', 'ACCESS METHOD heap'])};`,
      `ALTER TABLE ${table} ALTER COLUMN id TYPE bigint;`,
      `ALTER TABLE ${holder} ADD PRIMARY KEY (id);`,
      `ALTER TABLE ${table} VALIDATE CONSTRAINT k;`,
      `REINDEX TABLE ${holder};`,
      `INSERT INTO ${holder} VALUES (3, 3);`,
      `TRUNCATE ${table};`,
      `CREATE TABLE public.d2 (LIKE ${holder} INCLUDING ALL);`,
      ...(isIndexed ? [] : [`UPDATE ${table} SET n = n + 1;`, `DELETE FROM ${table};`]),
    ]),
    told(scene, sequence),
  );
}

function keptWithRoot(scene: Scene): string {
  const isIndexed = scene.chance(0.5);
  const [root, part, other] = [0, 1, 2].map(() => tableOf(scene, isIndexed)) as [string, string, string];
  const sequence = `public.${scene.pick(SEQUENCES)}`;
  return inARow(
    drawing(sequence),
    `CREATE TABLE ${root} (id int, n int) PARTITION BY LIST (${scene.pick(['id', 'd1(id)'])});`,
    isIndexed
      ? `CREATE INDEX ON ${root} (d1(n));`
      : scene.pick([
          `ALTER TABLE ${root} ADD CHECK (d1(n) > 0);`,
          `ALTER TABLE ${root} ALTER n SET DEFAULT d1(1);`,
        ]),
    `CREATE TABLE ${part} PARTITION OF ${root} DEFAULT;`,
    `INSERT INTO ${scene.pick([root, part])} VALUES (1, 1), (2, 2);`,
    `CREATE TABLE ${other} (LIKE ${root} INCLUDING CONSTRAINTS);`,
    `INSERT INTO ${other} VALUES (7, 1);`,
    scene.pick([
      `ALTER TABLE ${root} ATTACH PARTITION ${other} FOR VALUES IN (7);`,
      `ALTER TABLE ${root} DETACH PARTITION ${part};`,
      `CREATE TABLE public.d2 PARTITION OF ${root} FOR VALUES IN (99);`,
      `ALTER TABLE ${root} ADD COLUMN x float DEFAULT random() * 0;`,
      isIndexed ? `CREATE INDEX ON ${root} (n) WHERE d1(id) > 0;` : `UPDATE ${root} SET id = id + 1;`,
      `REINDEX TABLE ${part};`,
    ]),
    told(scene, sequence),
  );
}

function keptWithDomain(scene: Scene): string {
  const [table, other, sequence] = [
    scene.fresh(TABLES),
    scene.fresh(TABLES),
    `public.${scene.pick(SEQUENCES)}`,
  ];
  const body = (declared: string, code: string): string =>
    inARow(
      `CREATE FUNCTION public.d3() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x ${declared}; BEGIN ${code}; RETURN 1; END $$;`,
      `SELECT public.d3();`,
    );
  return inARow(
    drawing(sequence),
    `CREATE DOMAIN public.dm1 AS int CHECK (d1(VALUE) > 0);`,
    `CREATE TABLE ${table} (a public.dm1, b int);`,
    `CREATE TYPE public.ct4 AS (x ${scene.pick(['public.dm1', table])}, y int);`,
    `CREATE TABLE ${other} (r ${scene.pick([table, `${table}[]`, 'public.ct4', 'public.dm1[]'])}, z int);`,
    scene.pick([
      body(table, 'x.a := 3'),
      body(`${table}%ROWTYPE`, 'x.a := 3'),
      // A function would be compiled once a session, whatever the column is called by then.
      `DO $$ DECLARE x ${table}.a%TYPE; BEGIN x := 3; END $$;`,
      body('public.ct4', 'x.y := 3'),
      body('int[]; i int := 1', 'x[d1(i)] := 3'),
      // Of a constant it would be evaluated once a session.
      body(`public.dm1[]; b text := '{1,2}'`, 'x := b'),
      `SELECT json_populate_record(NULL::${table}, '{"a": 3}');`,
      `SELECT * FROM json_to_recordset('[{"a": 1}]') AS x(a public.dm1);`,
      `INSERT INTO ${other} VALUES ('(1,2)', 3);`,
      `INSERT INTO ${other} VALUES ('{1,2}', 3);`,
      `INSERT INTO ${other} VALUES ('{"(1,2)"}', 3);`,
      `INSERT INTO ${other} VALUES ('("(1,2)",3)', 3);`,
      `INSERT INTO ${table} (b) SELECT 3;`,
      `ALTER TABLE ${other} ADD COLUMN a public.dm1 DEFAULT 3;`,
      `DROP TABLE ${table} CASCADE;`,
      inARow(
        `CREATE FUNCTION public.d4() RETURNS SETOF ${table} LANGUAGE sql AS $$ SELECT 1, 2 $$;`,
        `SELECT * FROM public.d4();`,
      ),
    ]),
    told(scene, sequence),
  );
}

/** Columns get the default of their domain wherever they come from. */
function keptWithColumns(scene: Scene): string {
  const [table, other, sequence] = [
    scene.fresh(TABLES),
    scene.fresh(TABLES),
    `public.${scene.pick(SEQUENCES)}`,
  ];
  return inARow(
    `CREATE SEQUENCE ${sequence};`,
    `CREATE DOMAIN public.dm1 AS bigint DEFAULT nextval('${sequence}');`,
    `CREATE TYPE public.ct4 AS (a public.dm1, b int);`,
    `CREATE TABLE ${table} ${scene.pick(['(a public.dm1, b int)', 'OF public.ct4', 'AS SELECT NULL::public.dm1 AS a, 1 AS b'])};`,
    `CREATE ${scene.maybe(0.3, 'MATERIALIZED ')}VIEW public.v9 AS SELECT a, b FROM ${table};`,
    `CREATE TABLE ${other} ${scene.pick(['(LIKE public.v9)', '(LIKE public.ct4)', `(LIKE ${table})`, `() INHERITS (${table})`, 'AS TABLE public.v9', `AS SELECT * FROM ${table}`])};`,
    `INSERT INTO ${scene.pick([other, other, table, 'public.v9'])} (b) VALUES (1);`,
    told(scene, sequence),
  );
}
