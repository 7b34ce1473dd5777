import { inARow, type Family } from './maker.js';
import type { Scene } from './scene.js';

/** What scripts do that fill a database from nothing, whatever was there: tables are dropped and made anew, and rows name the rows before them. */
export const anew: Family = [
  { weight: 2, make: dropped },
  { weight: 2, make: asked },
];

/** DROP … CASCADE reaches the tables and the views that depend on the table. */
function dropped(scene: Scene): string {
  return inARow(
    'CREATE TABLE public.e1 (id int PRIMARY KEY, n int);',
    'CREATE TABLE public.e2 (id int, a int REFERENCES public.e1);',
    'CREATE VIEW public.e3 AS SELECT n FROM public.e1;',
    scene.pick([
      'SELECT count(*) FROM public.e2;',
      'INSERT INTO public.e2 (id) VALUES (1);',
      'SELECT * FROM public.e3;',
    ]),
    `DROP TABLE ${scene.maybe(0.5, 'IF EXISTS ')}public.e1 CASCADE;`,
    scene.pick([
      'INSERT INTO public.e2 VALUES (1, 7);',
      'CREATE TABLE public.e3 (n int);',
      'ALTER TABLE public.e2 ADD CONSTRAINT e2_a_fkey CHECK (a > 0);',
    ]),
  );
}

/** Of several that may have drawn, or not, the last is told of. */
function asked(scene: Scene): string {
  const draws = [
    'INSERT INTO public.e1 (n) VALUES (3);',
    'INSERT INTO public.e1 (n) VALUES (3), (4);',
    'INSERT INTO public.e1 VALUES (7, 3);',
    'INSERT INTO public.e1 VALUES (DEFAULT, 3);',
    'INSERT INTO public.e1 (n) SELECT 3;',
    'INSERT INTO public.e1 (n) SELECT 3 WHERE false;',
    "SELECT nextval('public.e1_id_seq');",
    "SELECT nextval('public.e1_id_seq') WHERE false;",
    "SELECT setval('public.e1_id_seq', 70);",
    "SELECT setval('public.e1_id_seq', NULL);",
    'INSERT INTO public.e4 (n) VALUES (3);',
    'CREATE RULE er AS ON INSERT TO public.e1 DO INSTEAD NOTHING;',
  ];
  return inARow(
    'CREATE TABLE public.e1 (id serial, n int);',
    'CREATE TABLE public.e4 (id int GENERATED ALWAYS AS IDENTITY, n int);',
    'CREATE TABLE public.e2 (a bigint);',
    'INSERT INTO public.e1 (n) VALUES (1);',
    ...[1, 2, 3].map(() => scene.pick(draws)),
    scene.pick([
      "INSERT INTO public.e2 VALUES (currval('public.e1_id_seq'));",
      "INSERT INTO public.e2 SELECT currval(pg_get_serial_sequence('public.e1', 'id'));",
      'INSERT INTO public.e2 VALUES (lastval());',
    ]),
  );
}
