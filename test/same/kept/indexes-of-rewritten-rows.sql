-- ADD COLUMN writes all rows anew, and builds all indexes again.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE t1 (id int, n int);

INSERT INTO t1 VALUES (1, 1), (2, 2);

CREATE INDEX ON t1 (d1(n));

ALTER TABLE t1 ADD COLUMN x serial;

ALTER SEQUENCE z1 RESTART;
