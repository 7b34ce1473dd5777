-- A check that a table has of its own, too, stays when the table that it inherits from loses it.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1(v int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (v); RETURN true; END $$;

CREATE TABLE p1 (id int CONSTRAINT k CHECK (f1(id)));

CREATE TABLE c1 (CONSTRAINT k CHECK (f1(id))) INHERITS (p1);

ALTER TABLE p1 DROP CONSTRAINT k;

INSERT INTO c1 VALUES (1);

DELETE FROM z1;
