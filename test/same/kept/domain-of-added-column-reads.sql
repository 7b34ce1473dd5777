-- The check of a domain, run for a new column, reads a sequence that must be there.
-- file 1
CREATE OR REPLACE FUNCTION public.ef(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval('public.eq'); END $$;

CREATE TABLE public.e1 (id int);

CREATE SEQUENCE IF NOT EXISTS public.eq;

CREATE DOMAIN public.ed AS int CHECK (public.ef(VALUE) > 0);

INSERT INTO public.e1 VALUES (2);

ALTER TABLE e1 ADD COLUMN x ed;
