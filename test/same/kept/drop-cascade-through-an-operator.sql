-- DROP … CASCADE takes along what an operator of the function's is in.
-- file 1
CREATE FUNCTION f1(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a = b $$;

CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = f1);

CREATE VIEW v1 AS SELECT 1 === 2 AS x;

DROP FUNCTION f1(int, int) CASCADE;

CREATE TABLE v1 (id int);
