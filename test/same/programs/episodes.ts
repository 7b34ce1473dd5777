import { APART, type Scene } from './scene.js';
import { integersBy } from './alterations.js';
import { inARow, type Family } from './maker.js';
import { ROLES } from '../roles.js';

/**
 * Several statements in a row, which chance alone hardly ever brings together: something is reached by one way only (a policy,
 * an index's expression, a key), and the next statement changes it. Each shows one rule of the order.
 *
 * What is reached is mostly a sequence: `ef` draws from it, and behind the statement that calls `ef` it is set. It says that it
 * is immutable, so that it may stand anywhere.
 */
export const episodes: Family = [
  { weight: 1, make: (scene) => drawn(scene, 'CREATE TABLE public.e1 (id int CHECK (public.ef(id) > 0));') },
  {
    weight: 1,
    make: (scene) =>
      drawn(scene, 'CREATE TABLE public.e1 (id int, g int GENERATED ALWAYS AS (public.ef(id)) STORED);'),
  },
  { weight: 1, make: indexed },
  {
    weight: 1,
    make: (scene) =>
      drawn(
        scene,
        'CREATE DOMAIN public.ed AS int CHECK (public.ef(VALUE) > 0);',
        'CREATE TABLE public.e1 (id public.ed);',
      ),
  },
  {
    weight: 1,
    make: (scene) =>
      drawn(
        scene,
        'CREATE TABLE public.e1 (id int);',
        'CREATE TABLE public.e2 (id int);',
        'CREATE RULE er AS ON INSERT TO public.e1 DO ALSO INSERT INTO public.e2 VALUES (public.ef((SELECT 1)));',
      ),
  },
  {
    weight: 1,
    make: (scene) =>
      drawn(
        scene,
        'CREATE TABLE public.e1 (id int);',
        'CREATE FUNCTION public.eg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;',
        'CREATE TRIGGER et BEFORE INSERT ON public.e1 FOR EACH ROW WHEN (public.ef(NEW.id) > 0) EXECUTE FUNCTION public.eg();',
      ),
  },
  { weight: 1, make: operator },
  { weight: 1, make: policy },
  { weight: 1, make: parentFirst },
  { weight: 1, make: cascade },
  { weight: 1, make: cascadeFromPartition },
  { weight: 1, make: refused },
  { weight: 1, make: uniqueByThen },
  { weight: 1, make: comments },
  { weight: 1, make: indexedPartition },
  { weight: 1, make: likeAll },
  { weight: 1, make: compared },
];

const DRAWS = [
  'CREATE SEQUENCE IF NOT EXISTS public.eq;',
  "CREATE OR REPLACE FUNCTION public.ef(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval('public.eq'); END $$;",
];

function set(scene: Scene): string {
  return `SELECT setval('public.eq', ${40 + scene.number()});`;
}

/** A row of `e1` draws. */
function drawn(scene: Scene, ...made: readonly string[]): string {
  return inARow(...DRAWS, ...made, `INSERT INTO public.e1 VALUES (${scene.number()});`, set(scene));
}

/** A table of its own: an index that is built evaluates its expression for some rows that are deleted, too. */
function indexed(scene: Scene): string {
  return inARow(
    ...DRAWS,
    `CREATE TABLE public.${APART} (id int);`,
    `CREATE INDEX ei ON public.${APART} (public.ef(id));`,
    `INSERT INTO public.${APART} VALUES (${scene.number()});`,
    set(scene),
  );
}

/** Rows of an index are compared by a function that draws: how often is the index's own affair. */
function compared(scene: Scene): string {
  return inARow(
    ...DRAWS,
    'CREATE FUNCTION public.ec(a int, b int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.ef(a); RETURN a - b; END $$;',
    integersBy('public.ek', 'public.ec'),
    `CREATE TABLE public.${APART} (id int);`,
    `CREATE INDEX ON public.${APART} (id public.ek);`,
    ...[3, 1, 2].map((id) => `INSERT INTO public.${APART} VALUES (${id});`),
    set(scene),
  );
}

function operator(scene: Scene): string {
  return inARow(
    ...DRAWS,
    'CREATE OPERATOR public.!# (RIGHTARG = int, FUNCTION = public.ef);',
    `SELECT OPERATOR(public.!#) ${scene.number()};`,
    set(scene),
  );
}

/** Superusers are above policies. */
function policy(scene: Scene): string {
  const role = scene.pick(ROLES);
  return inARow(
    ...DRAWS,
    'CREATE TABLE public.e1 (id int);',
    'INSERT INTO public.e1 VALUES (1);',
    'CREATE POLICY ep ON public.e1 USING (public.ef(id) > 0);',
    'ALTER TABLE public.e1 ENABLE ROW LEVEL SECURITY;',
    `GRANT ALL ON public.e1 TO ${role};`,
    `GRANT ALL ON SEQUENCE public.eq TO ${role};`,
    `SET ROLE ${role};`,
    'SELECT count(*) FROM public.e1;',
    'RESET ROLE;',
    set(scene),
  );
}

const FAMILY = (action: string): readonly string[] => [
  'CREATE TABLE public.e1 (id int PRIMARY KEY);',
  `CREATE TABLE public.e2 (id int REFERENCES public.e1${action});`,
];

function parentFirst(scene: Scene): string {
  const key = scene.number();
  return inARow(
    ...FAMILY(''),
    `INSERT INTO public.e1 VALUES (${key});`,
    `INSERT INTO public.e2 VALUES (${key});`,
  );
}

/** Rows of the child go with those of its parent. */
function cascade(): string {
  return inARow(...FAMILY(' ON DELETE CASCADE'), ...orphans('public.e1'));
}

function cascadeFromPartition(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int PRIMARY KEY) PARTITION BY RANGE (id);',
    'CREATE TABLE public.e11 PARTITION OF public.e1 FOR VALUES FROM (0) TO (100);',
    'CREATE TABLE public.e2 (id int REFERENCES public.e1 ON DELETE CASCADE);',
    ...orphans('public.e11'),
  );
}

function orphans(parent: string): readonly string[] {
  return [
    'CREATE TABLE public.e3 (n int);',
    'INSERT INTO public.e1 VALUES (1);',
    'INSERT INTO public.e2 VALUES (1);',
    `DELETE FROM ${parent};`,
    'INSERT INTO public.e3 SELECT count(*) FROM public.e2;',
  ];
}

/** Who comes second is refused, and nobody hears of it. */
function refused(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int PRIMARY KEY, t text);',
    `CREATE FUNCTION public.eh(a text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.e1 VALUES (1, a); EXCEPTION WHEN unique_violation THEN NULL; END $$;`,
    "SELECT public.eh('a');",
    "SELECT public.eh('b');",
  );
}

/** Only without what is deleted are keys unique. */
function uniqueByThen(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int);',
    'INSERT INTO public.e1 VALUES (1), (1), (2);',
    'DELETE FROM public.e1 WHERE id = 1;',
    'CREATE UNIQUE INDEX ei ON public.e1 (id);',
  );
}

/** What is between them keeps them from being one job. */
function comments(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int);',
    "COMMENT ON TABLE public.e1 IS 'one';",
    'CREATE TABLE public.e2 (id int);',
    "COMMENT ON TABLE public.e1 IS 'two';",
  );
}

/** The partition's index is named after it. */
function indexedPartition(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int) PARTITION BY RANGE (id);',
    'CREATE TABLE public.e11 PARTITION OF public.e1 FOR VALUES FROM (0) TO (100);',
    'ALTER TABLE public.e11 RENAME TO e12;',
    'CREATE INDEX ON public.e1 (id);',
  );
}

/** Copies the indexes that there are. */
function likeAll(): string {
  return inARow(
    'CREATE TABLE public.e1 (id int);',
    'CREATE TABLE public.e2 (LIKE public.e1 INCLUDING ALL);',
    'CREATE INDEX ON public.e1 (id);',
  );
}
