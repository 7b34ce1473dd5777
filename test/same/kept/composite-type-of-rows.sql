-- A composite type holds rows of a table.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE DOMAIN dm AS int CHECK (d1(VALUE) > 0);

CREATE TABLE t1 (a dm, b int);

CREATE TYPE ct AS (x t1, y int);

CREATE TABLE t2 (r ct);

INSERT INTO t2 VALUES ('("(1,2)",3)');

ALTER SEQUENCE z1 RESTART;
