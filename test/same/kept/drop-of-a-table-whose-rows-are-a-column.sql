-- DROP … CASCADE takes the columns along that hold rows of the table.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE t1 (a int, b int);

CREATE TABLE t2 (r t1, n int DEFAULT d1(1));

CREATE VIEW v2 AS SELECT n FROM t2;

DROP TABLE t1 CASCADE;

INSERT INTO t2 SELECT 7;

ALTER TABLE t2 ADD COLUMN r int;
