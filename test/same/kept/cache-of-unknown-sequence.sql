-- Which sequence gets a CACHE is not known: any may keep numbers for its session.
-- file 1
DO $$ BEGIN EXECUTE 'CREATE TABLE public.t2 (id int, n int, t text)'; END $$;

CREATE SEQUENCE IF NOT EXISTS public.eq;

CREATE OR REPLACE FUNCTION public.ef(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval('public.eq'); END $$;

CREATE TABLE public.e1 (id int, g int GENERATED ALWAYS AS (public.ef(id)) STORED);

ALTER SEQUENCE eq CACHE 3;

-- file 2
INSERT INTO public.e1 VALUES (4);

UPDATE e1 SET id = 1 WHERE (id, g) IN (SELECT id, g FROM e1 ORDER BY id, g LIMIT 1);
