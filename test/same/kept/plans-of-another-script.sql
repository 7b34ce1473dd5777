-- What a function has planned in one script's session is planned anew in the next one's.
-- file 1
CREATE SCHEMA postgres;

CREATE TABLE public.t (n int);

CREATE FUNCTION public.add() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); END $$;

SELECT add();

-- file 2
CREATE TABLE postgres.t (n int);

-- file 3
SELECT add();
