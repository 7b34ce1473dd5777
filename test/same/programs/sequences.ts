import { typeWord } from './catalog.js';
import type { Scene } from './scene.js';
import { SEQUENCES, type Family } from './maker.js';

/** Sequences, and types. */
export const sequences: Family = [
  {
    weight: 4,
    make: (scene) =>
      `CREATE SEQUENCE ${scene.maybe(0.3, 'IF NOT EXISTS ')}${scene.fresh(SEQUENCES)}${scene.maybe(0.3, ' START 5 INCREMENT 2')}${scene.maybe(0.15, ' CACHE 4')};`,
  },
  { weight: 3, make: (scene) => draw(scene, 'SELECT nextval(%);'), changes: 'rows' },
  { weight: 1.5, make: (scene) => draw(scene, `SELECT setval(%, ${scene.number() * 10});`), changes: 'rows' },
  { weight: 0.8, make: alterSequence },
  { weight: 0.5, make: dropSequence },
  { weight: 0.7, make: ownedBy },
];

function draw(scene: Scene, text: string): string | undefined {
  const sequence = scene.sequence();
  return sequence && text.replace('%', () => `'${scene.name(sequence)}'`);
}

function alterSequence(scene: Scene): string | undefined {
  const sequence = scene.sequence();
  const change = scene.pick([
    'RESTART',
    'RESTART WITH 30',
    'INCREMENT BY 3',
    'CACHE 3',
    `RENAME TO ${scene.pick(SEQUENCES)}`,
  ]);
  return sequence && `ALTER SEQUENCE ${scene.name(sequence)} ${change};`;
}

function dropSequence(scene: Scene): string | undefined {
  const sequence = scene.sequence();
  return sequence && `DROP SEQUENCE ${scene.name(sequence)}${scene.maybe(0.5, ' CASCADE')};`;
}

function ownedBy(scene: Scene): string | undefined {
  const sequence = scene.any(scene.relations(['S']).filter(({ isOwned }) => !isOwned));
  const table = scene.relation('r');
  const [first] = table?.columns ?? [];
  if (sequence === undefined || table === undefined || first === undefined) return undefined;
  return `ALTER SEQUENCE ${scene.name(sequence)} OWNED BY ${scene.pick(['NONE', `${scene.name(table)}.${first.name}`])};`;
}

export const types: Family = [
  { weight: 2, make: domain },
  { weight: 1, make: (scene) => `CREATE TYPE ${scene.fresh(['e1', 'e2'])} AS ENUM ('a', 'b');` },
  { weight: 1, make: (scene) => `CREATE TYPE ${scene.fresh(['k1', 'k2'])} AS (id int, n int, t text);` },
  { weight: 1.2, make: addValue },
  { weight: 0.8, make: alterDomain },
  { weight: 0.4, make: alterComposite },
  { weight: 0.4, make: dropType },
  { weight: 0.7, make: enumColumn },
];

function domain(scene: Scene): string {
  const check = scene.routine('c');
  const condition = check === undefined || scene.chance(0.4) ? 'VALUE < 800' : `${scene.name(check)}(VALUE)`;
  return `CREATE DOMAIN ${scene.fresh(['d1', 'd2'])} AS int CHECK (${condition});`;
}

function ofKind(scene: Scene, kind: 'd' | 'e' | 'c'): string | undefined {
  const type = scene.any(scene.catalog.types.filter((one) => one.kind === kind));
  return type && scene.name(type);
}

function addValue(scene: Scene): string | undefined {
  const type = ofKind(scene, 'e');
  const where = scene.pick(['', " BEFORE 'a'", " AFTER 'a'"]);
  return (
    type &&
    `ALTER TYPE ${type} ADD VALUE ${scene.maybe(0.4, 'IF NOT EXISTS ')}'${scene.pick(['c', 'd', 'x'])}'${where};`
  );
}

function alterDomain(scene: Scene): string | undefined {
  const type = ofKind(scene, 'd');
  const change = scene.pick([
    'SET DEFAULT 4',
    'ADD CONSTRAINT dk CHECK (VALUE < 700)',
    'DROP CONSTRAINT IF EXISTS dk',
    'SET NOT NULL',
    'DROP NOT NULL',
  ]);
  return type && `ALTER DOMAIN ${type} ${change};`;
}

function alterComposite(scene: Scene): string | undefined {
  const type = ofKind(scene, 'c');
  return type && `ALTER TYPE ${type} ADD ATTRIBUTE ${scene.pick(['x', 'y'])} int CASCADE;`;
}

function dropType(scene: Scene): string | undefined {
  const type = scene.any(scene.catalog.types);
  if (type === undefined) return undefined;
  return `DROP ${typeWord(type)} ${scene.name(type)}${scene.maybe(0.5, ' CASCADE')};`;
}

function enumColumn(scene: Scene): string | undefined {
  const type = ofKind(scene, scene.pick(['e', 'c']));
  const table = scene.relation('r');
  return type && table && `ALTER TABLE ${scene.name(table)} ADD COLUMN ${scene.pick(['e', 'x'])} ${type};`;
}
