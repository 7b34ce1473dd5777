import { CATCHING } from './functions.js';
import { numbers, type Scene } from './scene.js';
import type { Family } from './maker.js';

/** Triggers and their functions. What they may know of rows is in scene.ts. */
export const triggers: Family = [
  { weight: 4, make: triggerFunction },
  { weight: 5, make: trigger },
  { weight: 1, make: transitionTrigger },
  { weight: 1, make: constraintTrigger },
  { weight: 1, make: insteadTrigger },
  { weight: 1, make: switchTrigger },
  { weight: 0.6, make: dropTrigger },
];

const FUNCTIONS = ['g1', 'g2', 'g3'];

function triggerFunction(scene: Scene): string | undefined {
  // What a function does may depend on the rows that are there still: not while several of them change.
  const more = scene.traits.triggersOfInserts ? [calls, calls] : [];
  const action = scene.pick([logs, logs, counts, draws, changes, ...more])(scene);
  const pause = scene.maybe(0.3, `PERFORM pg_sleep(${scene.delay()}); `);
  const path = scene.maybe(0.1, ` SET search_path = ${scene.pick(scene.catalog.schemas)}`);
  return (
    action &&
    `CREATE ${scene.maybe(0.7, 'OR REPLACE ')}FUNCTION ${scene.fresh(FUNCTIONS)}() RETURNS trigger LANGUAGE plpgsql${path} AS $$
BEGIN ${pause}${action} RETURN coalesce(NEW, OLD); END $$;`
  );
}

function logs(scene: Scene): string | undefined {
  const log = scene.writable();
  const [number] = log === undefined ? [] : numbers(log);
  if (log === undefined || number === undefined) return undefined;
  const value = scene.traits.triggersOfInserts ? scene.pick(['7', 'NEW.n', 'NEW.id']) : '7';
  return `INSERT INTO ${scene.name(log)} (${number.name}) VALUES (${value});`;
}

/** How many there are by now: the sum of a table's rows. */
function counts(scene: Scene): string | undefined {
  const log = scene.table();
  const of = scene.readable();
  const [number] = log === undefined ? [] : numbers(log);
  if (log === undefined || of === undefined || number === undefined) return undefined;
  return `INSERT INTO ${scene.name(log)} (${number.name}) SELECT count(*) FROM ${scene.name(of)};`;
}

function draws(scene: Scene): string | undefined {
  const sequence = scene.sequence();
  if (sequence === undefined) return undefined;
  const draw = `nextval('${scene.name(sequence)}')`;
  return scene.traits.triggersOfInserts ? `NEW.n := ${draw};` : `PERFORM ${draw};`;
}

function changes(scene: Scene): string | undefined {
  const table = scene.table();
  const [number] = table === undefined ? [] : numbers(table).slice(1);
  if (table === undefined || number === undefined) return undefined;
  return `UPDATE ${scene.name(table)} SET ${number.name} = ${number.name} + 1;`;
}

function calls(scene: Scene): string | undefined {
  const routine = scene.intFunction();
  return routine && `PERFORM ${scene.name(routine)}(1);`;
}

function ofTrigger(scene: Scene): string | undefined {
  const routine = scene.any(scene.catalog.routines.filter(({ result }) => result === 'trigger'));
  return routine && scene.name(routine);
}

function events(scene: Scene): string {
  return scene.traits.triggersOfInserts
    ? 'INSERT'
    : scene.pick(['INSERT', 'UPDATE', 'DELETE', 'INSERT OR DELETE', 'INSERT OR UPDATE']);
}

const NAMES = ['tg1', 'tg2'];

function trigger(scene: Scene): string | undefined {
  const on = scene.table();
  const routine = ofTrigger(scene);
  if (on === undefined || routine === undefined) return undefined;
  const when = scene.pick(['BEFORE', 'AFTER', 'AFTER']);
  const event = events(scene);
  const [number] = numbers(on);
  const condition =
    event === 'INSERT' && number !== undefined ? scene.maybe(0.25, ` WHEN (NEW.${number.name} > 2)`) : '';
  const level = scene.chance(0.7) ? `FOR EACH ROW${condition}` : 'FOR EACH STATEMENT';
  const replace = scene.maybe(0.3, 'OR REPLACE ');
  return `CREATE ${replace}TRIGGER ${scene.pick(NAMES)} ${when} ${event} ON ${scene.name(on)} ${level} EXECUTE FUNCTION ${routine}();`;
}

function transitionTrigger(scene: Scene): string | undefined {
  const on = scene.relation('r');
  const routine = ofTrigger(scene);
  if (on === undefined || routine === undefined) return undefined;
  return `CREATE TRIGGER ${scene.pick(NAMES)} AFTER INSERT ON ${scene.name(on)} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ${routine}();`;
}

function constraintTrigger(scene: Scene): string | undefined {
  const on = scene.relation('r');
  const routine = ofTrigger(scene);
  if (on === undefined || routine === undefined) return undefined;
  return `CREATE CONSTRAINT TRIGGER ${scene.pick(NAMES)} AFTER INSERT ON ${scene.name(on)} ${scene.pick(['', 'DEFERRABLE INITIALLY DEFERRED '])}FOR EACH ROW EXECUTE FUNCTION ${routine}();`;
}

function insteadTrigger(scene: Scene): string | undefined {
  const on = scene.relation('v');
  const routine = ofTrigger(scene);
  if (on === undefined || routine === undefined) return undefined;
  return `CREATE TRIGGER ${scene.pick(NAMES)} INSTEAD OF INSERT ON ${scene.name(on)} FOR EACH ROW EXECUTE FUNCTION ${routine}();`;
}

function switchTrigger(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.triggers);
  if (one === undefined) return undefined;
  const what = scene.pick([one.name, one.name, 'ALL', 'USER']);
  return `ALTER TABLE ${scene.name(one.table)} ${scene.pick(['DISABLE', 'ENABLE', 'ENABLE ALWAYS', 'ENABLE REPLICA'])} TRIGGER ${what};`;
}

function dropTrigger(scene: Scene): string | undefined {
  const one = scene.any(scene.catalog.triggers);
  if (one === undefined) return undefined;
  const rename = `ALTER TRIGGER ${one.name} ON ${scene.name(one.table)} RENAME TO ${scene.pick(NAMES)};`;
  return scene.chance(0.3) ? rename : `DROP TRIGGER ${one.name} ON ${scene.name(one.table)};`;
}

/** They fire for statements that say nothing of rows. */
export const eventTriggers: Family = [
  { weight: 2, make: eventFunction },
  { weight: 3, make: eventTrigger },
  { weight: 0.5, make: (scene) => `ALTER EVENT TRIGGER ev1 ${scene.pick(['DISABLE', 'ENABLE'])};` },
  { weight: 0.5, make: () => 'DROP EVENT TRIGGER ev1;' },
];

function eventFunction(scene: Scene): string | undefined {
  const log = scene.table();
  const [number] = log === undefined ? [] : numbers(log);
  const sequence = scene.sequence();
  if (log === undefined || number === undefined) return undefined;
  const value = sequence === undefined ? '8' : `nextval('${scene.name(sequence)}')`;
  // Which table a name means may change with each definition, and PL/pgSQL keeps its plans.
  return `CREATE OR REPLACE FUNCTION ${scene.fresh(['ev1'])}() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO ${log.schema}.${log.name} (${number.name}) VALUES (${value}); ${CATCHING} END $$;`;
}

function eventTrigger(scene: Scene): string | undefined {
  const routine = scene.any(scene.catalog.routines.filter(({ result }) => result === 'event_trigger'));
  const when = scene.pick(['', " WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX')"]);
  return (
    routine && `CREATE EVENT TRIGGER ev1 ON ddl_command_end${when} EXECUTE FUNCTION ${scene.name(routine)}();`
  );
}
