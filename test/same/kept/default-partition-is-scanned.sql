-- A new partition lets the default one be scanned, by the key of their root.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE p1 (id int, n int) PARTITION BY LIST (d1(id));

CREATE TABLE c1 PARTITION OF p1 DEFAULT;

INSERT INTO c1 VALUES (1, 1), (2, 2);

CREATE TABLE c2 PARTITION OF p1 FOR VALUES IN (99);

ALTER SEQUENCE z1 RESTART;
