-- A function that gives rows of a temporary table ends with its session.
-- file 1
CREATE TEMPORARY TABLE t3 (id int, n int, t text);

CREATE OR REPLACE FUNCTION public.w1(a int) RETURNS SETOF pg_temp.t3 LANGUAGE sql AS $$ SELECT * FROM t3 $$;

REVOKE EXECUTE ON ROUTINE w1(a integer) FROM same_reader;
