-- LIKE takes along the checks that the table inherits.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1(v int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (v); RETURN true; END $$;

CREATE TABLE p1 (id int CHECK (f1(id)));

CREATE TABLE c1 () INHERITS (p1);

CREATE TABLE d1 (LIKE c1 INCLUDING CONSTRAINTS);

INSERT INTO d1 VALUES (1);

DELETE FROM z1;
