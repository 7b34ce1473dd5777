-- Only the one table loses its column.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (1); RETURN 1; END $$;

CREATE TABLE p1 (id int, x int DEFAULT f1());

CREATE TABLE c1 () INHERITS (p1);

ALTER TABLE ONLY p1 DROP COLUMN x;

INSERT INTO c1 (id) VALUES (1);

DELETE FROM z1;
