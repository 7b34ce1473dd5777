import { ROLES } from '../roles.js';
import { RELATION_WORDS, typeWord, type Named, type Relation } from './catalog.js';
import type { Family } from './maker.js';
import { numbers, type Scene } from './scene.js';

/** What is altered more rarely: owners, parts of tables, several things in one statement; and foreign tables. */
export const alterations: Family = [
  { weight: 3, make: owner },
  { weight: 2, make: ofRole },
  { weight: 2, make: severalCommands },
  { weight: 1.5, make: severalObjects },
  { weight: 1.5, make: alterPolicy },
  { weight: 1.5, make: deferral },
  { weight: 1, make: alterView },
  { weight: 2, make: operatorClass },
  { weight: 1, make: indexOfClass },
  { weight: 1, make: attachIndex },
  { weight: 0.7, make: (scene) => `SET CONSTRAINTS ALL ${scene.pick(['DEFERRED', 'IMMEDIATE'])};` },
  { weight: 0.5, make: (scene) => `NOTIFY ch1, ${scene.word()};` },
  { weight: 0.7, make: () => 'CREATE FOREIGN DATA WRAPPER fw1;' },
  { weight: 0.7, make: () => 'CREATE SERVER sv1 FOREIGN DATA WRAPPER fw1;' },
  { weight: 2, make: foreignTable },
];

function owner(scene: Scene): string | undefined {
  const { catalog } = scene;
  const relation = scene.relation('v', 'm', 'S', 'r', 'p');
  const routine = scene.any(catalog.routines);
  const type = scene.any(catalog.types.filter(({ kind }) => kind !== 'm'));
  const collation = scene.any(catalog.collations);
  const sign = scene.any(catalog.operators);
  const what = scene.any([
    ...(relation === undefined ? [] : [`${RELATION_WORDS[relation.kind]} ${scene.name(relation)}`]),
    ...(routine === undefined
      ? []
      : [`${routine.kind === 'a' ? 'AGGREGATE' : 'ROUTINE'} ${scene.name(routine)}(${routine.signature})`]),
    ...(type === undefined ? [] : [`${typeWord(type)} ${scene.name(type)}`]),
    ...(collation === undefined ? [] : [`COLLATION ${scene.name(collation)}`]),
    ...(sign === undefined ? [] : [`OPERATOR ${scene.name(sign)} (${sign.arguments})`]),
    // Programs need one schema that nobody drops.
    ...catalog.schemas.filter((name) => name !== 'public').map((name) => `SCHEMA ${name}`),
  ]);
  return what && `ALTER ${what} OWNER TO ${scene.pick([...ROLES, 'CURRENT_USER'])};`;
}

function ofRole(scene: Scene): string {
  const role = scene.pick(ROLES);
  return scene.pick([
    `REASSIGN OWNED BY ${role} TO ${scene.pick([...ROLES, 'CURRENT_USER'])};`,
    `DROP OWNED BY ${role}${scene.maybe(0.4, ' CASCADE')};`,
  ]);
}

/** Commands of one ALTER TABLE are done in an order of PostgreSQL's own. */
function severalCommands(scene: Scene): string | undefined {
  const table = scene.relation('r', 'p');
  if (table === undefined) return undefined;
  const command = (): string => tableCommand(scene, table);
  return `ALTER TABLE ${scene.maybe(0.15, 'IF EXISTS ')}${scene.name(table)} ${command()}, ${command()};`;
}

function tableCommand(scene: Scene, table: Relation): string {
  const { indexes, triggers, types } = scene.catalog;
  const isOwn = (one: { readonly table: Named }): boolean =>
    one.table.name === table.name && one.table.schema === table.schema;
  const index = scene.any(indexes.filter(isOwn));
  const trigger = scene.any(triggers.filter(isOwn));
  const type = scene.any(types.filter(({ kind }) => kind === 'c'));
  const [column] = numbers(table);
  const key = scene.any(indexes.filter(({ constraint }) => constraint !== ''))?.table;
  const name = scene.pick(['x', 'y', 'w']);
  return scene.pick([
    `ADD COLUMN ${name} int UNIQUE`,
    `ADD COLUMN ${name} int CHECK (${name} > 0)`,
    `DROP COLUMN IF EXISTS ${name}`,
    ...(key === undefined ? [] : [`ADD COLUMN ${name} int REFERENCES ${scene.name(key)}`]),
    ...(column === undefined
      ? []
      : [
          `ALTER COLUMN ${column.name} SET DEFAULT 2`,
          `ALTER COLUMN ${column.name} TYPE bigint`,
          `ADD CONSTRAINT ck3 CHECK (${column.name} < 900)`,
          `ALTER COLUMN ${column.name} SET NOT NULL`,
          `ADD EXCLUDE USING btree (${column.name} WITH =)`,
        ]),
    ...(index?.schema === table.schema ? [`CLUSTER ON ${index.name}`] : []),
    ...(trigger === undefined ? [] : [`DISABLE TRIGGER ${trigger.name}`]),
    'DISABLE TRIGGER ALL',
    'ENABLE TRIGGER ALL',
    ...(type === undefined ? [] : [`OF ${scene.name(type)}`]),
    'SET WITHOUT CLUSTER',
    'NOT OF',
  ]);
}

function severalObjects(scene: Scene): string | undefined {
  const [one, other] = [scene.table(), scene.table()];
  const [first, second] = [scene.any(scene.catalog.routines), scene.any(scene.catalog.routines)];
  const cascade = scene.maybe(0.5, ' CASCADE');
  return scene.any([
    ...(one === undefined || other === undefined || one === other
      ? []
      : [
          `TRUNCATE ${scene.name(one)}, ${scene.name(other)}${cascade};`,
          `DROP TABLE ${scene.name(one)}, ${scene.name(other)}${cascade};`,
          `GRANT SELECT ON ${scene.name(one)}, ${scene.name(other)} TO ${scene.pick(ROLES)};`,
          `ANALYZE ${scene.name(one)}, ${scene.name(other)};`,
        ]),
    ...(first === undefined || second === undefined || first === second
      ? []
      : [
          `DROP ROUTINE ${scene.name(first)}(${first.signature}), ${scene.name(second)}(${second.signature})${cascade};`,
        ]),
  ]);
}

function alterPolicy(scene: Scene): string | undefined {
  const policy = scene.any(scene.catalog.policies);
  const routine = scene.intFunction();
  if (policy === undefined) return undefined;
  const condition = routine === undefined ? 'true' : `(SELECT ${scene.name(routine)}(1)) > 0`;
  return `ALTER POLICY ${policy.name} ON ${scene.name(policy.table)} ${scene.pick([`USING (${condition})`, 'RENAME TO po2', `TO ${scene.pick(ROLES)}`])};`;
}

function deferral(scene: Scene): string | undefined {
  const key = scene.any(
    scene.catalog.constraints.filter(({ kind, table }) => kind === 'f' && 'rp'.includes(table.kind)),
  );
  return (
    key &&
    `ALTER TABLE ${scene.name(key.table)} ALTER CONSTRAINT ${key.name} ${scene.pick(['DEFERRABLE', 'NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'])};`
  );
}

function alterView(scene: Scene): string | undefined {
  const view = scene.relation('v');
  return view && `ALTER VIEW ${scene.name(view)} ${scene.pick(['SET', 'RESET'])} (security_barrier);`;
}

/**
 * Those that compare by a function of the program are an episode: where that writes to its own table, the server waits for itself for
 * ever, and cannot be cancelled.
 */
function operatorClass(scene: Scene): string {
  const name = scene.fresh(['oc1', 'oc2']);
  return scene.pick([
    integersBy(name, 'btint4cmp'),
    `DROP OPERATOR CLASS IF EXISTS ${name} USING btree CASCADE;`,
  ]);
}

/** A class of operators by which a B-tree orders integers as the function compares them. */
export function integersBy(name: string, compare: string): string {
  return `CREATE OPERATOR CLASS ${name} FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 ${compare}(int, int);`;
}

function indexOfClass(scene: Scene): string | undefined {
  const table = scene.table();
  const column = table?.columns.find(({ type }) => type === 'integer');
  return (
    table && column && `CREATE INDEX ON ${scene.name(table)} (${column.name} ${scene.fresh(['oc1', 'oc2'])});`
  );
}

function attachIndex(scene: Scene): string | undefined {
  const [parent, child] = [scene.any(scene.catalog.indexes), scene.any(scene.catalog.indexes)];
  return parent && child && `ALTER INDEX ${scene.name(parent)} ATTACH PARTITION ${scene.name(child)};`;
}

function foreignTable(scene: Scene): string {
  const name = scene.fresh(['ft1', 'ft2']);
  const domain = scene.any(scene.catalog.types.filter(({ kind }) => kind === 'd' || kind === 'e'));
  const type = domain === undefined ? 'int' : scene.pick(['int', scene.name(domain)]);
  return scene.pick([
    `CREATE FOREIGN TABLE ${name} (id ${type}, n int) SERVER sv1;`,
    `CREATE FOREIGN TABLE ${name} (id ${type}, n int) SERVER sv1;`,
    `ALTER FOREIGN TABLE ${name} ADD COLUMN x ${type};`,
    `CREATE OR REPLACE VIEW ${scene.fresh(['v1', 'v2'])} AS SELECT id, n, 'f'::text AS t FROM ${name};`,
    `DROP FOREIGN TABLE ${name}${scene.maybe(0.4, ' CASCADE')};`,
    `GRANT SELECT ON ${name} TO ${scene.pick(ROLES)};`,
    `COMMENT ON FOREIGN TABLE ${name} IS ${scene.word()};`,
    'DROP SERVER sv1 CASCADE;',
  ]);
}
