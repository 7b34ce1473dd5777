import { inARow, type Family } from './maker.js';
import type { Scene } from './scene.js';

/** Names that PostgreSQL chooses, where others have them already. */
export const names: Family = [
  { weight: 3, make: longNames },
  { weight: 3, make: namesOfConstraints },
];

/** They are cut, and so become the same. */
function longNames(scene: Scene): string {
  const long = (start: string, end: string): string => start.padEnd(61, 'o') + end;
  const numbered = (number: string): string => `public.${long('long', number)}`;
  const table = (): string => numbered(scene.pick(['1', '2']));
  const column = long('column', '');
  const type = `public.${long('type', scene.pick(['1', '2']))}`;
  const one = (): string =>
    scene.pick([
      `CREATE TABLE ${table()} (id serial PRIMARY KEY, ${column} int NOT NULL UNIQUE CHECK (${column} < 99));`,
      `CREATE TABLE ${table()} (${column} int PRIMARY KEY CHECK (${column} < 99));`,
      `CREATE INDEX ON ${table()} (${column}, abs(${column}));`,
      `ALTER TABLE ${table()} ADD UNIQUE (${column});`,
      `ALTER TABLE ${table()} ADD FOREIGN KEY (${column}) REFERENCES ${table()} (${column});`,
      `CREATE TYPE ${type} AS ENUM ('a');`,
      `DROP TYPE IF EXISTS ${type} CASCADE;`,
      `DROP TABLE IF EXISTS ${table()} CASCADE;`,
      `INSERT INTO ${table()} (${column}) VALUES (${scene.number()});`,
    ]);
  return inARow(one(), one(), one());
}

/** `nn_a_b_check` and `nn_a_b_not_null`: of the column a_b of nn, of b of nn_a, and of the domain nn_a_b. */
function namesOfConstraints(scene: Scene): string {
  const schema = scene.pick(['public', 'public', 'public', 's1']);
  const columns = { nn: 'a_b', nn_a: 'b' } as const;
  const picked = scene.pick(['nn', 'nn_a'] as const);
  const column = columns[picked];
  const table = `${schema}.${picked}`;
  const apart = `${schema}.nn_${scene.pick(['1', '2', '3'])}`;
  const name = `nn_a_b_${scene.pick(['check', 'not_null', 'not_null', 'check1', 'not_null1', 'key', 'key1'])}`;
  const one = (): string =>
    scene.pick([
      `CREATE TABLE ${table} (${column} int ${scene.pick(['NOT NULL', 'PRIMARY KEY', 'GENERATED ALWAYS AS IDENTITY', 'UNIQUE NOT NULL CHECK'])});`.replace(
        'CHECK',
        `CHECK (${column} < 99)`,
      ),
      `CREATE TABLE ${table} (c int, ${column} serial CHECK (${column} < 99), UNIQUE (${column}));`,
      `CREATE TABLE ${apart} (LIKE ${table} INCLUDING ALL);`,
      `CREATE TABLE ${apart} () INHERITS (${table});`,
      `CREATE TABLE ${apart} (c int CONSTRAINT ${name} ${scene.pick(['CHECK (c < 99)', 'UNIQUE', 'NOT NULL'])});`,
      `CREATE DOMAIN ${schema}.nn_a_b AS int NOT NULL CHECK (VALUE < 99);`,
      `DROP DOMAIN IF EXISTS ${schema}.nn_a_b;`,
      `ALTER TABLE ${table} RENAME TO nn_${scene.pick(['1', '2', '3'])};`,
      `ALTER TABLE ${table} ALTER ${column} ${scene.pick(['SET', 'SET', 'DROP'])} NOT NULL;`,
      `ALTER TABLE ${table} DROP COLUMN ${column};`,
      `ALTER TABLE ${table} ADD COLUMN ${column} int NOT NULL CHECK (${column} < 99);`,
      `ALTER TABLE ${scene.pick([table, apart])} DROP CONSTRAINT ${name};`,
      `ALTER TABLE ${scene.pick([table, apart])} RENAME CONSTRAINT ${name} TO other;`,
      `ALTER TABLE ${apart} ADD CONSTRAINT ${name} CHECK (true);`,
      `ALTER INDEX ${schema}.nn_a_b_key RENAME TO ${name};`,
      `DROP TABLE IF EXISTS ${scene.pick([table, apart])};`,
    ]);
  return inARow(one(), one(), one(), one());
}
