-- LIKE copies an index, whose functions must be immutable
-- file 1
CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 + 1; END $$;

CREATE TABLE a (n int);

CREATE INDEX ON a (f(n));

CREATE TABLE b (LIKE a INCLUDING INDEXES);

ALTER FUNCTION f(int) VOLATILE;
