-- A trigger that a DO block makes changes the search_path of the session in which it fires.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE t1 (n int);

CREATE FUNCTION f1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 's1, public', false); RETURN NULL; END $$;

DO $$ BEGIN CREATE TRIGGER g1 AFTER INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION f1(); END $$;

INSERT INTO t1 VALUES (1);

CREATE TABLE t2 (n int);

INSERT INTO t2 VALUES (2);
