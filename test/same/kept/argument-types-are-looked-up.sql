-- COMMENT finds a function by the types of its arguments, whatever these are called then.
-- file 1
CREATE TYPE range1 AS RANGE (SUBTYPE = numeric);

CREATE TABLE t1 (id int);

CREATE FUNCTION y2(v range1) RETURNS int LANGUAGE sql AS $$ SELECT max(id) FROM t1 $$;

COMMENT ON FUNCTION y2(v range1) IS 'two';

ALTER TYPE range1 RENAME TO ra2;

CREATE TYPE k1 AS (a int);

CREATE FUNCTION o1(a int, b k1) RETURNS int LANGUAGE sql AS $$ SELECT a $$;

CREATE AGGREGATE ag1 (k1) (SFUNC = o1, STYPE = int);

ALTER TYPE k1 RENAME TO k2;
