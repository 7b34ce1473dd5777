import { ROLES } from '../roles.js';
import { firstRow, intExpression, writeAlone } from './functions.js';
import { inARow, type Family } from './maker.js';
import { allColumns, numbers, type Scene } from './scene.js';

/**
 * Code that does what chance alone hardly ever makes, but rules know: found as the lines of `src/plan` that hundreds of programs had
 * not reached. Functions are `k…`, which nothing else calls.
 */
export const cornersOfCode: Family = [
  { weight: 2, make: truncating },
  { weight: 2, make: truncateTrigger },
  { weight: 1, make: speaking },
  { weight: 2, make: outParameters },
  { weight: 0.7, make: internal },
  { weight: 1.5, make: currentOf },
  { weight: 1, make: typeOfColumn },
  { weight: 2, make: attribute },
  { weight: 1, make: constraintTrigger },
  { weight: 1, make: drawsByText },
  { weight: 1.5, make: copyOut, changes: 'rows' },
  { weight: 2, make: largeObject, changes: 'rows' },
];

/** Each kind of function has a number: those that are called alike give the same. */
function functionNamed(scene: Scene, kind: number): string {
  return scene.fresh([`k${kind}`]);
}

function truncating(scene: Scene): string | undefined {
  const table = scene.table();
  const name = functionNamed(scene, 1);
  const truncate =
    table &&
    `TRUNCATE ${scene.name(table)}${scene.maybe(0.4, ' RESTART IDENTITY')}${scene.maybe(0.3, ' CASCADE')};`;
  return (
    truncate &&
    inARow(
      scene.pick([
        `CREATE OR REPLACE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${truncate} END $$;`,
        `CREATE OR REPLACE FUNCTION ${name}() RETURNS void LANGUAGE sql AS $$ ${truncate} $$;`,
      ]),
      `SELECT ${name}();`,
    )
  );
}

function truncateTrigger(scene: Scene): string | undefined {
  const [table, statement] = [scene.table(), writeAlone(scene, 5)];
  const name = functionNamed(scene, 2);
  return (
    table &&
    statement &&
    inARow(
      `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN NULL; END $$;`,
      `CREATE TRIGGER tt1 ${scene.pick(['BEFORE', 'AFTER'])} TRUNCATE ON ${scene.name(table)} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();`,
      `TRUNCATE ${scene.name(table)};`,
    )
  );
}

function speaking(scene: Scene): string | undefined {
  const statement = writeAlone(scene, 5);
  const name = functionNamed(scene, 3);
  return (
    statement &&
    inARow(
      `CREATE OR REPLACE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${scene.pick(["PERFORM pg_notify('ch1', 'said')", 'PERFORM pg_advisory_xact_lock(7)', "NOTIFY ch1, 'said'", 'SET LOCAL work_mem = 4096'])}; ${statement}; END $$;`,
      `SELECT ${name}();`,
    )
  );
}

function outParameters(scene: Scene): string | undefined {
  const [from, into] = [scene.readable(), scene.table()];
  const [number] = into === undefined ? [] : numbers(into);
  const statement = writeAlone(scene, 5);
  if (from === undefined || into === undefined || number === undefined || statement === undefined)
    return undefined;
  const name = functionNamed(scene, 4);
  const counted = `SELECT count(*)::int FROM ${scene.name(from)}`;
  return inARow(
    scene.pick([
      `CREATE OR REPLACE FUNCTION ${name}(a int, OUT b int, OUT c text) LANGUAGE plpgsql AS $$ BEGIN ${statement}; b := (${counted}); END $$;`,
      `CREATE OR REPLACE FUNCTION ${name}(a int, INOUT b int DEFAULT 1) LANGUAGE plpgsql AS $$ BEGIN b := (${counted}); ${statement}; END $$;`,
      `CREATE OR REPLACE FUNCTION ${name}(a int) RETURNS TABLE (b int) LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN QUERY ${counted}; END $$;`,
      `CREATE OR REPLACE FUNCTION ${name}(a int) RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT (${counted}); ${statement}; END $$;`,
    ]),
    `INSERT INTO ${scene.name(into)} (${number.name}) SELECT k.* FROM ${name}(1) AS k(b);`,
  );
}

/** One of PostgreSQL's own, under a name of the program's that is pure. */
function internal(scene: Scene): string {
  return `CREATE OR REPLACE FUNCTION ${scene.fresh(['h1', 'h2'])}(a int) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4abs';`;
}

function currentOf(scene: Scene): string | undefined {
  const table = scene.relation('r');
  const [number] = table === undefined ? [] : numbers(table);
  const name = functionNamed(scene, 5);
  return (
    table &&
    number &&
    inARow(
      `CREATE OR REPLACE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ DECLARE c CURSOR FOR SELECT * FROM ${scene.name(table)} FOR UPDATE;
BEGIN FOR one IN c LOOP UPDATE ${scene.name(table)} SET ${number.name} = 4 WHERE CURRENT OF c; END LOOP; END $$;`,
      `SELECT ${name}();`,
    )
  );
}

function typeOfColumn(scene: Scene): string | undefined {
  const table = scene.table();
  const column = table && scene.any(table.columns);
  return (
    column &&
    `CREATE OR REPLACE FUNCTION ${functionNamed(scene, 6)}(a ${scene.name(table)}.${column.name}%TYPE) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;`
  );
}

/** A function that is called as a column is named. */
function attribute(scene: Scene): string | undefined {
  const [of, into] = [scene.table(), scene.table()];
  const [number] = into === undefined ? [] : numbers(into);
  if (of === undefined || into === undefined || number === undefined) return undefined;
  const name = 'k9';
  const expression = intExpression(scene).replaceAll(/\ba\b/g, '1');
  return inARow(
    `CREATE OR REPLACE FUNCTION ${scene.fresh([name])}(r ${scene.name(of)}) RETURNS int LANGUAGE sql AS $$ SELECT ${expression} $$;`,
    `INSERT INTO ${scene.name(into)} (${number.name}) SELECT ${scene.pick(['(x)', 'x'])}.${name} FROM (SELECT y FROM ${scene.name(of)} AS y ORDER BY ${allColumns(of, 'y')} LIMIT 1) AS z(x);`,
  );
}

/** It deletes: deferred ones that insert would set each other off for ever. */
function constraintTrigger(scene: Scene): string | undefined {
  const [table, other, target] = [scene.relation('r'), scene.relation('r'), scene.relation('r')];
  const name = functionNamed(scene, 7);
  if (table === undefined || other === undefined || target === undefined) return undefined;
  return inARow(
    `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM ${scene.name(target)} WHERE ${firstRow(target, scene.name(target))}; RETURN NULL; END $$;`,
    `CREATE CONSTRAINT TRIGGER tc1 AFTER INSERT ON ${scene.name(table)} FROM ${scene.name(other)} DEFERRABLE${scene.maybe(0.5, ' INITIALLY DEFERRED')} FOR EACH ROW EXECUTE FUNCTION ${name}();`,
  );
}

/** Which sequence is known only when it runs. */
function drawsByText(scene: Scene): string | undefined {
  const sequence = scene.sequence();
  const name = functionNamed(scene, 8);
  return (
    sequence &&
    inARow(
      `CREATE OR REPLACE FUNCTION ${name}(s text) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN nextval(s::regclass); END $$;`,
      `SELECT ${name}('${sequence.schema}.${sequence.name}');`,
      `SELECT setval('${scene.name(sequence)}', ${40 + scene.number()});`,
    )
  );
}

function copyOut(scene: Scene): string | undefined {
  const table = scene.relation('r', 'p');
  const routine = scene.intFunction();
  const statement = writeAlone(scene, 5);
  return scene.any([
    ...(table === undefined ? [] : [`COPY ${scene.name(table)} TO '/dev/null';`]),
    ...(routine === undefined ? [] : [`COPY (SELECT ${scene.name(routine)}(1)) TO '/dev/null';`]),
    ...(statement === undefined ? [] : [`COPY (${statement} RETURNING 1) TO '/dev/null';`]),
  ]);
}

function largeObject(scene: Scene): string {
  const number = 4710 + (scene.number() % 2);
  const table = scene.table();
  const [column] = table === undefined ? [] : numbers(table);
  return scene.pick([
    `SELECT lo_create(${number});`,
    `SELECT lo_from_bytea(${number}, '\\x0102');`,
    `SELECT lo_put(${number}, ${scene.number()}, '\\x03');`,
    `SELECT lo_unlink(${number});`,
    `ALTER LARGE OBJECT ${number} OWNER TO ${scene.pick(ROLES)};`,
    `COMMENT ON LARGE OBJECT ${number} IS ${scene.word()};`,
    ...(table === undefined || column === undefined
      ? []
      : [`INSERT INTO ${scene.name(table)} (${column.name}) SELECT length(lo_get(${number}));`]),
  ]);
}
