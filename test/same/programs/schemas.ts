import type { Scene } from './scene.js';
import { SCHEMAS, type Family } from './maker.js';

/** Schemas, what the search path makes of names, and objects that move from one schema to another. */
export const schemas: Family = [
  {
    weight: 4,
    make: (scene) => `CREATE SCHEMA ${scene.maybe(0.3, 'IF NOT EXISTS ')}${scene.pick(SCHEMAS)};`,
  },
  {
    weight: 1,
    make: (scene) =>
      `CREATE SCHEMA ${scene.pick(SCHEMAS)}\n  CREATE TABLE t1 (id int, n int, t text)\n  CREATE VIEW v1 AS SELECT * FROM t1;`,
  },
  {
    weight: 0.4,
    make: (scene) => `DROP SCHEMA ${scene.maybe(0.4, 'IF EXISTS ')}${scene.pick(SCHEMAS)} CASCADE;`,
  },
  { weight: 0.5, make: renameSchema },
  { weight: 3, make: (scene) => `SET search_path = ${path(scene)};` },
  { weight: 1, make: (scene) => `SELECT set_config('search_path', '${path(scene)}', false);` },
  { weight: 0.5, make: () => 'RESET search_path;' },
  { weight: 1.2, make: moveObject },
  {
    weight: 0.4,
    make: (scene) => `COMMENT ON SCHEMA ${scene.pick(scene.catalog.schemas)} IS ${scene.word()};`,
  },
];

function path(scene: Scene): string {
  const first = scene.pick(scene.catalog.schemas);
  const second = scene.pick(scene.catalog.schemas);
  return first === second ? first : `${first}, ${second}`;
}

function renameSchema(scene: Scene): string | undefined {
  const own = scene.any(scene.catalog.schemas.filter((name) => name !== 'public'));
  return own === undefined ? undefined : `ALTER SCHEMA ${own} RENAME TO ${scene.pick(SCHEMAS)};`;
}

function moveObject(scene: Scene): string | undefined {
  const to = scene.pick(scene.catalog.schemas);
  const kind = scene.pick(['table', 'table', 'view', 'sequence', 'function', 'type'] as const);
  if (kind === 'function') {
    const routine = scene.any(scene.catalog.routines);
    return routine && `ALTER ROUTINE ${scene.name(routine)}(${routine.signature}) SET SCHEMA ${to};`;
  }
  if (kind === 'type') {
    const type = scene.any(scene.catalog.types);
    return type && `ALTER TYPE ${scene.name(type)} SET SCHEMA ${to};`;
  }
  const object = kind === 'table' ? scene.table() : kind === 'view' ? scene.relation('v') : scene.sequence();
  return object && `ALTER ${kind.toUpperCase()} ${scene.name(object)} SET SCHEMA ${to};`;
}
