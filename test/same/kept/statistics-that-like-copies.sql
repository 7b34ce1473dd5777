-- LIKE copies statistics, whose expressions ANALYZE evaluates.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE t1 (id int, n int);

CREATE STATISTICS st1 ON (d1(n)), id FROM t1;

CREATE TABLE t2 (LIKE t1 INCLUDING STATISTICS);

INSERT INTO t2 VALUES (1, 1);

ANALYZE t2;

ALTER SEQUENCE z1 RESTART;
