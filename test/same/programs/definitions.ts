import type { Family } from './maker.js';
import { RELATION_WORDS, typeWord } from './catalog.js';
import { intExpression, write } from './functions.js';
import { numbers, texts, type Scene } from './scene.js';

/**
 * Operators, aggregates, casts, ranges and collations: code and types that statements use without naming a function. `o…` takes two
 * integers and gives one, `y…` makes an integer of a value of a type.
 */
export const definitions: Family = [
  { weight: 3, make: twoArguments },
  { weight: 2.5, make: operator },
  { weight: 1.5, make: aggregate },
  { weight: 1.5, make: castFunction },
  { weight: 2, make: cast },
  { weight: 2, make: range },
  { weight: 1, make: collation },
  { weight: 6, make: useNumber, changes: 'rows' },
  { weight: 2, make: useInDefinition },
  { weight: 2, make: columnOfRangeOrCollation },
  { weight: 1.5, make: useRange, changes: 'rows' },
  { weight: 2, make: useCollation },
  { weight: 2, make: dropDefinition },
];

const OPERATORS = ['#+#', '#-#'];

function twoArguments(scene: Scene): string {
  const name = scene.fresh(['o1', 'o2']);
  const head = `CREATE ${scene.maybe(0.7, 'OR REPLACE ')}FUNCTION ${name}(a int, b int) RETURNS int`;
  const statement = write(scene);
  if (statement !== undefined && scene.chance(0.4))
    return `${head} LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN a + b; END $$;`;
  return `${head} LANGUAGE sql${scene.maybe(0.3, ' STRICT')} AS $$ SELECT b + ${intExpression(scene)} $$;`;
}

function operator(scene: Scene): string | undefined {
  const routine = scene.routine('o');
  if (routine === undefined) return undefined;
  const commutator = scene.maybe(0.2, ', COMMUTATOR = #-#');
  return `CREATE OPERATOR ${scene.fresh(OPERATORS)} (LEFTARG = int, RIGHTARG = int, FUNCTION = ${scene.name(routine)}${commutator});`;
}

function aggregate(scene: Scene): string | undefined {
  const routine = scene.routine('o');
  if (routine === undefined) return undefined;
  return `CREATE ${scene.maybe(0.4, 'OR REPLACE ')}AGGREGATE ${scene.fresh(['ag1', 'ag2'])} (int) (SFUNC = ${scene.name(routine)}, STYPE = int, INITCOND = '${scene.number()}');`;
}

function castFunction(scene: Scene): string | undefined {
  const type = scene.any(
    scene.catalog.types.filter(({ kind }) => kind === 'c' || kind === 'e' || kind === 'r'),
  );
  return (
    type &&
    `CREATE OR REPLACE FUNCTION ${scene.fresh(['y1', 'y2'])}(v ${scene.name(type)}) RETURNS int LANGUAGE sql AS $$ SELECT 3 + (${intExpression(scene).replaceAll(/\ba\b/g, '2')}) $$;`
  );
}

function cast(scene: Scene): string | undefined {
  const routine = scene.routine('y');
  if (routine === undefined) return undefined;
  const type = routine.signature.replace(/^v /, '');
  return `CREATE CAST (${type} AS int) WITH FUNCTION ${scene.name(routine)}(${type})${scene.pick(['', ' AS ASSIGNMENT', ' AS IMPLICIT'])};`;
}

function range(scene: Scene): string {
  const subtype = scene.pick(['int', 'int', 'text', 'numeric']);
  const named = scene.maybe(0.25, `, MULTIRANGE_TYPE_NAME = ${scene.pick(['ra2', 'e1', 'ram'])}`);
  return `CREATE TYPE ${scene.fresh(['ra1', 'ra2', 'range1'])} AS RANGE (SUBTYPE = ${subtype}${named});`;
}

function collation(scene: Scene): string {
  return `CREATE COLLATION ${scene.maybe(0.3, 'IF NOT EXISTS ')}${scene.fresh(['co1', 'co2'])} FROM "C";`;
}

/** An integer by way of what this family defines. */
function number(scene: Scene): string | undefined {
  const { operators, casts, types, routines } = scene.catalog;
  const sign = scene.any(operators.filter((one) => one.arguments === 'integer, integer'));
  const sum = scene.any(routines.filter(({ kind }) => kind === 'a'));
  const source = scene.any(casts);
  const type = types.find(({ name, schema }) => source === name || source === `${schema}.${name}`);
  const value =
    type?.kind === 'c' ? 'ROW(1, 2, NULL)' : type?.kind === 'e' ? `'${type.labels[0] ?? 'a'}'` : 'NULL';
  return scene.any([
    ...(sign === undefined
      ? []
      : [scene.chance(0.5) ? `1 ${sign.name} 2` : `3 OPERATOR(${sign.schema}.${sign.name}) 4`]),
    ...(sum === undefined ? [] : [`(SELECT ${scene.name(sum)}(g) FROM generate_series(1, 3) AS g)`]),
    ...(source === undefined ? [] : [`(${value}::${source})::int`]),
  ]);
}

function useNumber(scene: Scene): string | undefined {
  const table = scene.table();
  const [column] = table === undefined ? [] : numbers(table);
  const value = number(scene);
  if (value === undefined) return undefined;
  if (table === undefined || column === undefined || scene.chance(0.2)) return `SELECT ${value};`;
  return `INSERT INTO ${scene.name(table)} (${column.name}) VALUES (${value});`;
}

/** In what is kept: views, defaults, functions. */
function useInDefinition(scene: Scene): string | undefined {
  const value = number(scene);
  const table = scene.relation('r');
  const [column] = table === undefined ? [] : numbers(table);
  if (value === undefined) return undefined;
  return scene.pick([
    `CREATE OR REPLACE VIEW ${scene.fresh(['v1', 'v2', 'v3'])} AS SELECT 1 AS id, ${value} AS n, 'v'::text AS t;`,
    `CREATE OR REPLACE FUNCTION ${scene.fresh(['f1', 'f2', 'f3'])}(a int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT ${value} $$;`,
    ...(table === undefined || column === undefined || value.includes('SELECT')
      ? []
      : [
          `ALTER TABLE ${scene.name(table)} ALTER COLUMN ${column.name} SET DEFAULT ${value};`,
          `ALTER TABLE ${scene.name(table)} ADD CHECK (${value} > 0 OR ${column.name} > 0) NOT VALID;`,
        ]),
  ]);
}

function columnOfRangeOrCollation(scene: Scene): string | undefined {
  const { types, collations } = scene.catalog;
  const table = scene.relation('r');
  const type = scene.any(types.filter(({ kind }) => kind === 'r' || kind === 'm'));
  const order = scene.any(collations);
  const kind = scene.any([
    ...(type === undefined ? [] : [scene.name(type) + scene.maybe(0.2, '[]')]),
    ...(order === undefined ? [] : [`text COLLATE ${scene.name(order)}`]),
  ]);
  return table && kind && `ALTER TABLE ${scene.name(table)} ADD COLUMN ${scene.pick(['x', 'y'])} ${kind};`;
}

function useCollation(scene: Scene): string | undefined {
  const order = scene.any(scene.catalog.collations);
  const table = scene.relation('r');
  const [text] = table === undefined ? [] : texts(table);
  if (order === undefined || table === undefined || text === undefined) return undefined;
  const sorted = `${text.name} COLLATE ${scene.name(order)}`;
  return scene.pick([
    `SELECT max(${sorted}) FROM ${scene.name(table)};`,
    `CREATE INDEX ON ${scene.name(table)} (${sorted});`,
    `CREATE OR REPLACE VIEW ${scene.fresh(['v1', 'v2'])} AS SELECT 1 AS id, 2 AS n, ${sorted} AS t FROM ${scene.name(table)};`,
    `CREATE TYPE ${scene.fresh(['k1', 'k2'])} AS (id int, t text COLLATE ${scene.name(order)});`,
    `CREATE TYPE ${scene.fresh(['ra1', 'ra2'])} AS RANGE (SUBTYPE = text, COLLATION = ${scene.name(order)});`,
    `CREATE COLLATION ${scene.fresh(['co1', 'co2'])} FROM ${scene.name(order)};`,
  ]);
}

/** A range, its type's function, and its multirange. */
function useRange(scene: Scene): string | undefined {
  const type = scene.any(scene.catalog.types.filter(({ kind }) => kind === 'r' || kind === 'm'));
  if (type === undefined) return undefined;
  return type.kind === 'm'
    ? `SELECT ${scene.name(type)}();`
    : `SELECT ${scene.name(type)}(NULL, NULL), '(,)'::${scene.name(type)};`;
}

function dropDefinition(scene: Scene): string | undefined {
  const { operators, casts, collations, routines, types } = scene.catalog;
  const end = scene.maybe(0.4, ' CASCADE');
  const sign = scene.any(operators);
  const sum = scene.any(routines.filter(({ kind }) => kind === 'a'));
  const source = scene.any(casts);
  const order = scene.any(collations);
  const type = scene.any(types.filter(({ kind }) => kind === 'r'));
  return scene.any([
    ...(sign === undefined ? [] : [`DROP OPERATOR ${scene.name(sign)} (${sign.arguments})${end};`]),
    ...(sum === undefined ? [] : [`DROP AGGREGATE ${scene.name(sum)}(int)${end};`]),
    ...(source === undefined ? [] : [`DROP CAST (${source} AS int)${end};`]),
    ...(order === undefined
      ? []
      : [
          `DROP COLLATION ${scene.name(order)}${end};`,
          `ALTER COLLATION ${scene.name(order)} RENAME TO co1;`,
        ]),
    ...(type === undefined
      ? []
      : [`DROP TYPE ${scene.name(type)}${end};`, `ALTER TYPE ${scene.name(type)} RENAME TO ra2;`]),
  ]);
}

/** Text search: configurations that texts are read by. */
export const search: Family = [
  {
    weight: 2,
    make: (scene) =>
      `CREATE TEXT SEARCH CONFIGURATION ${scene.fresh(['ts1', 'ts2'])} (COPY = ${scene.pick(['simple', 'english'])});`,
  },
  { weight: 1.5, make: alterSearch },
  { weight: 3, make: useSearch },
];

function alterSearch(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.searches);
  return (
    one &&
    scene.pick([
      `ALTER TEXT SEARCH CONFIGURATION ${scene.name(one)} ALTER MAPPING FOR asciiword WITH ${scene.pick(['simple', 'english_stem'])};`,
      `ALTER TEXT SEARCH CONFIGURATION ${scene.name(one)} RENAME TO ts2;`,
      `DROP TEXT SEARCH CONFIGURATION ${scene.name(one)}${scene.maybe(0.4, ' CASCADE')};`,
    ])
  );
}

function useSearch(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.searches);
  const table = scene.relation('r');
  const [text] = table === undefined ? [] : texts(table);
  if (one === undefined || table === undefined || text === undefined) return undefined;
  return scene.pick([
    `UPDATE ${scene.name(table)} SET ${text.name} = to_tsvector('${scene.name(one)}', 'running cats')::text WHERE id = 1;`,
    `INSERT INTO ${scene.name(table)} (${text.name}) VALUES (left(to_tsvector('${scene.name(one)}', 'running')::text, 15));`,
    `ALTER TABLE ${scene.name(table)} ADD COLUMN y tsvector GENERATED ALWAYS AS (to_tsvector('${scene.name(one)}', ${text.name})) STORED;`,
    `CREATE INDEX ON ${scene.name(table)} USING gin (to_tsvector('${scene.name(one)}', ${text.name}));`,
  ]);
}

/** Publications decide whether rows of a table may be changed; what identifies a row decides it with them. */
export const replication: Family = [
  { weight: 2, make: publication },
  { weight: 2, make: alterPublication },
  { weight: 2, make: replicaIdentity },
];

function publication(scene: Scene): string | undefined {
  const table = scene.relation('r', 'p');
  const what = scene.pick([
    ...(table === undefined ? [] : [`FOR TABLE ${scene.name(table)}`, `FOR TABLE ${scene.name(table)}`]),
    '',
    `FOR TABLES IN SCHEMA ${scene.pick(scene.catalog.schemas)}`,
  ]);
  return `CREATE PUBLICATION ${scene.pick(['pu1', 'pu2'])} ${what} WITH (publish = '${scene.pick(['insert', 'insert, update', 'delete'])}');`;
}

function alterPublication(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.publications);
  const table = scene.relation('r', 'p');
  if (one === undefined || table === undefined) return undefined;
  return scene.pick([
    `ALTER PUBLICATION ${one} ADD TABLE ${scene.name(table)};`,
    `ALTER PUBLICATION ${one} SET TABLE ${scene.name(table)};`,
    `ALTER PUBLICATION ${one} DROP TABLE ${scene.name(table)};`,
    `DROP PUBLICATION ${one};`,
  ]);
}

function replicaIdentity(scene: Scene): string | undefined {
  const index = scene.any(scene.catalog.indexes.filter(({ unique, partial }) => unique && !partial));
  if (index === undefined) return undefined;
  return `ALTER TABLE ${scene.name(index.table)} REPLICA IDENTITY ${scene.pick([`USING INDEX ${index.name}`, 'DEFAULT', 'NOTHING'])};`;
}

/** What COMMENT names is looked up as everything is. */
export const comments: Family = [{ weight: 3, make: comment }];

function comment(scene: Scene): string | undefined {
  const { catalog } = scene;
  const relation = scene.relation('v', 'm', 'S');
  const routine = scene.any(catalog.routines);
  const type = scene.any(catalog.types);
  const index = scene.any(catalog.indexes);
  const sign = scene.any(catalog.operators);
  const part = scene.any([
    ...catalog.constraints
      .filter(({ table }) => 'rp'.includes(table.kind))
      .map((one) => ['CONSTRAINT', one] as const),
    ...catalog.triggers.map((one) => ['TRIGGER', one] as const),
    ...catalog.rules.map((one) => ['RULE', one] as const),
    ...catalog.policies.map((one) => ['POLICY', one] as const),
  ]);
  const what = scene.any([
    ...(relation === undefined ? [] : [`${RELATION_WORDS[relation.kind]} ${scene.name(relation)}`]),
    ...(routine === undefined
      ? []
      : [
          `${{ f: 'FUNCTION', p: 'PROCEDURE', a: 'AGGREGATE' }[routine.kind]} ${scene.name(routine)}(${routine.signature})`,
        ]),
    ...(type === undefined ? [] : [`${typeWord(type)} ${scene.name(type)}`]),
    ...(index === undefined ? [] : [`INDEX ${scene.name(index)}`]),
    ...(sign === undefined ? [] : [`OPERATOR ${scene.name(sign)} (${sign.arguments})`]),
    ...(part === undefined ? [] : [`${part[0]} ${part[1].name} ON ${scene.name(part[1].table)}`]),
  ]);
  return what && `COMMENT ON ${what} IS ${scene.word()};`;
}
