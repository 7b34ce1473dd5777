-- A constraint's index is built of the rows that are there.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE p1 (id int, n int);

INSERT INTO p1 VALUES (1, 1), (2, 2);

ALTER TABLE p1 ADD CONSTRAINT ex EXCLUDE USING btree (d1(n) WITH =);

ALTER SEQUENCE z1 RESTART;
