-- Rows of a typed table, and of what is made of it, have the domains of its type.
-- file 1
CREATE SEQUENCE public.q2;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.q2'); END $$;

CREATE DOMAIN public.dm1 AS int CHECK (d1(VALUE) > 0);

CREATE TYPE public.ct4 AS (x public.dm1, y int);

CREATE TABLE t1 OF public.ct4;

CREATE TABLE n1 (a bigint);

SELECT json_populate_record(NULL::t1, '{"x": 3}');

INSERT INTO n1 SELECT nextval('q2');

CREATE TABLE t2 AS SELECT x, y FROM t1;

SELECT json_populate_record(NULL::t2, '{"x": 3}');

INSERT INTO n1 SELECT nextval('q2');

CREATE VIEW v1 AS SELECT x FROM t2;

SELECT json_populate_record(NULL::v1, '{"x": 3}');

INSERT INTO n1 SELECT nextval('q2');
