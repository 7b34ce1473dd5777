-- A table that inherits no longer keeps the checks that it had from the other.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1(v int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (v); RETURN true; END $$;

CREATE TABLE p1 (id int CHECK (f1(id)));

CREATE TABLE c1 () INHERITS (p1);

ALTER TABLE c1 NO INHERIT p1;

INSERT INTO c1 VALUES (1);

DELETE FROM z1;
