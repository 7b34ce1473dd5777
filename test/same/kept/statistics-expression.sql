-- ANALYZE evaluates the expressions of extended statistics.
-- file 1
CREATE TABLE seen (n int);

CREATE TABLE facts (a int, b int);

INSERT INTO facts SELECT i, i FROM generate_series(1, 20) i;

CREATE TABLE limits (n int);

INSERT INTO limits VALUES (1);

CREATE FUNCTION above(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN a / (SELECT max(n) FROM public.limits); END $$;

CREATE STATISTICS facts_above (mcv) ON above(a), b FROM facts;

ANALYZE facts;

UPDATE limits SET n = 0;
