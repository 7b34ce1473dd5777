-- CREATE FUNCTION checks the body of an SQL function: what it names must be there.
-- file 1
CREATE TABLE t1 (id int, n int);

CREATE FUNCTION f1(a int) RETURNS int LANGUAGE sql AS $$ SELECT a + 1 $$;

CREATE FUNCTION f2(a int) RETURNS bigint LANGUAGE sql AS $$ UPDATE t1 SET n = 1; SELECT count(*) + f1(a) FROM t1 $$;
