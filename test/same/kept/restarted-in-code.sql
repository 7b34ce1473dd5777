-- TRUNCATE in code sets the sequences of its tables back, too.
-- file 1
CREATE TABLE t1 (id serial, n int);

CREATE FUNCTION f1() RETURNS void LANGUAGE plpgsql AS $$ BEGIN TRUNCATE t1 RESTART IDENTITY; END $$;

SELECT nextval('t1_id_seq');

SELECT f1();

SELECT nextval('t1_id_seq');
