-- What an object rested on is free once it is gone: a function.
-- file 1
CREATE TABLE t (a int);

CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END;

DROP FUNCTION f();

ALTER TABLE t ALTER a TYPE bigint;
