-- DROP … IF EXISTS of a function that takes other arguments drops nothing: what draws through it still does.
-- file 1
CREATE OR REPLACE FUNCTION public.ef(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval('public.eq'); END $$;
CREATE TABLE public.e1 (id int, g int GENERATED ALWAYS AS (public.ef(id)) STORED);
CREATE SEQUENCE IF NOT EXISTS public.eq;
INSERT INTO public.e1 VALUES (5);
SELECT setval('public.eq', 42);
DROP ROUTINE IF EXISTS ef();
UPDATE public.e1 SET id = id + 1 WHERE (id, g) IN (SELECT id, g FROM public.e1 ORDER BY id, g LIMIT 1);
