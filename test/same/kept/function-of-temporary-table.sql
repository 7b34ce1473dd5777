-- A function that is bound to a temporary table ends with its session.
-- file 1
CREATE TEMPORARY TABLE t4 (id int, n int, t text);

CREATE TABLE t2 AS SELECT id, n, t FROM pg_temp.t4;

CREATE OR REPLACE FUNCTION public.f3(a int DEFAULT 1) RETURNS int LANGUAGE sql BEGIN ATOMIC INSERT INTO public.t2 (t) VALUES ('one'); SELECT (SELECT count(*)::int FROM pg_temp.t4) + a; END;

CREATE OR REPLACE VIEW public.v3 AS SELECT 1 AS id, public.f3(1) AS n, 'v'::text AS t;
