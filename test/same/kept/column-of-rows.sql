-- A column holds rows of a table, with a domain in them.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE DOMAIN dm AS int CHECK (d1(VALUE) > 0);

CREATE TABLE t1 (a dm, b int);

CREATE TABLE t2 (r t1, rs t1[]);

INSERT INTO t2 VALUES (ROW(1, 2), NULL);

ALTER SEQUENCE z1 RESTART;
