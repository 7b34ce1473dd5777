import { inARow, type Family } from './maker.js';
import type { Scene } from './scene.js';

/**
 * How data alone are loaded: triggers that do not fire and foreign keys that are not looked after, until it may be otherwise; and
 * tables that are not the scripts' own affair, of another server or with types of an extension.
 */
export const loads: Family = [
  { weight: 3, make: silenced },
  { weight: 3, make: inReplica },
  { weight: 1, make: foreignTable },
  { weight: 0.5, make: typeOfAnExtension },
];

const TABLES = [
  'CREATE TABLE public.l1 (id int PRIMARY KEY);',
  'INSERT INTO public.l1 SELECT generate_series(1, 6);',
  'CREATE TABLE public.l2 (id int, m int REFERENCES public.l1 ON DELETE CASCADE);',
  'CREATE TABLE public.l3 (n int);',
  'CREATE FUNCTION public.lf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.l3 VALUES (1); RETURN NULL; END $$;',
];

function silenced(scene: Scene): string {
  return inARow(
    ...TABLES,
    `ALTER TABLE ${either(scene)} DISABLE TRIGGER ALL;`,
    change(scene),
    change(scene),
    wakens(scene),
    change(scene),
    change(scene),
    `ALTER TABLE ${either(scene)} ENABLE TRIGGER ${scene.pick(['ALL', 'USER'])};`,
    change(scene),
  );
}

function either(scene: Scene): string {
  return scene.pick(['public.l1', 'public.l2', 'public.l2']);
}

function inReplica(scene: Scene): string {
  return inARow(
    ...TABLES,
    scene.pick([
      'ANALYZE public.l1;',
      'CREATE TRIGGER lt AFTER INSERT ON public.l2 FOR EACH ROW EXECUTE FUNCTION public.lf();',
    ]),
    'SET session_replication_role = replica;',
    change(scene),
    change(scene),
    scene.pick([
      'SET session_replication_role = origin;',
      'SET session_replication_role = local;',
      'RESET session_replication_role;',
      "SELECT set_config('session_replication_role', 'origin', false);",
      wakens(scene),
    ]),
    change(scene),
    change(scene),
  );
}

/** One row, or none; what is refused is left out. */
function change(scene: Scene): string {
  const number = scene.number();
  return scene.pick([
    `INSERT INTO public.l1 VALUES (${6 + number});`,
    `INSERT INTO public.l2 VALUES (${scene.number()}, ${number});`,
    `INSERT INTO public.l2 VALUES (${scene.number()}, ${number});`,
    `DELETE FROM public.l1 WHERE id = ${number};`,
    `UPDATE public.l1 SET id = ${12 + scene.number()} WHERE id = ${number};`,
  ]);
}

/** Behind it a trigger may fire that did not. */
function wakens(scene: Scene): string {
  return scene.pick([
    'CREATE TRIGGER lt AFTER INSERT ON public.l2 FOR EACH ROW EXECUTE FUNCTION public.lf();',
    'ALTER TABLE public.l2 ADD FOREIGN KEY (id) REFERENCES public.l1;',
    'CREATE TABLE public.l4 (id int REFERENCES public.l1);',
    'CREATE TABLE public.l4 () INHERITS (public.l2);',
    'ALTER TABLE public.l2 ALTER COLUMN m TYPE bigint;',
    'ALTER TABLE public.l2 ENABLE ALWAYS TRIGGER lt;',
    'ALTER TABLE public.l2 ENABLE REPLICA TRIGGER lt;',
    'ALTER TABLE public.l2 DISABLE TRIGGER USER;',
  ]);
}

/** Without a handler: it may be made and changed, not read. */
function foreignTable(scene: Scene): string {
  return inARow(
    'CREATE FOREIGN DATA WRAPPER lw;',
    'CREATE SERVER ls FOREIGN DATA WRAPPER lw;',
    'CREATE FOREIGN TABLE public.lo (id int) SERVER ls;',
    scene.pick([
      'ALTER FOREIGN TABLE public.lo ADD COLUMN n int;',
      "COMMENT ON FOREIGN TABLE public.lo IS 'one';",
      'CREATE VIEW public.lv AS SELECT id FROM public.lo;',
      "ALTER SERVER ls OPTIONS (ADD host 'one');",
    ]),
    scene.pick([
      'DROP FOREIGN TABLE public.lo;',
      'DROP SERVER ls CASCADE;',
      'ALTER FOREIGN TABLE public.lo RENAME TO lo2;',
      'DROP FOREIGN DATA WRAPPER lw CASCADE;',
    ]),
  );
}

function typeOfAnExtension(scene: Scene): string {
  return inARow(
    'CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;',
    'CREATE TABLE public.lc (c public.citext UNIQUE);',
    `INSERT INTO public.lc VALUES (${scene.word()});`,
    `INSERT INTO public.lc SELECT upper(${scene.word()}) WHERE NOT EXISTS (SELECT FROM public.lc WHERE c = ${scene.word()});`,
    scene.pick([
      'DROP EXTENSION citext CASCADE;',
      'CREATE INDEX ON public.lc (lower(c));',
      'DROP TABLE public.lc;',
    ]),
  );
}
