-- A function that is bound to a temporary table ends with the session, unless it is replaced before.
-- file 1
CREATE TEMPORARY TABLE t1 (id int);

CREATE FUNCTION public.f3(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT (SELECT count(*)::int FROM t1) + a; END;

CREATE TABLE t2 (id int DEFAULT public.f3(1));

CREATE OR REPLACE FUNCTION public.f3(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; END;
