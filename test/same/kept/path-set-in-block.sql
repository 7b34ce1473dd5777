-- So does a block of code, once by a text that it runs.
-- file 1
CREATE SCHEMA s;

CREATE TABLE public.t (a int);

CREATE TABLE s.t (a int);

DO $$ BEGIN EXECUTE 'SET search_path = s, public'; END $$;

INSERT INTO t VALUES (2);

DO $$ BEGIN SET search_path = public; END $$;

INSERT INTO t VALUES (3);
