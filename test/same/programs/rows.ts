import type { Column, Relation } from './catalog.js';
import { firstRow } from './functions.js';
import { allColumns, isNumber, isText, numbers, texts, type Scene } from './scene.js';
import type { Family } from './maker.js';

/** Everything that changes rows. */
export const rows: Family = [
  { weight: 18, make: insertValues, changes: 'rows' },
  { weight: 8, make: insertSelect, changes: 'rows' },
  { weight: 3, make: onConflict, changes: 'rows' },
  { weight: 6, make: update, changes: 'rows' },
  { weight: 2, make: updateFrom, changes: 'rows' },
  { weight: 4, make: deleteRows, changes: 'rows' },
  { weight: 1.5, make: deleteUsing, changes: 'rows' },
  { weight: 2, make: merge, changes: 'rows' },
  { weight: 1.5, make: truncate, changes: 'rows' },
  { weight: 2.5, make: writingCte, changes: 'rows' },
  { weight: 4, make: copy, changes: 'rows' },
  { weight: 2, make: splitInsert, changes: 'rows', alone: true },
  { weight: 2, make: select, changes: 'rows' },
  { weight: 0.5, make: (scene) => lock(scene), changes: 'rows' },
];

/** Some of the columns, those that must be given among them, with a value each. */
function someValues(scene: Scene, relation: Relation): readonly (readonly [string, string])[] {
  const given = relation.columns.filter(({ generated }) => !generated);
  const kept = given.filter((column) =>
    scene.chance(column.hasDefault || column.identity !== '' ? 0.4 : 0.85),
  );
  return kept.flatMap((column) => {
    const value = expression(scene, column);
    return value === undefined ? [] : [[column.name, value] as const];
  });
}

/** Mostly a literal; sometimes a draw, a call, or what a table holds. */
function expression(scene: Scene, column: Column): string | undefined {
  const literal = scene.value(column);
  if (!isNumber(column.type) || scene.chance(0.75)) return literal;
  const sequence = scene.sequence();
  const routine = scene.intFunction();
  const table = scene.readable();
  return scene.pick([
    ...(sequence === undefined ? [] : [`nextval('${scene.name(sequence)}')`]),
    ...(routine === undefined ? [] : [`${scene.name(routine)}(${scene.number()})`]),
    ...(table === undefined ? [] : [`(SELECT count(*) FROM ${scene.name(table)})`]),
    literal ?? 'NULL',
  ]);
}

function insertValues(scene: Scene): string | undefined {
  const into = scene.writable();
  if (into === undefined) return undefined;
  const values = someValues(scene, into);
  const returning = scene.maybe(0.1, ' RETURNING *');
  if (values.length === 0) return `INSERT INTO ${scene.name(into)} DEFAULT VALUES${returning};`;
  const names = values.map(([name]) => name).join(', ');
  const first = values.map(([, value]) => value).join(', ');
  const more = scene.random.between(0, 2);
  const chosen = into.columns.filter(({ name }) => values.some(([one]) => one === name));
  const rest = Array.from(
    { length: more },
    () => `, (${chosen.map((column) => scene.value(column) ?? 'NULL').join(', ')})`,
  );
  return `INSERT INTO ${scene.name(into)} (${names}) VALUES (${first})${rest.join('')}${returning};`;
}

/** Columns of one relation that can be given columns of another, in pairs. */
function matching(into: Relation, from: Relation): readonly (readonly [string, string])[] {
  const kind = ({ type }: Column): string => (isNumber(type) ? 'number' : isText(type) ? 'text' : type);
  return into.columns
    .filter(({ generated }) => !generated)
    .flatMap((column) => {
      const source = from.columns.find(({ name }) => name.slice(0, 1) === column.name.slice(0, 1));
      return source !== undefined && kind(source) === kind(column)
        ? [[column.name, source.name] as const]
        : [];
    });
}

function insertSelect(scene: Scene): string | undefined {
  const into = scene.writable();
  const from = scene.readable();
  if (into === undefined || from === undefined || from.columns.length === 0) return undefined;
  const pairs = matching(into, from).filter(([name]) => name.startsWith('n') || scene.chance(0.6));
  if (pairs.length === 0) return undefined;
  const limit = scene.isSensitive ? ' LIMIT 1' : ' LIMIT 5';
  return `INSERT INTO ${scene.name(into)} (${pairs.map(([name]) => name).join(', ')})
SELECT ${pairs.map(([, name]) => name).join(', ')} FROM ${scene.name(from)}${scene.pause()} ORDER BY ${allColumns(from)}${limit};`;
}

function onConflict(scene: Scene): string | undefined {
  const index = scene.any(scene.catalog.indexes.filter(({ unique, partial }) => unique && !partial));
  const into = scene.catalog.relations.find(
    ({ name, schema }) => name === index?.table.name && schema === index.table.schema,
  );
  if (into === undefined || into.kind === 'm') return undefined;
  const [key] = into.columns;
  const number = numbers(into)[1];
  if (key === undefined || number === undefined) return undefined;
  const action = scene.pick([
    'DO NOTHING',
    `(${key.name}) DO NOTHING`,
    `(${key.name}) DO UPDATE SET ${number.name} = EXCLUDED.${number.name} + 1`,
  ]);
  return `INSERT INTO ${scene.name(into)} AS o (${key.name}, ${number.name}) VALUES (${scene.number()}, ${scene.number()}) ON CONFLICT ${action};`;
}

/** One row, or (where nothing happens row by row) all that a condition names. */
function condition(scene: Scene, relation: Relation, name: string): string {
  const [number] = numbers(relation);
  if (scene.isSensitive || number === undefined) return ` WHERE ${firstRow(relation, name)}`;
  return scene.pick(['', ` WHERE ${number.name} > 2`, ` WHERE ${number.name} = ${scene.number()}`]);
}

function update(scene: Scene): string | undefined {
  const table = scene.writable();
  const column = table && (scene.any(numbers(table).slice(1)) ?? numbers(table)[0]);
  const [text] = table === undefined ? [] : texts(table);
  if (table === undefined || column === undefined) return undefined;
  const name = scene.name(table);
  const isKey = column === table.columns[0];
  const where = isKey ? ` WHERE ${firstRow(table, name)}` : condition(scene, table, name);
  const value = scene.pick([
    `${column.name} + 1`,
    `${column.name} + 1`,
    String(scene.number()),
    ...oneValue(scene, where),
  ]);
  const more = text === undefined ? '' : scene.maybe(0.3, `, ${text.name} = ${text.name} || 'u'`);
  const wait = scene.maybe(0.2, ` FROM pg_sleep(${scene.delay()}) AS pause`);
  return `UPDATE ${name} SET ${column.name} = ${value}${more}${wait}${where};`;
}

/** For one row only: a draw or a call. */
function oneValue(scene: Scene, where: string): readonly string[] {
  if (!where.includes('LIMIT 1')) return [];
  const sequence = scene.sequence();
  const routine = scene.intFunction();
  return [
    ...(sequence === undefined ? [] : [`nextval('${scene.name(sequence)}')`]),
    ...(routine === undefined ? [] : [`(SELECT ${scene.name(routine)}(2))`]),
  ];
}

function updateFrom(scene: Scene): string | undefined {
  const table = scene.table();
  const from = scene.readable();
  const [, target] = table === undefined ? [] : numbers(table);
  const source = from && scene.any(numbers(from));
  if (table === undefined || from === undefined || target === undefined || source === undefined)
    return undefined;
  const name = scene.name(table);
  const where = condition(scene, table, name).replace(' WHERE ', '');
  return `UPDATE ${name} SET ${target.name} = s.total FROM (SELECT coalesce(sum(${source.name}), 0) AS total FROM ${scene.name(from)}) AS s${where === '' ? '' : ` WHERE ${where}`};`;
}

function deleteRows(scene: Scene): string | undefined {
  const table = scene.writable();
  if (table === undefined) return undefined;
  const name = scene.name(table);
  return `DELETE FROM ${name}${condition(scene, table, name)}${scene.maybe(0.1, ' RETURNING *')};`;
}

function deleteUsing(scene: Scene): string | undefined {
  const table = scene.table();
  const using = scene.readable();
  if (table === undefined || using === undefined) return undefined;
  const name = scene.name(table);
  const where = scene.isSensitive ? firstRow(table, name) : 'o.total > 2';
  return `DELETE FROM ${name} USING (SELECT count(*) AS total FROM ${scene.name(using)}) AS o WHERE ${where} AND o.total > 0;`;
}

function merge(scene: Scene): string | undefined {
  const into = scene.table();
  const from = scene.readable();
  const source = from && numbers(from)[0];
  const [key, number] = into === undefined ? [] : numbers(into);
  if (into === undefined || from === undefined || source === undefined) return undefined;
  if (key === undefined || number === undefined) return undefined;
  const rowsOf = `SELECT ${source.name} AS k, count(*)::int AS c FROM ${scene.name(from)} GROUP BY 1 ORDER BY 1${scene.maybe(scene.isSensitive ? 1 : 0, ' LIMIT 1')}`;
  const matched = scene.pick([`UPDATE SET ${number.name} = s.c`, 'DELETE', 'DO NOTHING']);
  const only = scene.isSensitive ? ` AND ${firstRow(into, scene.name(into), 'o')}` : '';
  return `MERGE INTO ${scene.name(into)} AS o USING (${rowsOf}) AS s ON o.${key.name} = s.k${only}
WHEN MATCHED THEN ${matched} WHEN NOT MATCHED THEN INSERT (${key.name}, ${number.name}) VALUES (s.k, s.c);`;
}

function truncate(scene: Scene): string | undefined {
  const table = scene.table();
  return (
    table &&
    `TRUNCATE ${scene.maybe(0.15, 'ONLY ')}${scene.name(table)}${scene.maybe(0.4, ' RESTART IDENTITY')}${scene.maybe(0.6, ' CASCADE')};`
  );
}

function writingCte(scene: Scene): string | undefined {
  const from = scene.table();
  const into = scene.table();
  const [source] = from === undefined ? [] : numbers(from);
  const [target] = into === undefined ? [] : numbers(into);
  if (from === undefined || into === undefined || source === undefined || target === undefined)
    return undefined;
  const name = scene.name(from);
  const first = scene.pick([
    `INSERT INTO ${name} (${source.name}) VALUES (${scene.number()})`,
    `DELETE FROM ${name} WHERE ${firstRow(from, name)}`,
    `UPDATE ${name} SET ${source.name} = ${source.name} WHERE ${firstRow(from, name)}`,
  ]);
  return `WITH moved AS (${first} RETURNING ${source.name} AS k)
INSERT INTO ${scene.name(into)} (${target.name}) SELECT max(k) FROM moved;`;
}

function copy(scene: Scene): string | undefined {
  const into = scene.relation('r', 'p', 'v');
  const columns = into?.columns.filter(
    ({ type, generated }) => !generated && (isNumber(type) || isText(type)),
  );
  const chosen =
    columns?.filter(({ hasDefault, identity }) => scene.chance(hasDefault || identity !== '' ? 0.4 : 0.9)) ??
    [];
  if (into === undefined || chosen.length === 0) return undefined;
  const line = (): string =>
    chosen
      .map(({ type }) => (isNumber(type) ? String(scene.number()) : scene.pick(['a', 'b', 'copied'])))
      .join('\t');
  const lines = Array.from({ length: scene.random.between(1, 3) }, () => `${line()}\n`);
  return `COPY ${scene.name(into)} (${chosen.map(({ name }) => name).join(', ')}) FROM stdin;\n${lines.join('')}\\.`;
}

/** Its pieces come in any order, so that nothing may happen row by row or statement by statement. */
function splitInsert(scene: Scene): string | undefined {
  const { triggers, rules } = scene.catalog;
  if (scene.traits.hasTemporary) return undefined;
  const into = scene.relation('r');
  const number = into && numbers(into).find(({ hasDefault }) => !hasDefault);
  if (into === undefined || number === undefined || triggers.length + rules.length > 0) return undefined;
  if (into.columns.some(({ hasDefault, identity, generated }) => hasDefault || identity !== '' || generated))
    return undefined;
  const rowsOf = scene.pick([4, 9]);
  return `-- pqrun: split rows=${rowsOf}${scene.maybe(0.5, ' into=3')}
INSERT INTO ${scene.name(into)} (${number.name}) SELECT 20 + g FROM generate_series(:lo, :hi) AS g;`;
}

function select(scene: Scene): string | undefined {
  const from = scene.readable();
  return from && `SELECT count(*) FROM ${scene.name(from)}${scene.pause()};`;
}

function lock(scene: Scene): string | undefined {
  const table = scene.table();
  if (table === undefined) return undefined;
  if (scene.inBlock) return `LOCK TABLE ${scene.name(table)} IN SHARE MODE;`;
  return `SELECT * FROM ${scene.name(table)} ORDER BY ${allColumns(table)} LIMIT 1 FOR UPDATE;`;
}
