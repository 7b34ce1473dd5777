-- ATTACH builds the index that the partition has not got.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE p1 (id int, n int) PARTITION BY LIST (id);

CREATE TABLE c1 (id int, n int);

INSERT INTO c1 VALUES (1, 1), (2, 2);

CREATE INDEX ON p1 (d1(n));

ALTER TABLE p1 ATTACH PARTITION c1 DEFAULT;

ALTER SEQUENCE z1 RESTART;
