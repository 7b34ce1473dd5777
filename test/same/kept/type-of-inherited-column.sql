-- A column that gets another type with the table that it inherits from keeps its own default.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (1); RETURN 1; END $$;

CREATE TABLE p1 (id int, x int);

CREATE TABLE c1 (x int DEFAULT f1()) INHERITS (p1);

ALTER TABLE p1 ALTER COLUMN x TYPE bigint;

INSERT INTO c1 (id) VALUES (1);

DELETE FROM z1;
