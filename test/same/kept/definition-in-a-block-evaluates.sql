-- The default of a column that a DO block adds is evaluated there, and by what stands behind it.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE t1 (n int);

INSERT INTO t1 VALUES (1);

CREATE FUNCTION f1() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 's1, public', false); RETURN 1; END $$;

DO $$ BEGIN ALTER TABLE public.t1 ADD COLUMN m int DEFAULT f1(); END $$;

CREATE TABLE t2 (n int);

INSERT INTO t2 VALUES (2);
