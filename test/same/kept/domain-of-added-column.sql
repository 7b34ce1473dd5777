-- Adding a column of a domain checks the domain's expression in each row.
-- file 1
CREATE OR REPLACE FUNCTION public.ef(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval('public.eq'); END $$;

CREATE TABLE public.e1 (id int, g int GENERATED ALWAYS AS (public.ef(id)) STORED);

CREATE DOMAIN public.ed AS int CHECK (public.ef(VALUE) > 0);

CREATE SEQUENCE IF NOT EXISTS public.eq;

INSERT INTO public.e1 VALUES (1);

SELECT setval('public.eq', 42);

ALTER TABLE e1 ADD COLUMN IF NOT EXISTS y ed;
