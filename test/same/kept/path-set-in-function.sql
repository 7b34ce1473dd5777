-- A function changes the search_path of what follows in its session.
-- file 1
CREATE SCHEMA s;

CREATE TABLE public.t (a int);

CREATE TABLE s.t (a int);

CREATE FUNCTION public.go() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 's, public', false); END $$;

INSERT INTO t VALUES (1);

SELECT go();

INSERT INTO t VALUES (2);

CREATE TABLE u (a int);

INSERT INTO t VALUES (3);
