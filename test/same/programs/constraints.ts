import { numbers, texts, type Scene } from './scene.js';
import type { Family } from './maker.js';

/** Keys, foreign keys of all kinds, checks, indexes. Unique is only what no statement changes for several rows. */
export const constraints: Family = [
  { weight: 3, make: addKey },
  { weight: 4, make: addForeignKey },
  { weight: 2, make: addCheck },
  { weight: 1.5, make: validate },
  { weight: 1.2, make: dropConstraint },
  { weight: 0.6, make: renameConstraint },
  { weight: 0.5, make: keyOfIndex },
];

export const indexes: Family = [
  { weight: 6, make: createIndex },
  { weight: 0.5, make: (scene) => createIndex(scene)?.replace('INDEX ', 'INDEX CONCURRENTLY '), alone: true },
  { weight: 0.8, make: dropIndex },
  { weight: 0.6, make: renameIndex },
  { weight: 0.5, make: reindex },
  { weight: 0.6, make: statistics },
];

function addKey(scene: Scene): string | undefined {
  const table = scene.table();
  const [first] = table?.columns ?? [];
  if (table === undefined || first === undefined) return undefined;
  const name = scene.maybe(0.5, `CONSTRAINT ${scene.pick(['k1', 'k2'])} `);
  const kind = scene.pick(['PRIMARY KEY', 'UNIQUE', 'UNIQUE']);
  return `ALTER TABLE ${scene.name(table)} ADD ${name}${kind} (${first.name})${scene.maybe(0.15, ' DEFERRABLE INITIALLY DEFERRED')};`;
}

const ACTIONS = [
  '',
  ' ON DELETE CASCADE',
  ' ON DELETE SET NULL',
  ' ON UPDATE CASCADE',
  ' ON DELETE CASCADE ON UPDATE CASCADE',
];

function addForeignKey(scene: Scene): string | undefined {
  const parent = scene.any(scene.catalog.indexes.filter(({ constraint }) => constraint !== ''))?.table;
  const child = scene.table();
  const column = child && scene.any(numbers(child));
  if (parent === undefined || child === undefined || column === undefined) return undefined;
  const name = scene.maybe(0.4, `CONSTRAINT ${scene.pick(['fk1', 'fk2'])} `);
  const deferred = scene.maybe(0.25, ' DEFERRABLE INITIALLY DEFERRED');
  // Rows would get drawn defaults in their physical order.
  const actions =
    column.hasDefault || column.identity !== '' ? ACTIONS : [...ACTIONS, ' ON DELETE SET DEFAULT'];
  const late = scene.maybe(0.35, ' NOT VALID');
  const target = scene.catalog.relations.find(
    (one) => one.name === parent.name && one.schema === parent.schema,
  );
  const [key] = target?.columns ?? [];
  return `ALTER TABLE ${scene.name(child)} ADD ${name}FOREIGN KEY (${column.name}) REFERENCES ${scene.name(parent)}${key === undefined ? '' : ` (${key.name})`}${scene.pick(actions)}${deferred}${late};`;
}

function addCheck(scene: Scene): string | undefined {
  const table = scene.table();
  const column = table && scene.any(numbers(table));
  if (table === undefined || column === undefined) return undefined;
  const check = scene.routine('c');
  const condition =
    check === undefined || scene.chance(0.3)
      ? `${column.name} < 500`
      : `${scene.name(check)}(${column.name}::int)`;
  const name = scene.maybe(0.5, `CONSTRAINT ${scene.pick(['ck1', 'ck2'])} `);
  return `ALTER TABLE ${scene.name(table)} ADD ${name}CHECK (${condition})${scene.maybe(0.4, ' NOT VALID')};`;
}

function validate(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.constraints.filter(({ validated }) => !validated));
  return one && `ALTER TABLE ${scene.name(one.table)} VALIDATE CONSTRAINT ${one.name};`;
}

function dropConstraint(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.constraints.filter(({ kind }) => kind !== 't'));
  return (
    one && `ALTER TABLE ${scene.name(one.table)} DROP CONSTRAINT ${one.name}${scene.maybe(0.4, ' CASCADE')};`
  );
}

function renameConstraint(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.constraints.filter(({ kind }) => kind !== 't'));
  return (
    one &&
    `ALTER TABLE ${scene.name(one.table)} RENAME CONSTRAINT ${one.name} TO ${scene.pick(['k1', 'k2', 'k3'])};`
  );
}

function keyOfIndex(scene: Scene): string | undefined {
  const index = scene.any(
    scene.catalog.indexes.filter(
      ({ unique, partial, constraint }) => unique && !partial && constraint === '',
    ),
  );
  return (
    index &&
    `ALTER TABLE ${scene.name(index.table)} ADD CONSTRAINT ${scene.pick(['k1', 'k2'])} UNIQUE USING INDEX ${index.name};`
  );
}

function createIndex(scene: Scene): string | undefined {
  const table = scene.relation('r', 'p', 'm');
  const [first] = table?.columns ?? [];
  const column = scene.any(table?.columns ?? []);
  if (table === undefined || first === undefined || column === undefined) return undefined;
  const name = scene.pick([
    '',
    '',
    `${scene.pick(['i1', 'i2'])} `,
    `IF NOT EXISTS ${scene.pick(['i1', 'i2'])} `,
  ]);
  const [number] = numbers(table);
  const [text] = texts(table);
  const pure = scene.routine('h');
  const key = scene.pick([
    column.name,
    column.name,
    `${first.name}, ${column.name}`,
    ...(number === undefined ? [] : [`(${number.name} + 1)`]),
    ...(text === undefined ? [] : [`lower(${text.name})`]),
    ...(pure === undefined || number === undefined ? [] : [`${scene.name(pure)}(${number.name}::int)`]),
  ]);
  const where = number === undefined ? '' : scene.maybe(0.2, ` WHERE ${number.name} > 1`);
  if (scene.chance(0.2)) return `CREATE UNIQUE INDEX ${name}ON ${scene.name(table)} (${first.name})${where};`;
  return `CREATE INDEX ${name}ON ${scene.name(table)} (${key})${where};`;
}

function dropIndex(scene: Scene): string | undefined {
  const index = scene.any(scene.catalog.indexes);
  return index && `DROP INDEX ${scene.maybe(0.3, 'IF EXISTS ')}${scene.name(index)};`;
}

function renameIndex(scene: Scene): string | undefined {
  const index = scene.any(scene.catalog.indexes);
  return index && `ALTER INDEX ${scene.name(index)} RENAME TO ${scene.pick(['i1', 'i2', 'i3'])};`;
}

function reindex(scene: Scene): string | undefined {
  const table = scene.relation('r');
  return table && `REINDEX TABLE ${scene.name(table)};`;
}

function statistics(scene: Scene): string | undefined {
  const existing = scene.any(scene.catalog.statistics);
  if (existing !== undefined && scene.chance(0.3)) return `DROP STATISTICS ${scene.name(existing)};`;
  const table = scene.table();
  const [first, second] = table?.columns ?? [];
  if (table === undefined || first === undefined || second === undefined) return undefined;
  return `CREATE STATISTICS ${scene.pick(['st1', 'st2'])} ON ${first.name}, ${second.name} FROM ${scene.name(table)};`;
}
