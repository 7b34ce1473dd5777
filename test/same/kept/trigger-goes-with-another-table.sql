-- A constraint trigger is dropped with the table that stands behind FROM, also one that is read from the server, behind a barrier.
-- file 1
CREATE TABLE t1 (id int);

CREATE TABLE t2 (id int);

CREATE TABLE t3 (id int);

CREATE FUNCTION g1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t3 VALUES (1); RETURN NULL; END $$;

CREATE CONSTRAINT TRIGGER c1 AFTER INSERT ON t1 FROM t2 FOR EACH ROW EXECUTE FUNCTION g1();

DO $$ BEGIN EXECUTE 'CREATE TABLE t4 (id int)'; END $$;

INSERT INTO t1 VALUES (1);

DROP TABLE t2;

INSERT INTO t1 VALUES (2);

CREATE CONSTRAINT TRIGGER c1 AFTER INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION g1();
