-- A body in SQL is looked at when it is made: the operator must be there.
-- file 1
CREATE FUNCTION o1(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT b + a + 1 $$;

CREATE OPERATOR #+# (LEFTARG = int, RIGHTARG = int, FUNCTION = public.o1);

CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS $$ SELECT 3 OPERATOR(public.#+#) 4 $$;

CREATE VIEW v1 AS SELECT 1 #+# 2 AS n;
