-- Only the one table loses its check; those that inherit it keep it.
-- file 1
CREATE TABLE z1 (n int);

CREATE FUNCTION f1(v int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO z1 VALUES (v); RETURN true; END $$;

CREATE TABLE p1 (id int CONSTRAINT k CHECK (f1(id)));

CREATE TABLE c1 () INHERITS (p1);

ALTER TABLE ONLY p1 DROP CONSTRAINT k;

INSERT INTO c1 VALUES (1);

DELETE FROM z1;
