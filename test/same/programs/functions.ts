import { allColumns, numbers, texts, type Scene } from './scene.js';
import { TABLES, type Family } from './maker.js';

/**
 * Functions and procedures. All that are called alike are called with one integer, so that any can stand for any:
 * `f…` gives an integer and does whatever it likes, `p…` is a procedure, `c…` a check that reads, `h…` is pure, `g…` belongs
 * to triggers (triggers.ts).
 */
export const functions: Family = [
  { weight: 7, make: intFunction },
  { weight: 1.5, make: procedure },
  { weight: 1.5, make: checkFunction },
  { weight: 0.8, make: pureFunction },
  { weight: 1, make: setFunction },
  { weight: 0.8, make: alterRoutine },
  { weight: 0.5, make: dropRoutine },
  { weight: 6, make: call, changes: 'rows' },
  { weight: 2.5, make: callProcedure },
  { weight: 1.5, make: setOfRows, changes: 'rows' },
  { weight: 0.7, make: explainAnalyze, changes: 'rows' },
];

const ARGUMENT = 'a int DEFAULT 1';

function intFunction(scene: Scene): string | undefined {
  const name = scene.fresh(['f1', 'f2', 'f3']);
  const head = `CREATE ${scene.maybe(0.6, 'OR REPLACE ')}FUNCTION ${name}(${ARGUMENT}) RETURNS int`;
  const more = attributes(scene);
  const kind = scene.pick(['sql', 'plpgsql', 'plpgsql', 'atomic'] as const);
  if (kind === 'plpgsql') return `${head} LANGUAGE plpgsql${more} AS $$\n${plpgsqlBody(scene)}$$;`;
  const statement = write(scene);
  const result = `SELECT ${intExpression(scene)};`;
  const body = statement === undefined || scene.chance(0.4) ? result : `${statement}; ${result}`;
  if (kind === 'sql') return `${head} LANGUAGE sql${more} AS $$ ${body} $$;`;
  return `${head} LANGUAGE sql${more} BEGIN ATOMIC ${body} END;`;
}

function attributes(scene: Scene): string {
  const path = scene.maybe(0.15, ` SET search_path = ${scene.pick(scene.catalog.schemas)}`);
  return scene.maybe(0.15, ' SECURITY DEFINER') + scene.maybe(0.1, ' STABLE') + path;
}

/** Reads, draws, or calls another. */
export function intExpression(scene: Scene): string {
  const table = scene.readable();
  const [number] = table === undefined ? [] : numbers(table);
  const sequence = scene.sequence();
  const other = scene.intFunction();
  return scene.pick([
    'a + 1',
    ...(table === undefined ? [] : [`(SELECT count(*)::int FROM ${scene.name(table)}) + a`]),
    ...(table === undefined || number === undefined
      ? []
      : [`(SELECT coalesce(max(${number.name}), 0)::int FROM ${scene.name(table)}) + a`]),
    ...(sequence === undefined ? [] : [`nextval('${scene.name(sequence)}')::int`]),
    ...(other === undefined ? [] : [`${scene.name(other)}(a) + 1`]),
  ]);
}

/** One statement that changes rows, of one row or independent of their order. */
export function write(scene: Scene): string | undefined {
  const table = scene.writable();
  const [number] = table === undefined ? [] : numbers(table);
  const [text] = table === undefined ? [] : texts(table);
  if (table === undefined || number === undefined) return undefined;
  const name = scene.name(table);
  return scene.pick([
    `INSERT INTO ${name} (${number.name}) VALUES (a)`,
    ...(text === undefined ? [] : [`INSERT INTO ${name} (${text.name}) VALUES (${scene.word()})`]),
    `UPDATE ${name} SET ${number.name} = ${number.name} + 1 WHERE ${firstRow(table, name)}`,
    `DELETE FROM ${name} WHERE ${firstRow(table, name)}`,
  ]);
}

/** Outside a function: with a number for its argument. */
export function writeAlone(scene: Scene, argument: number): string | undefined {
  return write(scene)?.replaceAll(/\ba\b(?!')/g, String(argument));
}

/** True for one row: the first in the order of all columns (or those that are the same as it). */
export function firstRow(table: Parameters<typeof allColumns>[0], name: string, alias = ''): string {
  const columns = allColumns(table);
  return `(${allColumns(table, alias)}) IN (SELECT ${columns} FROM ${name} ORDER BY ${columns} LIMIT 1)`;
}

function plpgsqlBody(scene: Scene): string {
  const statement = write(scene);
  const lines: string[] = [];
  if (scene.chance(0.4)) lines.push(`PERFORM pg_sleep(${scene.delay()});`);
  const other = scene.intFunction();
  if (other !== undefined && scene.chance(0.25)) lines.push(`PERFORM ${scene.name(other)}(a);`);
  if (scene.chance(0.06)) lines.push(setsPath(scene));
  if (statement !== undefined && scene.chance(0.7)) lines.push(inPlpgsql(scene, statement));
  lines.push(`RETURN ${intExpression(scene)};`);
  return `BEGIN\n${lines.map((line) => `  ${line}\n`).join('')}END\n`;
}

/** For what follows in the session of whoever calls it. */
function setsPath(scene: Scene): string {
  const path = `${scene.pick(scene.catalog.schemas)}, public`;
  return scene.pick([`SET search_path = ${path};`, `PERFORM set_config('search_path', '${path}', false);`]);
}

/**
 * Catches all but the end of the stack: what calls itself until then makes as many rows as there is room for, which no two
 * builds need have alike.
 */
export const CATCHING = 'EXCEPTION WHEN statement_too_complex THEN RAISE; WHEN others THEN NULL;';

/** As it stands, in a block that catches, or as a text that is executed. */
function inPlpgsql(scene: Scene, statement: string): string {
  return scene.pick([
    `${statement};`,
    `${statement};`,
    `BEGIN ${statement}; ${CATCHING} END;`,
    `EXECUTE 'SELECT 1'; ${statement};`,
    `EXECUTE format(${quoted(statement.replaceAll('%', '%%').replaceAll(/\ba\b/g, '2'))});`,
    `IF a > 2 THEN ${statement}; END IF;`,
  ]);
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function procedure(scene: Scene): string | undefined {
  const first = write(scene);
  const second = write(scene);
  if (first === undefined || second === undefined) return undefined;
  const middle = scene.pick(['', '', 'COMMIT;', 'ROLLBACK;', `PERFORM pg_sleep(${scene.delay()});`]);
  return `CREATE OR REPLACE PROCEDURE ${scene.fresh(['p1', 'p2'])}(${ARGUMENT}) LANGUAGE plpgsql AS $$
BEGIN ${first}; ${middle} ${second}; END $$;`;
}

function checkFunction(scene: Scene): string {
  const table = scene.readable();
  const reads =
    table === undefined ? '' : scene.maybe(0.6, ` AND (SELECT count(*) < 90 FROM ${scene.name(table)})`);
  const volatility = scene.pick(['', ' IMMUTABLE', ' STABLE']);
  return `CREATE OR REPLACE FUNCTION ${scene.fresh(['c1', 'c2'])}(a int) RETURNS boolean LANGUAGE sql${volatility} AS $$ SELECT a IS NULL OR a < ${scene.pick([50, 900])}${reads} $$;`;
}

function pureFunction(scene: Scene): string {
  return `CREATE OR REPLACE FUNCTION ${scene.fresh(['h1', 'h2'])}(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a * ${scene.number()} $$;`;
}

function setFunction(scene: Scene): string | undefined {
  const table = scene.readable();
  if (table === undefined) return undefined;
  return `CREATE OR REPLACE FUNCTION ${scene.fresh(['w1'])}(a int) RETURNS SETOF ${scene.name(table)} LANGUAGE sql AS $$ SELECT * FROM ${scene.name(table)} $$;`;
}

function alterRoutine(scene: Scene): string | undefined {
  const routine = scene.any(scene.catalog.routines);
  if (routine === undefined) return undefined;
  const change = scene.pick([
    'SECURITY DEFINER',
    `SET search_path = ${scene.pick(scene.catalog.schemas)}`,
    'RESET search_path',
    `RENAME TO ${routine.name.slice(0, 1)}${(scene.number() % 3) + 1}`,
  ]);
  return `ALTER ROUTINE ${scene.name(routine)}(${routine.signature}) ${change};`;
}

function dropRoutine(scene: Scene): string | undefined {
  const routine = scene.any(scene.catalog.routines);
  return (
    routine &&
    `DROP ROUTINE ${scene.maybe(0.3, 'IF EXISTS ')}${scene.name(routine)}(${scene.maybe(0.8, routine.signature)})${scene.maybe(0.4, ' CASCADE')};`
  );
}

function call(scene: Scene): string | undefined {
  const routine = scene.intFunction();
  if (routine === undefined) return undefined;
  return `SELECT ${scene.name(routine)}(${scene.maybe(0.7, String(scene.number()))});`;
}

function callProcedure(scene: Scene): string | undefined {
  const routine = scene.any(scene.catalog.routines.filter(({ kind }) => kind === 'p'));
  return routine && `CALL ${scene.name(routine)}(${scene.number()});`;
}

function setOfRows(scene: Scene): string | undefined {
  const routine = scene.routine('w');
  const table = scene.table();
  if (routine === undefined || table === undefined) return undefined;
  const [number] = numbers(table);
  return (
    number &&
    `INSERT INTO ${scene.name(table)} (${number.name}) SELECT count(*) FROM ${scene.name(routine)}(1);`
  );
}

function explainAnalyze(scene: Scene): string | undefined {
  const statement = writeAlone(scene, 3);
  return statement && `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${statement};`;
}

/** A function that makes a table, or another function: what it does to the catalog cannot be seen from a call. */
export const opaque: Family = [
  {
    weight: 0.5,
    make: (scene) =>
      `CREATE OR REPLACE FUNCTION ${scene.fresh(['f1', 'f2', 'f3'])}(${ARGUMENT}) RETURNS int LANGUAGE plpgsql AS $$
BEGIN EXECUTE 'CREATE TABLE IF NOT EXISTS ${scene.fresh(TABLES)} (id int, n int, t text)'; RETURN 1; END $$;`,
  },
];
