-- The collation of a variable is looked up when the function is made.
-- file 1
CREATE COLLATION c1 (provider = libc, locale = 'C');

CREATE FUNCTION d3() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x text COLLATE c1; BEGIN RETURN 1; END $$;

DROP COLLATION c1;
