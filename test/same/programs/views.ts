import { allColumns, numbers, type Scene } from './scene.js';
import type { Relation } from './catalog.js';
import { MATVIEWS, VIEWS, type Family } from './maker.js';

/** Views, materialized views and rules. */
export const views: Family = [
  { weight: 5, make: view },
  { weight: 1, make: viewOfFunction },
  { weight: 0.7, make: (scene) => dropView(scene, 'VIEW', scene.relation('v')) },
  { weight: 0.7, make: viewDefault },
  { weight: 0.6, make: (scene) => renameView(scene, scene.relation('v')) },
  { weight: 2.5, make: matview },
  { weight: 3, make: refresh },
  { weight: 0.4, make: (scene) => dropView(scene, 'MATERIALIZED VIEW', scene.relation('m')) },
  { weight: 0.7, make: matviewIndex },
];

export const rules: Family = [
  { weight: 2, make: alsoRule },
  { weight: 1.2, make: insteadRule },
  { weight: 0.5, make: dropRule },
];

function view(scene: Scene): string | undefined {
  const of = scene.readable();
  if (of === undefined) return undefined;
  const replace = scene.maybe(0.3, 'OR REPLACE ');
  const [number] = numbers(of);
  const where = number === undefined ? '' : scene.maybe(0.4, ` WHERE ${number.name} < 5`);
  const check = scene.maybe(0.2, scene.pick([' WITH CHECK OPTION', ' WITH LOCAL CHECK OPTION']));
  return `CREATE ${replace}VIEW ${scene.fresh(VIEWS)} AS SELECT ${scene.pick(['*', allColumns(of)])} FROM ${scene.name(of)}${where}${check};`;
}

/** The function is called once, whatever there is in the tables. */
function viewOfFunction(scene: Scene): string | undefined {
  const routine = scene.intFunction();
  return (
    routine &&
    `CREATE OR REPLACE VIEW ${scene.fresh(VIEWS)} AS SELECT 1 AS id, ${scene.name(routine)}(1) AS n, 'v'::text AS t;`
  );
}

function dropView(scene: Scene, word: string, of: Relation | undefined): string | undefined {
  return (
    of && `DROP ${word} ${scene.maybe(0.3, 'IF EXISTS ')}${scene.name(of)}${scene.maybe(0.4, ' CASCADE')};`
  );
}

function viewDefault(scene: Scene): string | undefined {
  const of = scene.relation('v');
  const column = of && scene.any(numbers(of));
  const sequence = scene.sequence();
  if (of === undefined || column === undefined) return undefined;
  const value = sequence === undefined ? '7' : `nextval('${scene.name(sequence)}')`;
  return `ALTER VIEW ${scene.name(of)} ALTER COLUMN ${column.name} SET DEFAULT ${value};`;
}

function renameView(scene: Scene, of: Relation | undefined): string | undefined {
  return of && `ALTER VIEW ${scene.name(of)} RENAME TO ${scene.pick(VIEWS)};`;
}

function matview(scene: Scene): string | undefined {
  const of = scene.readable();
  if (of === undefined) return undefined;
  const ifNot = scene.maybe(0.2, 'IF NOT EXISTS ');
  const noData = scene.maybe(0.25, ' WITH NO DATA');
  return `CREATE MATERIALIZED VIEW ${ifNot}${scene.fresh(MATVIEWS)} AS SELECT ${allColumns(of)} FROM ${scene.name(of)}${scene.pause()}${noData};`;
}

function refresh(scene: Scene): string | undefined {
  const of = scene.relation('m');
  const how = scene.pick(['', '', '', 'CONCURRENTLY ']);
  return (
    of &&
    `REFRESH MATERIALIZED VIEW ${how}${scene.name(of)}${scene.maybe(how === '' ? 0.15 : 0, ' WITH NO DATA')};`
  );
}

function matviewIndex(scene: Scene): string | undefined {
  const of = scene.relation('m');
  const [first] = of?.columns ?? [];
  return of && first && `CREATE UNIQUE INDEX ON ${scene.name(of)} (${first.name});`;
}

const RULES = ['r1', 'r2'];

/** Logs what a command does into another table. */
function alsoRule(scene: Scene): string | undefined {
  const on = scene.relation('r', 'r', 'v');
  const log = scene.table();
  const target = log && numbers(log)[0];
  const from = on && numbers(on)[0];
  if (on === undefined || log === undefined || target === undefined || from === undefined || on === log)
    return undefined;
  const event = scene.pick(['INSERT', 'INSERT', 'UPDATE', 'DELETE']);
  const row = event === 'DELETE' ? 'OLD' : 'NEW';
  return `CREATE ${scene.maybe(0.3, 'OR REPLACE ')}RULE ${scene.pick(RULES)} AS ON ${event} TO ${scene.name(on)} DO ALSO
  INSERT INTO ${scene.name(log)} (${target.name}) VALUES (${row}.${from.name});`;
}

function insteadRule(scene: Scene): string | undefined {
  const on = scene.relation('v', 'v', 'r');
  const other = scene.table();
  const target = other && numbers(other)[0];
  const from = on && numbers(on)[0];
  if (on === undefined || other === undefined || target === undefined || from === undefined || on === other)
    return undefined;
  const event = scene.pick(['INSERT', 'UPDATE', 'DELETE']);
  const action =
    event === 'INSERT'
      ? `INSERT INTO ${scene.name(other)} (${target.name}) VALUES (NEW.${from.name})`
      : scene.pick(['NOTHING', `DELETE FROM ${scene.name(other)} WHERE ${target.name} = OLD.${from.name}`]);
  return `CREATE OR REPLACE RULE ${scene.pick(RULES)} AS ON ${event} TO ${scene.name(on)} DO INSTEAD ${action};`;
}

function dropRule(scene: Scene): string | undefined {
  const rule = scene.any(scene.catalog.rules);
  return rule && `DROP RULE ${rule.name} ON ${scene.name(rule.table)};`;
}
