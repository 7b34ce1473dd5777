-- Rows of heirs are written anew, too.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE TABLE p1 (id int, n int);

CREATE TABLE c1 (CHECK (d1(n) > 0)) INHERITS (p1);

INSERT INTO c1 VALUES (1, 1), (2, 2);

CREATE INDEX ON c1 (d1(n));

ALTER TABLE p1 ADD COLUMN x serial;

ALTER SEQUENCE z1 RESTART;
