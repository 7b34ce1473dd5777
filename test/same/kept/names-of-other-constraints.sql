-- Checks of domains, keys and constraint triggers have their names in one schema with those that are chosen.
-- file 1
CREATE DOMAIN t1_a AS int CHECK (VALUE > 0);

CREATE TABLE t1 (a int CHECK (a > 0), b int);

CREATE TABLE t2 (a int CONSTRAINT t3_a_check UNIQUE);

CREATE TABLE t3 (a int CHECK (a > 0));

CREATE FUNCTION f4() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

CREATE CONSTRAINT TRIGGER t5_a_check AFTER INSERT ON t2 FOR EACH ROW EXECUTE FUNCTION f4();

CREATE TABLE t5 (a int CHECK (a > 0));
